"""Other systems of the centre's: what they are told, and how they can trust it."""
