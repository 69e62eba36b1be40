"""Who is awake, and who is next: schedules, escalation policies, escalations. Pure."""
