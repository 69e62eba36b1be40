"""Urgent words: a first, short list of the unmistakable.

The order is the order of danger: an emergency beats a wish to die.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final


class Label(StrEnum):
    """What a message is about."""

    EMERGENCY = "emergency"
    SUICIDE = "suicide"
    OTHER = "other"


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


def classify(said: str) -> Label:
    """What plain words are about; OTHER if they aren't urgent."""
    now = _LONG_AGO.sub(" ", said)
    if any(pattern.search(now) for pattern in EMERGENCY_PATTERNS):
        return Label.EMERGENCY
    if any(pattern.search(now) for pattern in SUICIDE_PATTERNS):
        return Label.SUICIDE
    return Label.OTHER
