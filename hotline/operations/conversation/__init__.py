"""One turn of a call or a text: what is loaded, what the rules need to know, what they ask for."""
