"""The promise to ring back: made, kept, and what it may cost."""
