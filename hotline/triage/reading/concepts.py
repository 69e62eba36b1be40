"""Which concepts a message speaks of, and where; figures of speech and denials cover what they only seem to say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hotline.model import Language
from hotline.triage.reading.lexicon import end_of, lexicon
from hotline.triage.reading.spelling import spelt
from hotline.triage.reading.words import Word, words_of

_COVERS: Final = ("IDIOM", "NEGATED", "OFFICE")
"""Whatever such a phrase covers isn't meant: "dying to get in", "not suicidal", "emergency contact"."""
# fmt: off
_UNCOVERED: Final = frozenset((
    "PAST", "NOW", "OK", "TOPIC", "HYPO", "REMOTE", "FICTION", "BUSINESS", "HABIT", "TREATMENT",
    "WANT_STOP", "COST", "APPOINTMENT", "LOGISTICS", "REFERRAL", "RELATIVE", "GRIEF", "OPT_OUT",
    "STILL_WANT", "OPT_COND", "OPT_TOPIC", "OPT_WORD", "STOPWORD", "WHO", "OTHER_TOPIC", "OPTION",
    "OPTION1", "OPTION2", "OPTION3", "PERSON", "ME", "OPIOID", "OPIOID_WD", "IDIOM", "NEGATED",
    "OFFICE", "HARMLESS", "ANIMAL", "REAL", "AGAIN",
))
# fmt: on
"""Concepts that stay what they are inside a figure of speech."""


@dataclass(frozen=True, slots=True)
class Span:
    """Words from `start` up to, not including, `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it was understood: its words, put right, and where each concept stands."""

    words: tuple[Word, ...]
    concepts: dict[str, tuple[Span, ...]]

    def said(self, span: Span) -> str:
        """The words of a span."""
        return " ".join(word.text for word in self.words[span.start : span.end])

    def has(self, concept: str) -> bool:
        """Whether the concept is anywhere in the message."""
        return concept in self.concepts

    def has_beside(self, concept: str, sentences: frozenset[int]) -> bool:
        """Whether the concept stands in one of these sentences."""
        return any(self.words[span.start].sentence in sentences for span in self.concepts.get(concept, ()))

    def sentences(self, spans: Sequence[Span]) -> frozenset[int]:
        """The sentences that these spans stand in."""
        return frozenset(self.words[span.start].sentence for span in spans)


def understood(text: str, hint: Language | None) -> Message:
    """The message that a text is. Never raises, whatever the text is."""
    words = spelt(words_of(text), hint)
    active = _languages_in(words, hint)
    known = lexicon()
    found: list[tuple[str, Span]] = []
    for at, word in enumerate(words):
        following = words[at + 1].text if at + 1 < len(words) else ""
        for phrase in known.starting_with(word.text):
            if phrase.language in active and phrase.goes_on_with(following):
                end = end_of(phrase.parts, words, at)
                if end is not None:
                    found.append((phrase.concept, Span(at, end)))
    covered = [False] * len(words)
    for concept, span in found:
        if concept in _COVERS:
            covered[span.start : span.end] = [True] * (span.end - span.start)
    concepts: dict[str, set[Span]] = {}
    for concept, span in found:
        if concept in _UNCOVERED or not any(covered[span.start : span.end]):
            concepts.setdefault(concept, set()).add(span)
    ordered = {
        concept: tuple(sorted(spans, key=lambda span: (span.start, span.end)))
        for concept, spans in sorted(concepts.items())
    }
    return Message(tuple(words), ordered)


def _languages_in(words: Sequence[Word], hint: Language | None) -> frozenset[Language]:
    """The languages that the words are of: all with a word of their own, or all at all if none has."""
    known = lexicon()
    own: dict[Language, int] = {}
    shared: set[Language] = set()
    for word in words:
        of = known.languages.get(word.text, frozenset())
        shared |= of
        if len(of) == 1:
            for language in of:
                own[language] = own.get(language, 0) + 1
    active = set(own) or shared or set(Language)
    return frozenset(active | ({hint} if hint else set()))
