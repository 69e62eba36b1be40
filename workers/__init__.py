"""Workers keep promises: they carry out what the outbox holds, and the clock finds what is due."""
