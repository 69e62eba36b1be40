"""What Hotline keeps of itself: heartbeats, keys, leaps of the clock, what was refused or read back in."""
