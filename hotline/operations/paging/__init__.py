"""Reaching a human: who is on, whose turn it is, whose phone rings for what."""
