"""The language in which somebody reads the pages: English, as they are written, or another one from its catalogue."""
