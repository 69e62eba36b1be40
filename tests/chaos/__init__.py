"""Chaos: the whole house in real processes, a carrier with faults, people who do anything, and an audit at the end."""
