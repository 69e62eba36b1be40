"""What is kept of who is on when, beside the plan: changes, asks, calendars, holes that were told, and who was on."""
