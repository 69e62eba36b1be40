"""The first lines of a long text, for where it stands among others. What may be danger is never out of sight."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from hotline.model import Language
from hotline.phrases import NONE, Phrases
from hotline.triage.meaning import reading_of
from hotline.triage.urgency import Label

_LONG: Final = 400
"""Letters: what is shorter stands there whole."""
_SHOWN: Final = 240
_LINES: Final = 5
_DANGER: Final = (Label.EMERGENCY, Label.SUICIDE, Label.ASK)


@lru_cache(maxsize=256)  # a board shows the same texts again and again
def first_lines(words: str, language: Language = Language.EN, phrases: Phrases = NONE) -> str | None:
    """What stands for a text until all of it is asked for; None: all of it is to be seen at once.

    It is, where it isn't long, and where the whole of it, or what would be left out, reads as danger, or perhaps does.
    """
    lines = words.splitlines()
    if len(words) < _LONG and len(lines) <= 2 * _LINES:
        return None
    shown = "\n".join(lines[:_LINES])
    if len(shown) > _SHOWN:
        shown = shown[:_SHOWN].rsplit(maxsplit=1)[0]
    left_out = words[len(shown) :]
    if any(reading_of(one, language, phrases).label in _DANGER for one in (words, left_out)):
        return None
    return shown
