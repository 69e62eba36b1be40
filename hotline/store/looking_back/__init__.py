"""What is searched over everything that ever was, and whom a record has reached."""
