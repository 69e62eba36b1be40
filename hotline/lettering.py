"""Letters, as they are compared: without capitals, accents and doubled spaces."""

from __future__ import annotations

import unicodedata
from typing import Final

LONGEST_NAME: Final = 80
"""Letters in the name of a person, or of anything that a centre names."""


def unaccented(text: str) -> str:
    """The same letters without accents; ligatures and wide letters apart."""
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def folded(text: str) -> str:
    """In lower case, and without accents: by which words are compared."""
    return unaccented(text).casefold()


def tidy(name: str) -> str:
    """A name as it is kept: one way of writing each letter, one space between words."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def folded_name(name: str) -> str:
    """A name as it is looked up: whatever its capitals and spaces. Accents tell people apart."""
    return tidy(name).casefold()
