"""What the centre has decided: every setting, every sentence, and who is not put through."""
