"""The choices a caller has, as data: key, words, line.

Key 1 means emergency at every level and is never anything else (prompts: "the rules behind the texts").
4 and 5 are yes and no everywhere, the keys of the Massachusetts 911 Silent Call Procedure.
"""

from __future__ import annotations

from typing import Final

from hotline.model import Line

EMERGENCY_KEY: Final = "1"
YES_KEY: Final = "4"
NO_KEY: Final = "5"

MENU: Final[dict[str, Line]] = {
    "1": Line.EMERGENCY,
    "2": Line.ADMISSIONS,
    "3": Line.FAMILY,
    "0": Line.PERSON,
}

LINE_WORDS: Final[dict[Line, frozenset[str]]] = {
    Line.EMERGENCY: frozenset({"emergency", "urgent"}),
    Line.ADMISSIONS: frozenset({"treatment", "admission", "admissions", "detox", "rehab", "intake"}),
    Line.FAMILY: frozenset({"family", "family support"}),
    Line.PERSON: frozenset(
        {"person", "a person", "human", "operator", "agent", "representative", "someone", "speak to a person"}
    ),
}
"""What somebody may say or write, whole, instead of the key."""

DIGIT_WORDS: Final[dict[str, str]] = {
    "zero": "0",
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
}
"""Read in the session's language only: "um" or "des" are ordinary words elsewhere."""
