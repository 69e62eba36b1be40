"""What goes to and fro with the carrier: calls as they were reported, texts and how they were read, the outbox."""
