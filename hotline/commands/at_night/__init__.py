"""What whoever is on the night shift asks of a terminal."""
