"""The form on which anybody asks to be called."""
