"""Twilio's requests to us: genuine, parsed, answered by one operation each; and kept while there is no database."""
