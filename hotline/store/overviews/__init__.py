"""What several nouns are asked for at once: one statement each, for whoever decides."""
