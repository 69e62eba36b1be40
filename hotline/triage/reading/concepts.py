"""Which concepts a message speaks of, and where; figures of speech and denials cover what they only seem to say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from hotline.model import Language
from hotline.triage.reading.lexicon import Expression, lexicon
from hotline.triage.reading.phrase_tree import sentence_ends
from hotline.triage.reading.spelling import spelt, tongue
from hotline.triage.reading.words import NOT, Word, words_of

_COVERS: Final = ("IDIOM", "NEGATED", "OFFICE")
"""Whatever such a phrase covers isn't meant: "dying to get in", "not suicidal", "emergency contact"."""
# fmt: off
_UNCOVERED: Final = frozenset((
    "PAST", "NOW", "OK", "TOPIC", "HYPO", "REMOTE", "FICTION", "FRAME", "BUSINESS", "HABIT", "TREATMENT",
    "WANT_STOP", "COST", "APPOINTMENT", "LOGISTICS", "REFERRAL", "RELATIVE", "GRIEF", "OPT_OUT",
    "STILL_WANT", "OPT_COND", "OPT_TOPIC", "OPT_WORD", "STOPWORD", "WHO", "OTHER_TOPIC", "OPTION",
    "OPTION1", "OPTION2", "OPTION3", "PERSON", "ME", "OPIOID", "OPIOID_WD", "IDIOM", "NEGATED",
    "OFFICE", "HARMLESS", "ANIMAL", "REAL", "AGAIN", "RELIEF", "LEAFLET", "OVERCOME", "BY_FORCE",
))
# fmt: on
"""Concepts that stay what they are inside a figure of speech."""


_ENOUGH: Final = ("OPT_OUT", "STILL_WANT")
_NOT_BEFORE: Final = 2
"""Words before a reassurance in which a "not" is about it."""
_DISOWNED: Final = "KILL_SELF"
"""What is not meant where its wish is denied just before: "doesn't want to hurt herself"."""
_DENIABLE: Final = frozenset(
    (
        "OUT",
        "OVERDOSE",
        "SEIZURE",
        "EMERGENCY_WORD",
        "KILL_SELF",
        "SUICIDE_WORD",
        "ATTEMPT",
        "POISONED",
        "NARCANED",
        "VIOLENCE",
        "HURTING",
        "HURTS",
        "HURT_ME",
        "FORCED_TO",
        "FORCED_USE",
        "MADE_TO",
    )
)
"""What a denial just before it makes untrue, whatever the words are."""
# fmt: off
_DENIES: Final = frozenset((
    "not", "never", "nobody", "noone", "none", "no", "nadie", "nunca", "jamas", "tampoco", "nao", "ninguem", "jamais",
    "pa", "pesonn", "janm",
))
_BETWEEN: Final = frozenset((
    "is", "are", "was", "were", "be", "been", "being", "has", "have", "had", "did", "do", "does", "an", "a", "ever",
    "even", "actually", "really", "one", "thought", "of", "about", "tried", "trying", "to", "here",
    "esta", "es", "era", "se", "me", "le", "lo", "la", "ha", "he", "hubo", "tuvo", "tuve", "un", "una", "fue",
    "intento", "intente", "pense", "en", "de", "sido",
    "e", "foi", "teve", "tive", "estou", "um", "uma", "pensei", "em", "tentei", "tentou", "esteve",
    "te", "ap", "yon", "fe", "janm", "panse", "eseye", "vle", "gen",
))
# fmt: on
"""What may stand between a denial and that."""
_LEST: Final = frozenset(("so", "para", "pra", "pou"))
"""Words before a denial that make it a plea: "pou li pa bat mwen" asks that it not be done again."""
_FARTHEST: Final = 3
"""Words between both, at most."""
_BUT: Final = frozenset(("but", "pero", "mas", "porem", "men", "except", "aunque", "yet"))
"""What comes after it may take a denial back."""
_MOST_SPANS: Final = 12
"""Places of these concepts: whoever asks twelve times for no more messages has asked."""


@dataclass(frozen=True, slots=True)
class Span:
    """Words from `start` up to, not including, `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class UnderstoodMessage:
    """A message as it was understood: its words, put right, and where each concept stands."""

    words: tuple[Word, ...]
    concepts: dict[str, tuple[Span, ...]]
    asks: bool
    """Whether there is a question mark in it."""

    def said(self, span: Span) -> str:
        """The words of a span."""
        return " ".join(word.text for word in self.words[span.start : span.end])

    def sentences_around(self, start: int, end: int) -> Span:
        """The whole sentences that these words stand in."""
        first, last = self.words[start].sentence, self.words[end - 1].sentence
        inside = [at for at, word in enumerate(self.words) if first <= word.sentence <= last]
        return Span(inside[0], inside[-1] + 1)

    def part(self, of: Span) -> UnderstoodMessage:
        """The same message, as if only these words had been written, and as a statement."""
        start, end = of.start, of.end
        kept = {
            concept: tuple(
                Span(span.start - start, span.end - start)
                for span in spans
                if start <= span.start and span.end <= end
            )
            for concept, spans in self.concepts.items()
        }
        kept = {concept: spans for concept, spans in kept.items() if spans}
        return UnderstoodMessage(self.words[start:end], kept, asks=False)

    def has(self, concept: str) -> bool:
        """Whether the concept is anywhere in the message."""
        return concept in self.concepts

    def has_beside(self, concept: str, sentences: frozenset[int]) -> bool:
        """Whether the concept stands in one of these sentences."""
        return any(self.words[span.start].sentence in sentences for span in self.concepts.get(concept, ()))

    def sentences(self, spans: Sequence[Span]) -> frozenset[int]:
        """The sentences that these spans stand in."""
        return frozenset(self.words[span.start].sentence for span in spans)


def understood(text: str, hint: Language | None) -> UnderstoodMessage:
    """The message that a text is. Never raises, whatever the text is."""
    words = spelt(words_of(text), hint)
    active = _languages_in(words, hint)
    tongues = _tongues(words, hint)
    found: list[tuple[str, Span]] = []
    left = dict.fromkeys(_ENOUGH, _MOST_SPANS)
    for phrase, at, end in _begun(words):
        if phrase.language not in active or left.get(phrase.concept, 1) <= 0:
            continue
        main = tongues[words[at].sentence]
        if phrase.language is main or not _is_at_home(words[at:end], main):
            found.append((phrase.concept, Span(at, end)))
            if phrase.concept in left:
                left[phrase.concept] -= 1
    covered = [False] * len(words)
    for concept, span in found:
        if concept in _COVERS and not (concept == "NEGATED" and _is_turned(words, span)):
            covered[span.start : span.end] = [True] * (span.end - span.start)
    for span in (*_disowned(words, found), *_denied(words, found)):
        covered[span.start : span.end] = [True] * (span.end - span.start)
    concepts: dict[str, set[Span]] = {}
    for concept, span in found:
        if concept in _UNCOVERED or not any(covered[span.start : span.end]):
            concepts.setdefault(concept, set()).add(span)
    ordered = {
        concept: tuple(sorted(spans, key=lambda span: (span.start, span.end)))
        for concept, spans in sorted(concepts.items())
    }
    return UnderstoodMessage(tuple(words), ordered, "?" in text)


def _disowned(words: Sequence[Word], found: Sequence[tuple[str, Span]]) -> Iterator[Span]:
    """Harm to oneself whose wish is denied, with nothing after it that may take that back."""
    acts = [span for concept, span in found if concept == _DISOWNED]
    if not acts:
        return
    wishes = [span for concept, span in found if concept == "WANT"]
    denials = [span for concept, span in found if concept == "NEG"]
    for act in acts:
        for wish in wishes:
            is_its = 0 <= act.start - wish.end <= 1 and words[wish.start].clause == words[act.start].clause
            is_denied = any(
                one.end == wish.start or (one.start < wish.start and one.end == wish.end) for one in denials
            )
            if is_its and is_denied and not any(word.text in _BUT for word in words[act.end :]):
                yield act


def _denied(words: Sequence[Word], found: Sequence[tuple[str, Span]]) -> Iterator[Span]:
    """States and acts right after a denial ("he's not unconscious", "nobody overdosed") that nothing takes back."""
    for concept, span in found:
        if concept not in _DENIABLE or words[span.start].text in _DENIES:
            continue
        at = span.start - 1
        while at >= max(0, span.start - _FARTHEST) and words[at].text in _BETWEEN - _DENIES:
            at -= 1
        if at < 0 or words[at].text not in _DENIES or words[at].clause != words[span.start].clause:
            continue
        if any(word.text in _LEST for word in words[max(0, at - _NOT_BEFORE) : at]):
            continue
        asked = words[at].text == "no" and at + 1 < span.start and words[at + 1].text in ("he", "is")
        if not asked and not any(word.text in _BUT for word in words[span.end :]):
            yield span


def _is_turned(words: Sequence[Word], span: Span) -> bool:
    """Whether a "not" before a reassurance makes it none: "breathing fine" after "he's not"."""
    first = words[span.start]
    before = words[max(0, span.start - _NOT_BEFORE) : span.start]
    return first.text not in NOT and any(word.text in NOT and word.clause == first.clause for word in before)


def _begun(words: Sequence[Word]) -> Iterator[tuple[Expression, int, int]]:
    """What the phrases say that stand in the message, and where each begins and ends."""
    phrases = lexicon().phrases
    said = [word.text for word in words]
    for at, until in enumerate(sentence_ends(words)):
        for phrase, end in phrases.begun(said, at, until):
            yield phrase, at, end


def _tongues(words: Sequence[Word], hint: Language | None) -> dict[int, Language]:
    """Of each sentence, by its number, the language that it is in."""
    whole = tongue(words, hint)
    return {number: tongue(said, whole) for number, said in groupby(words, key=lambda word: word.sentence)}


def _is_at_home(words: Sequence[Word], main: Language) -> bool:
    """Whether all of these are words of the sentence's own language: Creole "pale" is speech, and no colour."""
    known = lexicon().languages
    return all(main in known.get(word.text, ()) for word in words)


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
