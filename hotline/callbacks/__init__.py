"""A promise to ring back: what a callback is, how it moves, and which one comes first. Pure."""
