"""Chaos: real servers and processes, and what befalls them."""
