"""Check-up: whether everything is set up, what is amiss, and how to mend it."""
