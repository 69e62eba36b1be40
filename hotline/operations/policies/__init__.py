"""Whom a policy reaches, before it has to: readable, tried out, and held against the weeks to come."""
