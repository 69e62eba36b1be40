"""Letting staff in, and keeping others out, by command."""
