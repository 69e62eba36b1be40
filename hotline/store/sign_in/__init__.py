"""What is kept of signing in beside the staff themselves: one-time links, passkeys, names elsewhere, and every try."""
