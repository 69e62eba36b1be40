"""What a message is about, and how surely: the reading that decides whether a clinician is paged.

Theory of operation
-------------------
A text, or what a recogniser heard, goes through five steps; each is data that can be read and corrected.

1. `reading.words`: one spelling for every way of typing; sentences kept apart.
2. `reading.spelling`: slang written out, slips of the thumb put right, in four languages.
3. `reading.concepts`: which things are spoken of (breathing, blue lips, naloxone, goodbye, a class, a film), from
   `reading/lexicon/*.toml`; figures of speech and denials cover what they only seem to say.
4. `reading.rules`: the phrase grammar of `reading/rules.toml` ("NEG 3 WAKE"), with what holds a rule back: long
   ago, a lesson, a film, a supposition.
5. `reading.opinion`: a small linear model, learned from invented messages, which may raise a message towards
   urgent that no rule knows, and says which line an ordinary message is for. It never lowers and never opts out.

When unsure between urgent and not, it's urgent; when unsure whether it's an opt-out, it isn't. No clock, no
chance, no network: the same words always mean the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hotline.model import Language, Line
from hotline.triage.keywords import Kind, key_of, kind_of
from hotline.triage.menu import MENU
from hotline.triage.reading.concepts import Message, Span, understood
from hotline.triage.reading.opinion import Opinion, opinion
from hotline.triage.reading.rules import Hit, hits


class Label(StrEnum):
    """What a message is about, in the order in which one beats the next."""

    EMERGENCY = "emergency"
    SUICIDE = "suicide"
    OPT_OUT = "opt_out"
    HELP = "help"
    ADMISSIONS = "admissions"
    FAMILY = "family"
    STOP_LIKE = "stop_like_not_optout"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message is about. The reason quotes the message: it is as private as the message is."""

    label: Label
    confidence: float
    """0 to 1; an ordering, not a frequency."""
    reason: str
    """Which words, and what they were taken for."""

    @property
    def urgent(self) -> bool:
        """Whether a clinician must be paged."""
        return self.label in (Label.EMERGENCY, Label.SUICIDE)


_ALARM: Final = 0.32
"""How likely the second opinion must find it that a message is urgent, for it to be so without any rule."""
_ALARM_CALM: Final = 0.65
"""The same where the message says that all is well, denies it, or uses a figure of speech."""
_ALARM_HELD: Final = 0.96
"""The same where a rule was held back: the model sees the words, but not that they are of long ago or of a film."""
_SURE: Final = 0.97
_NOT: Final = frozenset({"not", "no", "never", "nunca", "nao", "pa", "ni", "nem"})
_AGAINST_OPT_OUT: Final = ("STILL_WANT", "OPT_COND", "SIGN", "WEAK", "OUT", "COLOUR", "FLOOR")
"""Whoever asks for fewer messages and tells of a body may need something else than silence."""
_QUIET: Final = (Label.HELP, Label.ADMISSIONS, Label.FAMILY, Label.STOP_LIKE, Label.OTHER)
_OF_LINE: Final = {
    Line.EMERGENCY: Label.EMERGENCY,
    Line.ADMISSIONS: Label.ADMISSIONS,
    Line.FAMILY: Label.FAMILY,
    Line.PERSON: Label.OTHER,
}
_OF_KIND: Final = {
    Kind.STOP: Label.OPT_OUT,
    Kind.START: Label.OTHER,
    Kind.HELP: Label.HELP,
    Kind.YES: Label.OTHER,
    Kind.NO: Label.OTHER,
    Kind.THANKS: Label.OTHER,
    Kind.GREETING: Label.OTHER,
    Kind.EMERGENCY: Label.EMERGENCY,
    Kind.ADMISSIONS: Label.ADMISSIONS,
    Kind.FAMILY: Label.FAMILY,
    Kind.PERSON: Label.OTHER,
}
_OPTIONS: Final = {
    "OPTION1": Label.EMERGENCY,
    "OPTION2": Label.ADMISSIONS,
    "OPTION3": Label.FAMILY,
}


def classify(text: str, language: Language | None = None) -> Reading:
    """What a text message or a speech transcript is about. Never raises, whatever the text is.

    `language` is the one that the sender is likely to write: a hint only, but digit words are read in it alone.
    """
    whole = _as_keyword(text, language or Language.EN)
    if whole is not None:
        return whole
    message = understood(text, language)
    fit, held = hits(message)
    thought = opinion(message)
    urgent = _by_rule(fit, thought) or _by_opinion(message, held, thought)
    return urgent or _opted_out(message) or _chosen(message) or _ordinary(message, thought)


def _as_keyword(text: str, language: Language) -> Reading | None:
    kind = kind_of(text, language)
    if kind is not None:
        return Reading(_OF_KIND[kind], _SURE, f"the whole message is a word for {kind.value}")
    key = key_of(text, language)
    if key is not None:
        label = _OF_LINE[MENU[key]] if key in MENU else Label.OTHER
        return Reading(label, _SURE, f"the whole message is the key {key}")
    return None


def _by_rule(fit: list[Hit], thought: Opinion) -> Reading | None:
    for label in (Label.EMERGENCY, Label.SUICIDE):
        own = [hit for hit in fit if hit.label == label.value]
        if own:
            likely = thought.likely[Label.EMERGENCY] + thought.likely[Label.SUICIDE]
            confidence = min(0.99, 0.75 + 0.2 * likely + 0.02 * len(own))
            return Reading(label, round(confidence, 2), _reasons(own))
    return None


def _reasons(found: Iterable[Hit]) -> str:
    return "; ".join(f"{hit.name}: “{hit.said}”" for hit in list(found)[:3])


def _by_opinion(message: Message, held: list[Hit], thought: Opinion) -> Reading | None:
    likely = thought.likely[Label.EMERGENCY] + thought.likely[Label.SUICIDE]
    calm = any(
        message.has(concept)
        for concept in ("OK", "NEGATED", "IDIOM", "OFFICE", "HARMLESS", "ANIMAL", "BUSINESS")
    )
    if likely < (_ALARM_HELD if held else _ALARM_CALM if calm else _ALARM):
        return None
    label = max((Label.EMERGENCY, Label.SUICIDE), key=lambda one: thought.likely[one])
    return Reading(label, round(likely, 2), _likeness(label, thought))


def _likeness(label: Label, thought: Opinion) -> str:
    said = ", ".join(f"“{feature}”" for feature in thought.because[label]) or "its whole"
    return f"reads like {label.value} by {said}"


def _opted_out(message: Message) -> Reading | None:
    """The end of texts, in any words, where nothing at all speaks against it."""
    asked = message.concepts.get("OPT_OUT", ()) or _bare_stops(message)
    if not asked:
        return None
    said = message.said(asked[0])
    doubt = next((concept for concept in _AGAINST_OPT_OUT if message.has(concept)), None)
    denied = _denied(message, asked[0])
    if doubt is None and denied is None:
        return Reading(Label.OPT_OUT, 0.95, f"wants no more messages: “{said}”")
    against = denied if doubt is None else message.said(message.concepts[doubt][0])
    return Reading(Label.STOP_LIKE, 0.7, f"“{said}”, but “{against}”: not surely an opt-out")


def _denied(message: Message, span: Span) -> str | None:
    """The "not" right before these words, if there is one: "please don't" and "stop texting" are two things."""
    if span.start == 0:
        return None
    before, first = message.words[span.start - 1], message.words[span.start]
    return before.text if before.text in _NOT and before.clause == first.clause else None


def _bare_stops(message: Message) -> tuple[Span, ...]:
    """A stop word as a whole sentence beside one about messages: "Wrong number. STOP"."""
    if not message.has("OPT_TOPIC") or message.has("WANT_STOP") or message.has("SUBSTANCE"):
        return ()
    alone = []
    for span in message.concepts.get("OPT_WORD", ()):
        sentence = message.words[span.start].sentence
        size = sum(word.sentence == sentence for word in message.words)
        if size == span.end - span.start:
            alone.append(span)
    return tuple(alone)


def _chosen(message: Message) -> Reading | None:
    """A menu choice in a few words more than a key: "the second one please"."""
    for concept, label in _OPTIONS.items():
        spans = message.concepts.get(concept, ())
        if spans and _nothing_else(message, spans[0]):
            return Reading(label, 0.9, f"chooses from the menu: “{message.said(spans[0])}”")
    return None


def _nothing_else(message: Message, span: Span) -> bool:
    small = {at for one in message.concepts.get("OPTION", ()) for at in range(one.start, one.end)}
    return all(at in small or span.start <= at < span.end for at in range(len(message.words)))


def _ordinary(message: Message, thought: Opinion) -> Reading:
    able = [label for label in _QUIET if _can_be(label, message)]
    label = max(able, key=lambda one: thought.likely[one])
    whole = sum(thought.likely[one] for one in _QUIET)
    return Reading(label, round(thought.likely[label] / whole, 2), _likeness(label, thought))


def _can_be(label: Label, message: Message) -> bool:
    match label:
        case Label.STOP_LIKE:
            return message.has("STOPWORD")
        case Label.HELP:
            return message.has("WHO")
        case _:
            return True
