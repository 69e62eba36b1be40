"""Whether everything is set up: what was seen, judged, with what it does to callers and how to mend it."""
