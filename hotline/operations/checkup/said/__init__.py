"""What is said, as a check-up finds it."""
