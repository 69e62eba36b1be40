"""Measurements: our own speed as a ratio to a floor in the same run, and the promises that are times."""
