"""The board: who waits, what is due, and what can be done about it."""
