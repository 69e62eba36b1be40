"""What a policy would do, before it has to: tried out at a moment, and held against the weeks to come."""
