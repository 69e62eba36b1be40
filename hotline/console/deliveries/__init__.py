"""What did not arrive."""
