"""Looking back: cases that are searched and exported, the audit trail, and whom a record has reached."""
