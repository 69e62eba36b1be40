"""Copies of the database on disk: made while all goes on, opened again, and put back."""
