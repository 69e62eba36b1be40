"""A call: the menu, the hold, the dialogue of a callback, the emergency, and calls of ours."""
