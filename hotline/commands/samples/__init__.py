"""Sample months for the demo: invented calls, so that a newcomer sees reports that tell something."""
