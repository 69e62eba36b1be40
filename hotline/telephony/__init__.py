"""Twilio's edge, and the only place that knows it."""
