"""What the carrier knows of and we don't is taken up from its own lists: nobody who called or wrote is forgotten."""
