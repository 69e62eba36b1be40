"""Carrying effects out, and finding out about calls of which no news came."""
