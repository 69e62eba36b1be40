"""What stands on a treatment centre's website: a form on which anybody may ask to be called."""
