"""Who asks for the end of messages: a small grammar of stopping, sending and removing (`optouts.toml`).

A sentence asks for it when it says to stop, or not to go on, with sending, or to remove a number, and nothing in it
says otherwise: "don't stop texting me", "he won't stop texting me", "don't text me at work", "take my son off the
wait list" and "unsubscribe him from the program" end nobody's messages.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain, islice
from typing import Final

from hotline.model import Language
from hotline.triage.reading.concepts import Span, UnderstoodMessage
from hotline.triage.reading.kept import closed, opened
from hotline.triage.reading.phrase_tree import PhraseTree, sentence_ends
from hotline.triage.reading.rules import SequenceStep, sequence_of
from hotline.triage.reading.spelling import apart, by_ear, cuts, means_itself
from hotline.triage.reading.words import Word

END: Final = "END"
"""Not a class of words: where a sentence ends."""
BREAK: Final = "BREAK"
"""Nor this: where a clause ends."""
_OBJECT: Final = 4
"""Words after what asks for it in which somebody else is the one it is done to."""
_SUBJECT: Final = 4
"""Words before it in which somebody else is the one who does it."""
_ASKING: Final = 2
"""Words of a clause among which a question begins: "why did", and not "the staff was rude"."""
_DENIED: Final = 4
"""Words before it in which a wish may stand that is denied."""
_MOST_WORDS: Final = 300
_MOST_ASKED: Final = 24
"""Places that are judged: more are only in a message made to be slow."""
SHORTEST_HEARD: Final = 5
"""Letters: shorter words sound like too many others."""
_AFTER_MORE: Final = (
    "POLITE", "FILLER", "THING", "SING", "ANY", "ME", "NUMBER", "THESE", "SEND", "SENDING", "SMALL",
)  # fmt: skip
_OURS: Final = ("ME", "THING", "SING", "THESE", "OPT_OUT", "LIST", "OFF_LIST")
"""What makes it a wish about what comes from us, and not about what they write themselves."""
_ENDING: Final = (
    "STOP", "STOP_ALONE", "NOT", "NO", "NO_MORE", "NO_LONGER", "REMOVE", "REMOVE_ALONE", "TAKE", "OPT_OUT", "OFF_LIST",
    "MUST_STOP", "BLOCK_YOU", "LET_BE", "CURSE", "WHOLE", "STOPSIGN", "NEEDLESS", "NEEDLESS_TO_ME", "RESPITE", "REVOKE",
)  # fmt: skip
"""One of these is in every wish for silence, if only in a word of its own."""
_LEAVING: Final = ("OPT_OUT",)
"""What may be said of other things than messages: "opt out of the double room"."""
_LEFT: Final = ("THING", "SING", "THESE", "LIST", "SENDING", "SENDS", "ANY", "ALL", "NUMBER", "PHONE")
"""What is left, where it is our messages."""
_NEARBY: Final = 3
"""Words after "of" in which it is said."""
_THAT_ONE: Final = sequence_of("REMOVE 1 SING|THING")
"""A message that they wish they had not sent: "delete that message"."""
_OBJECTIONS: Final = ("OTHERS", "WHY", "WHEN", "ELSE", "SUBJECT", "THIRD", "BACK", "YOU")
"""What COVER takes out of: "until then", "you people"."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Words that ask for the end of messages, and what in their sentence says otherwise, if anything does."""

    span: Span
    against: str | None
    perhaps: bool = False
    """Whether what says otherwise is only when, or how, and may be outweighed."""
    whole: bool = False
    """Whether the message is nothing else."""
    plain: bool = False
    """Whether these words can hardly be about anything else."""
    goodbye: bool = False
    """Whether what says otherwise is a goodbye: they will not be there to read, or nobody shall come."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """How the end of messages is asked for in one language."""

    phrases: PhraseTree[str]
    """Each means its class; those that begin with a stem come last."""
    heard: Mapping[str, str]
    """By sound, and by consonants alone, the words that it knows: for "resivir" and "mndn"."""
    slips: Mapping[str, tuple[str, ...]]
    """By what is left when a letter is left out, its long words: for "mesnaje"."""
    words: frozenset[str]


class _Places(dict[str, list[Span]]):
    """Where each class of words stands, in order; and what begins at each word, so that few places are looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.beginning: dict[int, dict[str, int]] = {}
        """By first word and class, the end of the shortest."""

    def note(self, name: str, span: Span) -> None:
        """One more place of this class."""
        self.setdefault(name, []).append(span)
        here = self.beginning.setdefault(span.start, {})
        here[name] = min(span.end, here.get(name, span.end))


def asked(message: UnderstoodMessage, language: Language) -> Asked | None:
    """What asks for the end of messages, in this language or in English; what nothing speaks against comes first."""
    words = message.words[:_MOST_WORDS]
    own = _classes(words, language)
    found = _asked(words, own, (own,))
    if language is not Language.EN:
        english = _classes(words, Language.EN)
        theirs = tuple(islice(_asked(words, english, (english, own)), _MOST_ASKED))
        # An English word that the language has taken over is judged by the English around it, too.
        doubts = {one.span: one for one in theirs if one.against is not None}
        found = chain(
            (one if one.against is not None else doubts.get(one.span, one) for one in found), theirs
        )
    held: Asked | None = None
    for one in islice(found, _MOST_ASKED):
        if one.against is None:
            return one
        held = one if held is None or (held.perhaps and not one.perhaps) else held
    return held


def objection(message: UnderstoodMessage, span: Span, language: Language) -> str | None:
    """What in their clause says that these words end no messages: to whom or what else, when, or a question.

    It is for words that no pattern found: "stop texting" is a phrase, and "stop texting my sister" no wish of her own.
    """
    words = message.words[:_MOST_WORDS]
    end = min(span.end + _OBJECT, len(words))
    high = next((at for at in range(span.end, end) if words[at].clause != words[span.end - 1].clause), end)
    low = next(at for at, word in enumerate(words) if word.clause == words[span.start].clause)
    for one in dict.fromkeys((language, Language.EN)):
        places = _classes(words, one)
        called = _is_called(span, words, places, high)
        found = (
            *(
                None if called else _stands(name, words, places, span.end, high)
                for name in ("OTHERS", "ELSE")
            ),
            _stands("WHY", words, places, low, span.start),
            _stands("WHEN", words, places, span.end, high),
            _stands("LAST", words, places, 0, len(words)),
            _wants_back(words, places, 0, len(words)),
        )
        other = next((said for said in found if said is not None), None)
        if other is not None:
            return other
    return None


def hesitation(message: UnderstoodMessage, language: Language) -> str | None:
    """What anywhere in a message lets one doubt that it asks for the end of messages to this number, if anything does.

    It is for what only the score finds: no word of ending anything, somebody else, a question, a wish to go on,
    somebody who will not be there, a message that was sent by mistake.
    """
    words = message.words[:_MOST_WORDS]
    every = [_classes(words, one) for one in dict.fromkeys((language, Language.EN))]
    if not any(name in places for places in every for name in _ENDING):
        return "nothing that ends"
    for places in every:
        found = (
            *(
                _stands(name, words, places, 0, len(words))
                for name in ("OTHERS", "ELSE", "WHEN", "LAST", "BACK", "META", "SCHOOL", "REDIRECT")
            ),
            next(
                (words[said.start].text for said in places.get("WHY", ()) if _begins(said.start, words)), None
            ),
            next((words[said.start].text for said in _found(_THAT_ONE, words, places)), None),
        )
        doubt = next((said for said in found if said is not None), None)
        if doubt is not None:
            return doubt
    return None


def _begins(at: int, words: Sequence[Word]) -> bool:
    """Whether a sentence begins with this word."""
    return at == 0 or words[at - 1].sentence != words[at].sentence


def _asked(words: Sequence[Word], places: _Places, judges: Sequence[_Places]) -> Iterator[Asked]:
    if (whole := _whole(words, places)) is not None:
        yield Asked(whole, None, whole=True, plain=True)
    last = next(filter(None, (_stands("LAST", words, judge, 0, len(words)) for judge in judges)), None)
    for span, plain in _spans(words, places):
        if last is not None:
            yield Asked(span, last, goodbye=True)
            return
        against = [found for found in (_against(span, words, judge) for judge in judges) if found[0]]
        said = next((found for found in against if not found[1]), against[0] if against else (None, False))
        yield Asked(span, *said, plain=plain)


def _whole(words: Sequence[Word], places: _Places) -> Span | None:
    """All of a message that says nothing but one thing: "enough already"; once or more often, courtesy aside."""
    alone = (span for pattern in _patterns()["alone"] for span in _found(pattern, words, places))
    said = sorted((*places.get("WHOLE", ()), *islice(alone, _MOST_ASKED)), key=lambda one: one.start)
    passed = (*said, *places.get("POLITE", ()), *places.get("FILLER", ()))
    inside = {at for one in passed for at in range(one.start, one.end)}
    return Span(said[0].start, said[-1].end) if said and len(inside) == len(words) else None


def _spans(words: Sequence[Word], places: _Places) -> Iterator[tuple[Span, bool]]:
    """Where it is asked for, and whether by a pattern that says so by itself."""
    for pattern in _patterns()["ask"]:
        yield from ((span, True) for span in _found(pattern, words, places))
    if "ABOUT" in places:
        for pattern in _patterns()["told"]:
            yield from ((span, False) for span in _found(pattern, words, places))
        for pattern in _patterns()["weak"]:
            spans = _found(pattern, words, places)
            yield from ((span, False) for span in spans if _is_clause(span, words, places))


def _against(span: Span, words: Sequence[Word], places: _Places) -> tuple[str | None, bool]:
    """What in the sentence says that no end of messages to this number is asked for; whether it may be outweighed."""
    begins_with_not = any(one.start == span.start for one in places.get("NOT", ()))
    ends_with_not = any(one.end == span.end for one in places.get("NOT", ()))
    wants = _stands("WANT", words, places, span.start, span.end)
    to_me = any(_stands(one, words, places, span.start, span.end) for one in _OURS)
    clause = [at for at, word in enumerate(words) if _is_beside(word, span, words)]
    low, high = clause[0], clause[-1] + 1
    sentence = [at for at, word in enumerate(words) if word.sentence == words[span.start].sentence]
    # "Keep my appointment but no more texts": what stands before a "but" is another matter.
    low = max((one.end for one in places.get("BUT", ()) if low < one.end <= span.start), default=low)
    is_to_me = _stands("ME", words, places, span.start, span.end) is not None
    is_ours = any(_stands(one, words, places, span.start, span.end) for one in ("PHONE", "NUMBER"))
    is_called = _is_called(span, words, places, high)
    is_them = any(one.end == span.end for one in places.get("THEM", ()))
    prefers = _stands("PREFER", words, places, span.start, span.end)
    is_told = any(one.start == span.start for one in places.get("SENT", ()))
    reach = _DENIED if _stands("OPT_OUT", words, places, span.start, span.end) else _DENIED - 1
    is_leaving = any(_stands(one, words, places, span.start, span.end) for one in _LEAVING)
    threatens = any(one.end == span.end for name in ("THREAT", "COURT") for one in places.get(name, ()))
    calls = next((one for one in places.get("CALLED", ()) if one.start == low), None)
    said_to = low if calls is None else calls.end

    def before(name: str, count: int) -> str | None:
        return _stands(name, words, places, max(low, span.start - count), span.start)

    def after(name: str, count: int) -> str | None:
        return _stands(name, words, places, span.end, min(high, span.end + count))

    plainly = (
        (None if begins_with_not else before("NOT", len(words) if ends_with_not else reach))
        or (None if begins_with_not else _wish_denied(span, words, places, low))
        or _stands("OTHERS", words, places, max(said_to, span.start - _SUBJECT), span.start)
        or _stands("OTHERS", words, places, span.start, span.end - 1 if is_called or is_them else span.end)
        or (None if is_to_me or is_called else after("OTHERS", _OBJECT))
        or (None if is_to_me or threatens else after("YOU", 1))
        or (_out_of(span, words, places, high) if is_leaving else None)
        or _stands("META", words, places, sentence[0], sentence[-1] + 1)
        or _stands("SCHOOL", words, places, 0, len(words))
        or (_whose(span, words, places) if _stands("OPT_OUT", words, places, span.start, span.end) else None)
        or (None if is_ours else _stands("TO_THEM", words, places, span.start, span.end))
        or _of_what(span, words, places, high)
        or (_stands("STOP", words, places, span.start, span.end) if begins_with_not else None)
        or (before("SUBJECT", 2) if begins_with_not and not wants else None)
        or before("THIRD", 2)
        or _stands("WHY", words, places, low, min(low + _ASKING, span.start))
        or _stands("ELSE", words, places, max(low, span.start - _SUBJECT), high)
        or _wants_back(words, places, 0, span.start if threatens else span.start + 1)
        or (_wants_back(words, places, span.start, span.end) if is_told else None)
        or _wants_back(words, places, span.end, len(words))
    )
    perhaps = (
        (None if begins_with_not or to_me or prefers else before("SELF", _SUBJECT))
        or before("WHY", len(words))
        or before("WHEN", 2)
        or _stands("WHEN", words, places, span.start + 1, span.end - 1)
        or after("WHEN", 6)
    )
    return plainly or perhaps, plainly is None and perhaps is not None


def _wish_denied(span: Span, words: Sequence[Word], places: _Places, low: int) -> str | None:
    """A "not" a little before, if it is about a wish: "I don't want you to stop texting me"."""
    low = max(low, span.start - _DENIED)
    wish = next((one for one in places.get("WANT", ()) if low < one.start < span.start), None)
    return None if wish is None else _stands("NOT", words, places, low, wish.start)


def _wants_back(words: Sequence[Word], places: _Places, low: int, high: int) -> str | None:
    """A wish to go on getting them from `low` up to `high`; one that is denied is none: "don't need them"."""
    denied = {(at, words[one.start].clause) for one in places.get("NOT", ()) for at in (one.end, one.end + 1)}
    found = (
        one
        for one in places.get("BACK", ())
        if low <= one.start < high and (one.start, words[one.start].clause) not in denied
    )
    return next((" ".join(word.text for word in words[one.start : one.end]) for one in found), None)


def _is_called(span: Span, words: Sequence[Word], places: _Places, high: int) -> bool:
    """Whether a word for somebody at the clause's end only calls whom it's said to: "no more texts bro"."""
    polite = {at for one in places.get("POLITE", ()) for at in range(one.start, one.end)}
    return any(
        polite.issuperset(range(one.end, high))
        and one.start in (span.end - 1, span.end)
        and _stands("WHOSE", words, places, one.start - 1, one.start) is None
        for one in places.get("CALLED", ())
    )


def _whose(span: Span, words: Sequence[Word], places: _Places) -> str | None:
    """Whom else of theirs it is for: "unsubscribe my grandfather"."""
    mine = next((one for one in places.get("MY", ()) if one.start == span.end), None)
    if mine is None or mine.end >= len(words) or words[mine.end].sentence != words[mine.start].sentence:
        return None
    own = any(_stands(name, words, places, mine.start, mine.end + 1) for name in ("NUMBER", "PHONE", "OWN"))
    return None if own else words[mine.end].text


def _of_what(span: Span, words: Sequence[Word], places: _Places, high: int) -> str | None:
    """Of what they want no more, where that is neither messages nor all: "no me mandes más tamales"."""
    at = next((one.end for one in places.get("MORE_OF", ()) if one.start in (span.end - 1, span.end)), high)
    while at < high and _stands("ARTICLE", words, places, at, at + 1):
        at += 1
    if at >= high or any(_stands(one, words, places, at, at + 1) for one in _AFTER_MORE):
        return None
    return words[at].text


def _out_of(span: Span, words: Sequence[Word], places: _Places, high: int) -> str | None:
    """What they want to leave, where that is nothing of ours: "opt out of the double room", "of what?"."""
    if (what := _stands("OF_WHAT", words, places, span.end, min(span.end + 2, high))) is not None:
        return what
    if _stands("FROM", words, places, span.end, span.end + 1) is None:
        return None
    end = min(span.end + 1 + _NEARBY, high)
    if any(_stands(one, words, places, span.end, end) for one in _LEFT):
        return None
    return " ".join(word.text for word in words[span.end : end]) or None


def _is_beside(word: Word, span: Span, words: Sequence[Word]) -> bool:
    """Whether the word stands in the clauses that the span goes through."""
    return words[span.start].clause <= word.clause <= words[span.end - 1].clause


def _stands(name: str, words: Sequence[Word], places: _Places, low: int, high: int) -> str | None:
    """The first words of this class from `low` up to, not including, `high`."""
    found = places.get(name, [])
    at = bisect_left(found, low, key=lambda one: one.start)
    if at == len(found) or found[at].start >= high:
        return None
    return " ".join(word.text for word in words[found[at].start : found[at].end])


def _is_clause(span: Span, words: Sequence[Word], places: _Places) -> bool:
    """Whether the words are all of their clause, but for courtesy."""
    clause = words[span.start].clause
    passed = (*places.get("POLITE", ()), *places.get("FILLER", ()), *places.get("COVER", ()))
    polite = {at for one in passed for at in range(one.start, one.end)}
    others = (at for at, word in enumerate(words) if word.clause == clause)
    return all(at in polite or span.start <= at < span.end for at in others)


def _found(pattern: Sequence[SequenceStep], words: Sequence[Word], places: _Places) -> Iterator[Span]:
    if any(_is_missing(step, places) for step in pattern):
        return
    for concept in pattern[0].concepts:
        for start in places.get(concept, ()):
            end = _end(pattern[1:], start, words, places)
            if end is not None:
                yield Span(start.start, end)


def _is_missing(step: SequenceStep, places: _Places) -> bool:
    """Whether nothing in the whole message can be this step."""
    return not any(one in places or one in (END, BREAK) for one in step.concepts)


def _end(steps: Sequence[SequenceStep], start: Span, words: Sequence[Word], places: _Places) -> int | None:
    end, sentence = start.end, words[start.start].sentence
    for step in steps:
        if END in step.concepts and (end == len(words) or words[end].sentence != sentence):
            return end
        if BREAK in step.concepts and (end == len(words) or words[end].clause != words[end - 1].clause):
            return end
        ends = [
            here[concept]
            for at, here in _reached(end, step.gap, words, places)
            if words[at].sentence == sentence
            for concept in step.concepts
            if concept in here
        ]
        if not ends:
            return None
        end = min(ends)
    return end


def _reached(
    end: int, gap: int, words: Sequence[Word], places: _Places
) -> Iterator[tuple[int, dict[str, int]]]:
    """Where the next step may begin, and what does: no word is skipped that a clause ends after, or that denies."""
    for at in range(end, min(end + gap + 1, len(words))):
        here = places.beginning.get(at)
        if here is not None:
            yield at, here
            if "NOT" in here:
                return
        if at + 1 < len(words) and words[at].clause != words[at + 1].clause:
            return


def _classes(words: Sequence[Word], language: Language) -> _Places:
    phrases = _grammars()[language].phrases
    places = _Places()
    said = [_heard(word.text, language) for word in words]
    for at, until in enumerate(sentence_ends(words)):
        for name, end in phrases.begun(said, at, until):
            places.note(name, Span(at, end))
    for covered in places.get("COVER", ()):
        for name in _OBJECTIONS:
            if name in places:
                places[name] = [one for one in places[name] if not _is_within(one, covered)]
    return places


def _is_within(one: Span, other: Span) -> bool:
    return other.start <= one.start and one.end <= other.end


@lru_cache(maxsize=20_000)
def _heard(text: str, language: Language) -> str:
    """The word of the grammar that this is another spelling of; itself, if it is one or means something else."""
    return text if means_itself(text) else sounds_like(text, language) or text


def sounds_like(text: str, language: Language) -> str | None:
    """The word of the grammar that this is another spelling of; None if it is one itself, or like none."""
    grammar = _grammars()[language]
    if text in grammar.words:
        return None
    return grammar.heard.get(text) or grammar.heard.get(by_ear(text)) or _slipped(text, grammar)


def _slipped(text: str, grammar: Grammar) -> str | None:
    """The long word of the grammar of which one letter was left out, put in or swapped here; not its first.

    None with another letter in its place: "aberta" is no "alerta".
    """
    if len(text) < SHORTEST_HEARD:
        return None
    near = (word for cut in sorted(cuts(text)) for word in grammar.slips.get(cut, ()))
    return next((word for word in near if word[0] == text[0] and _is_slip(text, word)), None)


def _is_slip(text: str, word: str) -> bool:
    return apart(text, word, 1) and (len(text) != len(word) or sorted(text) == sorted(word))


@cache
def _patterns() -> Mapping[str, tuple[tuple[SequenceStep, ...], ...]]:
    written = tomllib.loads((files("hotline.triage.reading") / "optouts.toml").read_text(encoding="utf-8"))
    return {name: tuple(map(sequence_of, written[name])) for name in ("ask", "told", "weak", "alone")}


@cache
def _grammars() -> Mapping[Language, Grammar]:
    return unpacked((files("hotline.triage.reading") / "optouts.bin").read_bytes())


def packed(grammars: Mapping[Language, Grammar]) -> bytes:
    """The grammars as they are kept."""
    head = {
        language: {
            "parts": one.phrases.parts,
            "meanings": one.phrases.meanings,
            "heard": one.heard,
            "slips": one.slips,
            "words": sorted(one.words),
        }
        for language, one in grammars.items()
    }
    return closed(head, b"".join(one.phrases.closed() for one in grammars.values()))


def unpacked(kept: bytes) -> Mapping[Language, Grammar]:
    """The grammars that were kept so. Raises ValueError if a bit of them is another."""
    head, numbers = opened(kept, "optouts.bin", "pack_reading")
    return {
        Language(language): Grammar(
            PhraseTree.opened(one["parts"], one["meanings"], numbers),
            one["heard"],
            {cut: tuple(words) for cut, words in one["slips"].items()},
            frozenset(one["words"]),
        )
        for language, one in head.items()
    }
