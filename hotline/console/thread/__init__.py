"""One person: what was said to and fro, what happened, and writing to them."""
