"""What is counted of it all, and never a person."""
