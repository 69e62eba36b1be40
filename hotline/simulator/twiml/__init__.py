"""TwiML, read strictly."""
