"""Sending somebody on: who is in the directory, and handing a caller over to them."""
