"""Whoever works: whether their phone is theirs and can be rung, when shifts begin and end, and the staff line."""
