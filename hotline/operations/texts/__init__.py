"""People's threads: written to by hand, passed on, redacted."""
