"""Somebody's own account: how they sign in, and where they are signed in."""
