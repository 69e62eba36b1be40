"""Other systems of the centre's, and what they can rely on."""
