"""The phrase grammar: which concepts, in which order and how near, mean which label; read from `rules.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from hotline.triage.reading.concepts import Span, UnderstoodMessage
from hotline.triage.reading.cries import courtesy
from hotline.triage.reading.words import Word

_NO_LIMIT: Final = 1_000_000
_NEAR_NOW: Final = 10
"""Words: how near a word of now must stand to something to make it of today, in a message that tells of the past."""
_ALL_THE_SAME: Final = 0.6
"""Probability of danger from which what holds a rule back (a lesson, the past, a supposition) explains nothing."""
_STILL: Final = frozenset({"ya", "ja", "deja", "already"})
"""Words of now that are said of what is over as well: "they already came last week"."""
_DENIALS: Final = frozenset({"NEG", "BARELY"})
"""They reach no further than a comma: "can't sleep, waking up sick"."""
_ANSWERS: Final = "RESPOND"
# fmt: off
_ASKS: Final = frozenset((
    "just", "please", "pls", "plz", "only", "instead", "rather", "solo", "solamente", "mejor", "favor", "so", "somente",
    "apenas", "melhor", "jis", "selman", "pito", "tanpri", "souple",
))
"""Between a denial and an answer they begin what is asked of us: "no just answer me here"."""
_CALLS: Final = frozenset((
    "call", "calls", "phone", "llame", "llamen", "llames", "llama", "llamar", "llamada", "llamadas", "ligue", "liguem",
    "liga", "ligar", "ligacao", "rele", "apel",
))
"""What is refused there, in favour of an answer..."""
_EITHER: Final = frozenset(("or", "nor", "and", "o", "ni", "y", "ou", "nem", "e", "oswa"))
"""...unless it is one of two things that somebody doesn't do: "she won't call or answer"."""
# fmt: on
_MOST_PLACES: Final = 60
"""Places of one concept that are tried: more are only in a message made to be slow."""


@dataclass(frozen=True, slots=True)
class SequenceStep:
    """One element of a sequence: any of these concepts, at most `gap` words after the one before."""

    concepts: tuple[str, ...]
    gap: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """Sequences that must all be there, near each other."""

    sequences: tuple[tuple[SequenceStep, ...], ...]
    needs: tuple[frozenset[str], ...]
    """Of each of these sets the message must have one, or the pattern can't be there."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to come to a label."""

    label: str
    name: str
    tells: str
    """What the danger is (see `rules.toml`)."""
    patterns: tuple[Pattern, ...]
    near: int
    past: str
    unless: tuple[str, ...]
    unless_here: tuple[str, ...]
    harmless: tuple[str, ...]
    longest: int
    least: float
    """The probability of danger that the score must find for it to say anything; 0 if it speaks for itself."""
    sure: bool
    """Whether it is so plain that no score is asked."""
    person: bool
    """Whether a person reads it at once where it doesn't page."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that fits, and the words by which it does."""

    label: str
    name: str
    said: str
    start: int
    """The first of the words by which it does, counted from 0."""
    end: int
    """One more than the last of them."""
    least: float = 0
    """The probability of danger beside which it pages; 0 if it does so by itself."""
    sure: bool = False
    """Whether it pages whatever the score finds."""
    person: bool = False
    """Whether a person reads it at once where it doesn't page."""
    tells: str = ""
    """What the danger is: signs, body, taken, harm, by_others, unsaid; empty of any other."""

    @property
    def hint(self) -> bool:
        """Whether it is too weak to page by itself."""
        return self.least > 0


def hits(message: UnderstoodMessage) -> list[Hit]:
    """The rules that fit: not those that would, were it not long ago, a lesson, a film or a supposition."""
    fit: list[Hit] = []
    hinted: set[tuple[str, str]] = set()
    size = sum(word.text not in courtesy() for word in message.words)
    for rule in _rules():
        # One hint that is written as several rules, for what each of them tells, is heard once.
        if size > rule.longest or (rule.label, rule.name) in hinted:
            continue
        spans, least = _best(rule, message)
        if spans is not None:
            if least:
                hinted.add((rule.label, rule.name))
            said = ", ".join(dict.fromkeys(message.said(span) for span in spans))
            end = max(span.end for span in spans)
            start = min(span.start for span in spans)
            free = least == rule.least
            fit.append(
                Hit(
                    rule.label,
                    rule.name,
                    said,
                    start,
                    end,
                    least,
                    free and rule.sure,
                    free and rule.person,
                    rule.tells,
                )
            )
    return fit


def _best(rule: Rule, message: UnderstoodMessage) -> tuple[tuple[Span, ...] | None, float]:
    """Where the rule fits and nothing holds it back; or else where it would fit, as a hint that needs a sure score."""
    held: tuple[Span, ...] | None = None
    quoted = _is_quoted(message)
    for spans in _found(rule, message):
        if not _is_held(rule, message, spans):
            return spans, rule.least
        if held is None and not quoted and not message.has_beside("FICTION", message.sentences(spans)):
            held = spans
    return held, max(rule.least, _ALL_THE_SAME)


def _is_held(rule: Rule, message: UnderstoodMessage, spans: Sequence[Span]) -> bool:
    sentences = message.sentences(spans)
    if any(message.has(concept) for concept in rule.unless):
        return True
    if _is_quoted(message):
        return True
    excused = {"HYPO"} if message.has("REAL") else set()
    if any(message.has_beside(concept, sentences) for concept in rule.unless_here if concept not in excused):
        return True
    explained = any(message.has_beside(concept, sentences) for concept in rule.harmless)
    if explained and not message.has("SUBSTANCE") and not message.has("SMALL_CHILD"):
        return True
    if rule.past == "message" and message.has("PAST"):
        return any(map(message.has, ("OK", "TREATMENT", "OVERCOME"))) or not _is_of_today(message, spans)
    if rule.past == "sentence":
        return message.has_beside("PAST", sentences) and not _is_of_today(message, spans)
    return False


def _is_quoted(message: UnderstoodMessage) -> bool:
    """A leaflet, a lesson or a form says so, and nobody of theirs is spoken of."""
    return message.has("LEAFLET") and not message.has("REAL") and not message.has("RELATIVE")


def _is_of_today(message: UnderstoodMessage, spans: Sequence[Span]) -> bool:
    """A word of now stands near, and nearer than one of the past; or it's happening again."""
    words = [one for one in message.concepts.get("NOW", ()) if message.said(one) not in _STILL]
    now = min((_apart(one, span) for one in words for span in spans), default=_NO_LIMIT)
    past = min((_apart(one, span) for one in message.concepts["PAST"] for span in spans), default=_NO_LIMIT)
    return now <= _NEAR_NOW and (now < past or message.has("AGAIN"))


def _found(rule: Rule, message: UnderstoodMessage) -> Iterator[tuple[Span, ...]]:
    there = message.concepts.keys()
    for pattern in rule.patterns:
        if not any(map(there.isdisjoint, pattern.needs)):
            yield from _together(pattern, rule.near, message)


def _together(pattern: Pattern, near: int, message: UnderstoodMessage) -> Iterator[tuple[Span, ...]]:
    """Every place where the first sequence stands and the others stand near it."""
    others: list[list[Span]] = []
    for sequence in pattern.sequences[1:]:
        places = list(_places(sequence, message))
        if not places:
            return
        others.append(places)
    for first in _places(pattern.sequences[0], message):
        chosen = [first]
        for places in others:
            beside = next(
                (place for place in places if _apart(first, place) <= near and place not in chosen), None
            )
            if beside is None:
                break
            chosen.append(beside)
        else:
            yield tuple(sorted(chosen, key=lambda span: span.start))


def _apart(one: Span, other: Span) -> int:
    return max(one.start - other.end, other.start - one.end, 0)


def _in_one_breath(one: Word, other: Word, reaches: bool) -> bool:
    return one.sentence == other.sentence if reaches else one.clause == other.clause


def _is_asked_of_us(message: UnderstoodMessage, start: int, end: int) -> bool:
    """Whether these words, between a denial and an answer, refuse something else and ask for the answer."""
    between = {word.text for word in message.words[start:end]}
    refused = not between.isdisjoint(_CALLS) and between.isdisjoint(_EITHER)
    return refused or not between.isdisjoint(_ASKS)


def _places(sequence: Sequence[SequenceStep], message: UnderstoodMessage) -> Iterator[Span]:
    reaches = not _DENIALS.intersection(sequence[0].concepts)
    starts = [span for concept in sequence[0].concepts for span in message.concepts.get(concept, ())]
    for start in starts[:_MOST_PLACES]:
        end = start.end
        first = message.words[start.start]
        for step in sequence[1:]:
            following = next(
                (
                    span
                    for concept in step.concepts
                    for span in message.concepts.get(concept, ())
                    if 0 <= span.start - end <= step.gap
                    and not (concept == _ANSWERS and _is_asked_of_us(message, end, span.start))
                    and _in_one_breath(first, message.words[span.start], reaches)
                ),
                None,
            )
            if following is None:
                break
            end = following.end
        else:
            yield Span(start.start, end)


@cache
def _rules() -> tuple[Rule, ...]:
    written = tomllib.loads((files("hotline.triage.reading") / "rules.toml").read_text(encoding="utf-8"))
    return tuple(
        Rule(
            label=rule["label"],
            name=rule["name"],
            tells=rule.get("tells", ""),
            patterns=tuple(_pattern(one) for one in rule["patterns"]),
            near=rule.get("near", written["near"]),
            past=rule.get("past", ""),
            unless=tuple(rule.get("unless", ())),
            unless_here=tuple(rule.get("unless_here", ())),
            harmless=tuple(rule.get("harmless", ())),
            longest=rule.get("longest", _NO_LIMIT),
            least=rule.get("least", 0),
            sure=rule.get("sure", False),
            person=rule.get("person", False),
        )
        for rule in written["rules"]
    )


def _pattern(written: str) -> Pattern:
    sequences = tuple(sequence_of(part) for part in written.split("&"))
    needs = tuple(frozenset(step.concepts) for sequence in sequences for step in sequence)
    return Pattern(sequences, needs)


def sequence_of(written: str) -> tuple[SequenceStep, ...]:
    """The steps that are written so: "NEG 3 WAKE|MOVE"."""
    steps: list[SequenceStep] = []
    gap = 0
    for part in written.split():
        if part.isdigit():
            gap = int(part)
        else:
            steps.append(SequenceStep(tuple(part.split("|")), gap))
            gap = 0
    return tuple(steps)
