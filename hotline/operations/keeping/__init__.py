"""What is kept for how long: copies of the database, and what is removed from it."""
