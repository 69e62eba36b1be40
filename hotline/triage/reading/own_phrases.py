"""Where a centre's own phrases stand in a message: whole words in a row, folded as all words are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from hotline.model import Language
from hotline.phrases import Phrase
from hotline.triage.reading.spelling import tongue
from hotline.triage.reading.words import Word, words_of

_Parts = tuple[str, ...]


def standing(phrases: tuple[Phrase, ...], text: str, language: Language | None) -> list[Phrase]:
    """Those of these phrases that stand in the message, in their order; `language`: of whoever wrote, if known."""
    if not phrases:
        return []
    words = words_of(text)
    said = {word.text for word in words}
    possible = [one for one, parts in _folded(phrases) if parts and said.issuperset(parts)]
    spoken = {None, language, tongue(words, language)} if possible else set()
    return [one for one in possible if one.language in spoken and next(_places(_parts(one), words), None)]


def without(phrases: Iterable[Phrase], text: str) -> str:
    """The message as plain words without these phrases, each sentence for itself."""
    words = words_of(text)
    gone = {
        at
        for parts in map(_parts, phrases)
        for place in _places(parts, words)
        for at in range(place.start, place.stop)
    }
    sentences: dict[int, list[str]] = {}
    for at, word in enumerate(words):
        sentences.setdefault(word.sentence, []).extend([] if at in gone else [word.text])
    return ". ".join(" ".join(one) for one in sentences.values() if one)


@lru_cache(maxsize=8)
def _folded(phrases: tuple[Phrase, ...]) -> tuple[tuple[Phrase, _Parts], ...]:
    return tuple((one, _parts(one)) for one in phrases)


@lru_cache(maxsize=1024)
def _parts(phrase: Phrase) -> _Parts:
    return tuple(word.text for word in words_of(phrase.words))


def _places(parts: _Parts, words: Sequence[Word]) -> Iterator[range]:
    """Which words it is, each time within one sentence."""
    said = tuple(word.text for word in words)
    length = len(parts)
    for start in range(len(words) - length + 1):
        alike = length and said[start] == parts[0] and said[start : start + length] == parts
        if alike and words[start].sentence == words[start + length - 1].sentence:
            yield range(start, start + length)
