"""Commands that look back: whether the audit trail is whole, and what stands in it."""
