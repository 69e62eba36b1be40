"""What free words mean to the flow.

The order is the order of danger: an emergency beats a wish to die, both beat an opt-out, and an opt-out beats
the menu. A keyword counts only as the whole message; "I want to stop" is somebody asking for treatment.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache
from typing import Final

from hotline.model import Language, Line
from hotline.triage.menu import DIGIT_WORDS, LINE_WORDS, MENU, NO_KEY, YES_KEY
from hotline.triage.urgency import Label, classify


class Meaning(StrEnum):
    """What somebody wants from us, as far as a few words tell."""

    EMERGENCY = "emergency"
    SUICIDE = "suicide"
    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"
    HELP = "help"
    ADMISSIONS = "admissions"
    FAMILY = "family"
    PERSON = "person"
    YES = "yes"
    NO = "no"
    GREETING = "greeting"
    THANKS = "thanks"
    UNSURE = "unsure"


CARRIER_STOPS: Final = frozenset(
    {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"}
)
"""The carriers' own keywords: they block the number by themselves when one of these is the whole message."""
CARRIER_STARTS: Final = frozenset({"start", "unstop", "yes"})
"""The same the other way; only somebody who is blocked means that by "yes"."""
STOP_WORDS: Final = CARRIER_STOPS | {"opt out"}
START_WORDS: Final = frozenset({"start", "unstop"})
HELP_WORDS: Final = frozenset({"help", "info"})
GREETINGS: Final = frozenset({"", "hi", "hello", "hey", "menu", "good morning", "good evening", "hi there"})
YES_WORDS: Final = frozenset({"yes", "y", "yeah", "yep", "ok", "okay", "sure", "safe"})
THANKS: Final = frozenset({"thanks", "thank you", "thx", "ty", "ok thanks", "ok thank you", "thanks so much"})
NO_WORDS: Final = frozenset({"no", "n", "nope", "not safe"})

_WORD_OF_LINE: Final = {word: line for line, words in LINE_WORDS.items() for word in words}
_MEANING_OF_LINE: Final = {
    Line.EMERGENCY: Meaning.EMERGENCY,
    Line.ADMISSIONS: Meaning.ADMISSIONS,
    Line.FAMILY: Meaning.FAMILY,
    Line.PERSON: Meaning.PERSON,
}
_KEYWORDS: Final[tuple[tuple[frozenset[str], Meaning], ...]] = (
    (STOP_WORDS, Meaning.OPT_OUT),
    (START_WORDS, Meaning.OPT_IN),
    (HELP_WORDS, Meaning.HELP),
    (GREETINGS, Meaning.GREETING),
    (THANKS, Meaning.THANKS),
    (YES_WORDS, Meaning.YES),
    (NO_WORDS, Meaning.NO),
)
_LONGEST_READ: Final = 4000
"""Characters: more than any joined text message holds; the rest is not read for meaning."""


def plain(words: str) -> str:
    """The words in lower case, without accents, punctuation or doubled spaces."""
    folded = unicodedata.normalize("NFKD", words[:_LONGEST_READ].replace("’", "'"))
    bare = "".join(c for c in folded if not unicodedata.combining(c)).casefold()
    return " ".join(re.sub(r"[^\w]+", " ", bare).replace("_", " ").split())


def key_of(words: str) -> str | None:
    """The menu key that a whole message names: "2", "two", "press 2", "#2"; None if it names none."""
    said = plain(words).removeprefix("press ").removeprefix("number ").removeprefix("option ")
    said = DIGIT_WORDS.get(said, said)
    return said if len(said) == 1 and said.isascii() and said.isdigit() else None


def is_carrier_keyword(words: str) -> bool:
    """Whether the carrier itself answers this text, and blocks or unblocks the number, beside us."""
    return words.strip().casefold() in CARRIER_STOPS | START_WORDS


def unblocks(words: str) -> bool:
    """Whether the carrier lets texts through again on this one, if it had blocked the number."""
    return words.strip().casefold() in CARRIER_STARTS


@lru_cache(maxsize=64)  # one turn asks several times what the same words mean
def read(words: str, language: Language = Language.EN) -> Meaning:
    """The meaning of a text message or a speech transcript; UNSURE when a person had better read it.

    `language` is the one in which we speak with whoever wrote: short words such as digits are read in it.
    """
    said = plain(words)
    urgent = classify(said)
    if urgent is not Label.OTHER:
        return Meaning(urgent.value)
    for keywords, meaning in _KEYWORDS:
        if said in keywords:
            return meaning
    key = key_of(words)
    if key in (YES_KEY, NO_KEY):
        return Meaning.YES if key == YES_KEY else Meaning.NO
    line = MENU.get(key) if key else _WORD_OF_LINE.get(said)
    return _MEANING_OF_LINE[line] if line else Meaning.UNSURE
