"""What free words mean: a first, short list of the unmistakable.

The order is the order of danger: an emergency beats a wish to die, both beat an opt-out, and an opt-out beats
the menu. A keyword counts only as the whole message; "I want to stop" is somebody asking for treatment.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import Final

from hotline.model import Line
from hotline.triage.menu import DIGIT_WORDS, LINE_WORDS, MENU, NO_KEY, YES_KEY


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
    UNSURE = "unsure"


# The carriers' own keywords: Twilio blocks or unblocks the number by itself when it sees them.
STOP_WORDS: Final = frozenset(
    {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "opt out"}
)
START_WORDS: Final = frozenset({"start", "unstop"})
HELP_WORDS: Final = frozenset({"help", "info"})
GREETINGS: Final = frozenset({"", "hi", "hello", "hey", "menu", "good morning", "good evening", "hi there"})
YES_WORDS: Final = frozenset({"yes", "y", "yeah", "yep", "ok", "okay", "sure", "safe"})
NO_WORDS: Final = frozenset({"no", "n", "nope", "not safe"})

EMERGENCY_PATTERNS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(overdos\w*|od(ed|ing|'?d)?)\b(?! (class|training|prevention))",
        r"\b(won ?t|wont|will not|can ?t|cant|cannot|not|doesn ?t|does not|isn ?t) "
        r"(be )?(wak\w*|woke\w*|breath\w*|respond\w*)",
        r"\b(no|stopped|barely|hardly|isn ?t|trouble) breathing\b",
        r"\bnot waking\b",
        r"\bcan ?t (get|wake) (him|her|them|my \w+)( to wake)?( up)?\b",
        r"\b(blue|gr[ae]y|purple) (lips|lipped|face|fingers|nails)\b",
        r"\b(lips|face|fingers|nails|hes|shes|he ?s|she ?s|turned|turning|going|is|are) (\w+ )?blue\b",
        r"\bunconscious\b|\bunresponsive\b|\bpassed out and\b",
        r"\b(having|had) a seizure\b|\bseizing\b|\bseizures?\b (now|right)",
        r"\b(gave|used|hit) (him|her|them|me)? ?(with )?(the )?(narcan|naloxone)\b",
        r"\b(took|taken|swallowed) (too (many|much)|(the|a) whole bottle|all (my|his|her|the) (pills|meds))\b",
        r"\b(is|he ?s|she ?s|are|they ?re) dying\b",
        r"\bcall(ing)? 911\b|\bneed (an )?ambulance\b",
    )
)
SUICIDE_PATTERNS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(kill(ing)?|hurt(ing)?|harm(ing)?) (myself|my self|himself|herself|themselves)\b",
        r"\b(want|going|gonna|wanna|ready) (to )?(die|be dead|end it all|end my life)\b",
        r"\bsuicid\w*\b",
        r"\bend(ing)? my life\b",
        r"\bbetter off dead\b",
        r"\bdon ?t want to (be alive|live)( any ?more)?\b",
    )
)

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
    return words.strip().casefold() in STOP_WORDS | START_WORDS


def read(words: str) -> Meaning:
    """The meaning of a text message or a speech transcript; UNSURE when a person had better read it."""
    said = plain(words)
    if any(pattern.search(said) for pattern in EMERGENCY_PATTERNS):
        return Meaning.EMERGENCY
    if any(pattern.search(said) for pattern in SUICIDE_PATTERNS):
        return Meaning.SUICIDE
    for keywords, meaning in _KEYWORDS:
        if said in keywords:
            return meaning
    key = key_of(words)
    if key in (YES_KEY, NO_KEY):
        return Meaning.YES if key == YES_KEY else Meaning.NO
    line = MENU.get(key) if key else _WORD_OF_LINE.get(said)
    return _MEANING_OF_LINE[line] if line else Meaning.UNSURE
