"""Staff, telephones and schedules."""
