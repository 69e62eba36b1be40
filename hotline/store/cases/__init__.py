"""What is done for somebody: the contact, its callback and its escalation, whom we paged, what was promised."""
