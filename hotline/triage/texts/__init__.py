"""Texts: the text line, what somebody who waits can write, whose language it is, and what no person has written."""
