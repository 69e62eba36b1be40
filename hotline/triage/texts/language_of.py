"""The language that a message is written in; switched to only where it is clear.

Every word is taken apart into marks: the word itself, the letters that it begins with, holds and ends with (two to four
at a time, without accents), and letters that few languages have. How much each mark speaks for each language was
learned from our invented messages by `tools/learn_language.py`, cut into pieces of a few words, and is kept in
`language_marks.txt`. Marks that all languages share say nothing.

A wrong switch answers somebody in words that they can't read, a missed one in those that they were answered in before:
so what is in doubt changes nothing. Marks are few for a word alone: only those of a short list switch by themselves.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from hotline.lettering import unaccented
from hotline.model import Language
from hotline.prompts.word_lists import word_lists
from hotline.prompts.word_lists import words_of as listed

_LONGEST: Final = 400
"""Letters; the rest would change nothing."""
_CLEAR: Final = 0.9
"""How probable a language must be. Of real talk, from which nothing was learned, 0.0 to 0.5 % is switched wrongly."""
_KNOWN: Final = 0.25
"""The share of the words that must be known as such; below it, it is a language that we don't speak, or none."""
STEP: Final = 8
"""Marks are kept as whole eighths."""

_ALONE: Final[dict[str, Language]] = {
    word: language for language, words in listed("language_words", "alone").items() for word in words
}
"""Words that tell even as the whole message. Bare STOP, START, HELP and INFO are in no language: see `_NOBODYS`."""
_NOBODYS: Final = frozenset(word_lists("language_words")["nobodys"]["words"])
"""The carriers' keywords are told to everybody, in every language: alone they say nothing about theirs."""
_WORD: Final = re.compile(r"[^\W\d_]+")


def language_of(words: str, spoken: Collection[Language]) -> Language | None:
    """The language of these words, if it is clear and one of those that the line speaks; else None."""
    said = words_of(words)
    found = _alone(said[0]) if len(said) == 1 else _likeliest(said)
    return found if found in spoken else None


def words_of(text: str) -> list[str]:
    """The words of a message, in small letters."""
    folded = unicodedata.normalize("NFC", text[:_LONGEST]).casefold().replace("'", "").replace("’", "")
    return _WORD.findall(folded)


def marks(words: Sequence[str]) -> set[str]:
    """What these words show of their language."""
    return {mark for word in words for mark in _marks(word)}


def _marks(word: str) -> Iterator[str]:
    plain = unaccented(word)
    yield from (f"={word}", f"={plain}")
    yield from (f"!{letter}" for letter in word if not letter.isascii())
    edged = f"^{plain}$"
    for size in (2, 3, 4):
        yield from (edged[at : at + size] for at in range(len(edged) - size + 1))


def _alone(word: str) -> Language | None:
    return None if word in _NOBODYS else _ALONE.get(word)


def _likeliest(said: Sequence[str]) -> Language | None:
    learned = _learned()
    found = [learned[mark] for mark in marks(said) if mark in learned]
    known = sum(f"={word}" in learned or f"={unaccented(word)}" in learned for word in said)
    if not found or known < _KNOWN * len(said):
        return None
    speak_for = [sum(weights) / STEP / math.sqrt(len(found)) for weights in zip(*found, strict=True)]
    best = max(speak_for)
    probable = 1 / sum(math.exp(one - best) for one in speak_for)
    return tuple(Language)[speak_for.index(best)] if probable >= _CLEAR else None


@cache
def _learned() -> Mapping[str, tuple[int, ...]]:
    """How much each mark speaks for each language, in the order of `Language`."""
    written = (files("hotline.triage.texts") / "language_marks.txt").read_text(encoding="utf-8")
    rows = (line.split() for line in written.splitlines() if not line.startswith("#"))
    return {mark: tuple(map(int, weights)) for mark, *weights in rows}
