"""Hotline looks at itself: whether everything that is open has somebody, and whether the clock runs."""
