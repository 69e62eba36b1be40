"""Hotline: a self-hosted voice and text hotline for addiction-treatment centres."""
