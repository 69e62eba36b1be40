"""Text messages, and what comes with them."""
