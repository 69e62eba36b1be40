"""From a bare machine to a live line."""
