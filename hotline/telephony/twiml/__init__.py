"""Our answers: what Twilio says, plays and dials for us."""
