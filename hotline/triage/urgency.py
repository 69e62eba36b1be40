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

_NOT = r"(won ?t|will not|can ?t|cannot|couldn ?t|unable to|not|doesn ?t|isn ?t|ain ?t|stopped|quit)"
_THEY = r"(he|she|they|(he|she|they|who|it|friend|son|daughter|brother|sister|mom|dad) ?(s|is|are|re|has))"
_IN_WRITING = r"(?! to( \w+)? (texts?|messages?|calls?|e ?mails?|letters?|treatment))"
_OF_OFFICES = r"(?! (contacts?|numbers?|rooms?|line|department|services|shelter|housing|plan|fund))"
EMERGENCY_PATTERNS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(overdos\w*|o ?d(ed|ing|d)?)\b(?! (class|training|prevention|awareness|education|kit|course))",
        rf"\b{_NOT} ((really|even|hardly) )?(be )?(wak\w*|woke\w*|breath\w*|respond\w*|responsive)\b{_IN_WRITING}",
        rf"\b{_NOT} (get|wake) (him|her|them|my \w+)( to wake)?( up)?\b",
        r"\b(no|barely|hardly|trouble|difficulty) breath(e|ing)\b",
        r"\b(blue|gr[ae]y|purple) (lips|lipped|face|fingers|nails)\b",
        rf"\b(lips|face|fingers|nails|turn(ed|ing)|going|{_THEY}) ((are|is|turning|all|going) )*(blue|purple)\b",
        r"\bunconscious\b|\bunresponsive\b|(?<!\bi )\bpassed out\b(?! (flyers|food))",
        rf"\b({_THEY}|just) (collapsed|choking)\b|\bfoaming at\b|\bgurgling\b",
        r"\b(no|(find|feel|get)( an?| his| her)?) pulse\b",
        r"\b(having|had) a seizure\b|\bseizing\b|\bseizures?\b (now|right)|\bhaving a (heart attack|stroke)\b",
        r"\b(gave|used|hit) (him|her|them|me)? ?(with )?(the )?(narcan|naloxone)\b",
        r"\b(narcan|naloxone) (is ?n ?t|not|did ?n ?t|does ?n ?t|did not|does not) (work|help)",
        r"\b(took|taken|swallowed) ((way )?too (many|much)\b(?! (time|days|work|long|money|classes|chances))"
        r"|(the|a) whole bottle|all (my|his|her|the) (pills|meds))",
        rf"\b(i ?m|i am|{_THEY}) dying\b(?! to\b)|\b{_THEY} (going to|gonna) die\b",
        r"\bbleeding out\b|\bstop (the |\w+ )?bleeding\b|\b(so much|lots? of|losing) blood\b",
        r"\b(call(ing|ed)?|dial|need) 911\b|^(911|sos)( (911|now|please|help|emergency))*$|\bsend help\b",
        r"\b(need|send|call|get)( (me|us|him|her))?( (an?|the))? (ambulance|paramedics?)\b",
        rf"\b(this|that|it|have|got|there)( ?s| is)? an? (medical |real )?emergency\b{_OF_OFFICES}",
        rf"^((help|please|hi|hello|hey|stop) )*emergency\b{_OF_OFFICES}",
    )
)
SUICIDE_PATTERNS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(kill(ing)?|hurt(ing)?|harm(ing)?|unalive) (myself|my self|himself|herself|themselves)\b",
        r"\b(wants?|going|gonna|wanna|ready) (to )?(die|be dead|end it all|end my life)\b",
        r"\bsuicid\w*\b|(?<!\d )\bkms\b|\bbetter off dead\b",
        r"\bend(ing)? my life\b|\b(take|taking) (my|his|her|their) own life\b",
        r"\bdon ?t want to (be alive|exist|be here any ?more|live(?! (with|in|at|near|like|on|off)\b))",
        r"\b(no reason|nothing) (left )?to live( for)?\b|\bslit (my|his|her) wrists?\b",
    )
)
_LONG_AGO: Final = re.compile(
    r"\b(overdos\w*|o ?d(ed|d)?)\b( \w+){0,4}?"
    r" ((\w+ )?(years?|months?) ago|last (year|month|spring|summer|fall|winter)|in (19|20)\d\d)\b"
)
"""Of what is long over, nobody has to be woken."""

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


def read(words: str) -> Meaning:
    """The meaning of a text message or a speech transcript; UNSURE when a person had better read it."""
    said = plain(words)
    now = _LONG_AGO.sub(" ", said)
    if any(pattern.search(now) for pattern in EMERGENCY_PATTERNS):
        return Meaning.EMERGENCY
    if any(pattern.search(now) for pattern in SUICIDE_PATTERNS):
        return Meaning.SUICIDE
    for keywords, meaning in _KEYWORDS:
        if said in keywords:
            return meaning
    key = key_of(words)
    if key in (YES_KEY, NO_KEY):
        return Meaning.YES if key == YES_KEY else Meaning.NO
    line = MENU.get(key) if key else _WORD_OF_LINE.get(said)
    return _MEANING_OF_LINE[line] if line else Meaning.UNSURE
