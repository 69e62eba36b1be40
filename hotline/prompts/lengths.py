"""How long words take: seconds when said, segments when texted; and what is filled in."""

from __future__ import annotations

import string
from typing import Final

WORDS_PER_MINUTE: Final = 150
"""How fast prompts are taken to be spoken when their length is estimated."""
SEGMENT: Final = 160
"""Septets of a text that is sent in one piece, in GSM 03.38's 7-bit alphabet; the carrier charges by the piece."""
_PART: Final = 153
_WIDE_SEGMENT: Final = 70
_WIDE_PART: Final = 67
"""UTF-16 code units of a piece, alone and among others, once a single letter is outside of that alphabet."""
_GSM7: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM7_ESCAPED: Final = frozenset("\f^{}\\[~]|€")
"""Each of these takes two septets: an escape comes before it."""


def seconds(sentence: str) -> float:
    """About how long a sentence takes to say, at 150 words a minute; a hyphenated 9-1-1 counts as three words."""
    return len(sentence.replace("-", " ").split()) * 60 / WORDS_PER_MINUTE


def segments(text: str) -> int:
    """How many pieces a text is sent in."""
    if beyond_gsm7(text):
        return _pieces([1 if ord(letter) < 0x10000 else 2 for letter in text], _WIDE_SEGMENT, _WIDE_PART)
    return _pieces([2 if letter in _GSM7_ESCAPED else 1 for letter in text], SEGMENT, _PART)


def beyond_gsm7(text: str) -> str:
    """The letters that make a text cost more than twice as many pieces, each once."""
    return "".join(dict.fromkeys(letter for letter in text if letter not in _GSM7 | _GSM7_ESCAPED))


def placeholders(sentence: str) -> frozenset[str]:
    """The names in braces. Raises ValueError if they are anything else than plain names in matching braces."""
    names = set()
    for _, name, form, conversion in string.Formatter().parse(sentence):
        if name is None:
            continue
        if form or conversion or not (name.isascii() and name.isalpha() and name.isupper()):
            raise ValueError("braces hold a plain name in capitals")
        names.add(name)
    return frozenset(names)


def _pieces(sizes: list[int], alone: int, among_others: int) -> int:
    if sum(sizes) <= alone:
        return 1
    pieces, left = 1, among_others
    for size in sizes:
        # A letter that takes two places is never cut in half.
        if size > left:
            pieces, left = pieces + 1, among_others
        left -= size
    return pieces
