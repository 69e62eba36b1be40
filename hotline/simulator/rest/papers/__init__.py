"""What the account has on paper, as Twilio's other APIs tell it."""
