"""Our requests to Twilio: effects from the outbox, and files that came with texts."""
