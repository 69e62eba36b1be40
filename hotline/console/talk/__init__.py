"""A talk that goes on: what to say in it, and who else hears it."""
