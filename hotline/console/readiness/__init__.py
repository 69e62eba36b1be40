"""Readiness: who could be reached, who could not, and how to mend it."""
