"""Calls: placed, rung, answered, and what a leg does meanwhile."""
