"""What is kept beside the house: copies of the database, what was made of them, and what was removed when."""
