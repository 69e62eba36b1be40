"""Where a centre's own phrases stand in a message: whole words in a row, folded as all words are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from hotline.model import Language
from hotline.phrases import Phrase
from hotline.triage.reading.spelling import tongue
from hotline.triage.reading.words import Word, words_of


def standing(phrases: Iterable[Phrase], text: str, language: Language | None) -> list[Phrase]:
    """Those of these phrases that stand in the message, in their order; `language`: of whoever wrote, if known."""
    given = tuple(phrases)
    if not given:
        return []
    words = words_of(text)
    spoken = {language, tongue(words, language)}
    return [
        one
        for one in given
        if (one.language is None or one.language in spoken) and _places(_parts(one), words)
    ]


def without(phrases: Iterable[Phrase], text: str) -> str:
    """The message as plain words without these phrases, each sentence for itself."""
    words = words_of(text)
    gone = {
        at
        for one in phrases
        for start in _places(_parts(one), words)
        for at in range(start, start + len(_parts(one)))
    }
    sentences: dict[int, list[str]] = {}
    for at, word in enumerate(words):
        sentences.setdefault(word.sentence, []).extend([] if at in gone else [word.text])
    return ". ".join(" ".join(one) for one in sentences.values() if one)


@lru_cache(maxsize=1024)
def _parts(phrase: Phrase) -> tuple[str, ...]:
    return tuple(word.text for word in words_of(phrase.words))


def _places(parts: Sequence[str], words: Sequence[Word]) -> list[int]:
    """Where it begins, each time within one sentence."""
    length = len(parts)
    return [
        start
        for start in range(len(words) - length + 1)
        if length
        and all(word.text == part for word, part in zip(words[start : start + length], parts, strict=True))
        and words[start].sentence == words[start + length - 1].sentence
    ]
