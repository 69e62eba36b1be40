"""A staff member's telephone: what they hear and press, and how it ended."""
