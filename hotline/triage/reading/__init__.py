"""How a message is read: words, concepts, phrases, and a second opinion; data beside the code, per language."""
