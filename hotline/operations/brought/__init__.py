"""What a centre brings from the system that it had before."""
