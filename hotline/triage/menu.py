"""The choices a caller has, as data: key, words, line.

Key 1 means emergency at every level and is never anything else (prompts: "the rules behind the texts").
4 and 5 are yes and no everywhere, the keys of the Massachusetts 911 Silent Call Procedure.
"""

from __future__ import annotations

from typing import Final

from hotline.model import Language, Line, When
from hotline.prompts.word_lists import all_words, words_of

EMERGENCY_KEY: Final = "1"
YES_KEY: Final = "4"
NO_KEY: Final = "5"

POLICE_KEY: Final = "6"
SOMEBODY_ELSE_KEY: Final = "3"
"""On a call of ours: not the person who asked for it."""

LANGUAGE_KEYS: Final[dict[str, Language]] = {
    "8": Language.ES,
    "9": Language.PT,
    "7": Language.HT,
    "#": Language.EN,
}
"""Good at every question but the one for a telephone number, in the order in which they are offered."""

TIME_KEYS: Final[dict[str, When]] = {"2": When.AFTERNOON, "3": When.EVENING, "6": When.MORNING}

MENU: Final[dict[str, Line]] = {
    "1": Line.EMERGENCY,
    "2": Line.ADMISSIONS,
    "3": Line.FAMILY,
    "0": Line.PERSON,
}

LANGUAGE_WORDS: Final[dict[str, Language]] = {
    word: language for language, words in words_of("choices", "language").items() for word in words
}
"""Without accents, as `meaning.plain` leaves them."""

POLICE_WORDS: Final = frozenset(all_words("choices", "police"))
"""Somebody in an emergency who says one of these is told what the law says."""

ASKING_AFTER: Final = frozenset(all_words("choices", "asks_after"))
"""With nothing but these, somebody asks after whoever has just left the line."""

TIME_WORDS: Final[dict[str, When]] = {
    word: time for time in When for word in all_words("choices", time.value)
}
"""When somebody wants to be rung back, in one word."""
