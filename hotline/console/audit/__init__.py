"""Who looked at what, whether that is whole, and whom a record has reached."""
