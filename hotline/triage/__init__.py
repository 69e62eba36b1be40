"""What we say and ask: pure rules, no clock, no network, no database."""
