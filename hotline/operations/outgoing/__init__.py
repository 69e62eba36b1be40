"""What other systems of the centre's hear of what happens here."""
