"""Copies of the database, and what is removed from it."""
