"""Signing in: who somebody is, from where, and how often it may be tried."""
