"""Searching what ever was, and taking it out of the house."""
