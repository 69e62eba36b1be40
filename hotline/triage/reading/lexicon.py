"""The lexicons: per language its small words, its slang, and the phrases by which each concept is said.

Written in `lexicon/<language>.toml`, in the normal spelling of `words`: no accents, no apostrophes. A phrase is
words in a row, with `a/b` for either, `(a)` for perhaps, `a*` for every word that begins so, and `..` for up to
three words of any kind. A phrase never runs over the end of a sentence.
"""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from hotline.model import Language
from hotline.triage.reading.words import Word, bare

GAP: Final = ".."
_WIDEST_GAP: Final = 3
_SHORTEST_STEM: Final = 3


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way to say a concept."""

    concept: str
    language: Language
    parts: tuple[str, ...]

    def goes_on_with(self, following: str) -> bool:
        """Whether its second word may be this one: a quick look, before all of it is compared."""
        if len(self.parts) == 1:
            return True
        second = self.parts[1]
        return second in (following, GAP) or second[-1] == "*"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything that is known of the four languages' words."""

    phrases: dict[str, tuple[Phrase, ...]]
    """By first word; by stem (ending in `*`) where the first word is one."""
    slang: dict[Language, dict[str, tuple[str, ...]]]
    languages: dict[str, frozenset[Language]]
    """Of every whole word that a lexicon holds: in which languages."""
    stems: frozenset[str]
    small: dict[Language, frozenset[str]]
    words: frozenset[str]
    """Every whole word and every short form."""
    vital: frozenset[str]
    """The words of the phrases: those towards which slips are put right."""

    def starting_with(self, word: str) -> Iterator[Phrase]:
        """The phrases that may begin with this word."""
        yield from self.phrases.get(word, ())
        for length in range(_SHORTEST_STEM, len(word) + 1):
            stem = word[:length] + "*"
            if stem in self.stems:
                yield from self.phrases.get(stem, ())


def spell_out(written: str) -> Iterator[tuple[str, ...]]:
    """Every plain row of words that a phrase with choices stands for."""
    choices: list[tuple[str, ...]] = []
    for part in written.split():
        perhaps = part.startswith("(") and part.endswith(")")
        either = tuple(part.strip("()").split("/"))
        choices.append((*either, "") if perhaps else either)
    for picked in itertools.product(*choices):
        yield tuple(word for word in picked if word)


def end_of(parts: Sequence[str], words: Sequence[Word], start: int) -> int | None:
    """Where the phrase ends that begins at `start`; None if it isn't there. The shortest way counts."""
    ends = _ends(parts, 0, words, start, words[start].sentence)
    return min(ends, default=None)


def _ends(parts: Sequence[str], done: int, words: Sequence[Word], at: int, sentence: int) -> Iterator[int]:
    if done == len(parts):
        yield at
        return
    part = parts[done]
    if part == GAP:
        for skipped in range(_WIDEST_GAP + 1):
            yield from _ends(parts, done + 1, words, at + skipped, sentence)
        return
    if at >= len(words) or words[at].sentence != sentence:
        return
    said = words[at].text
    if said == part or (part[-1] == "*" and said.startswith(part[:-1])):
        yield from _ends(parts, done + 1, words, at + 1, sentence)


@cache
def lexicon() -> Lexicon:
    """The lexicon, read from the package's data once."""
    phrases: dict[str, list[Phrase]] = {}
    slang: dict[Language, dict[str, tuple[str, ...]]] = {}
    languages: dict[str, set[Language]] = {}
    small: dict[Language, frozenset[str]] = {}
    vital: set[str] = set()
    for language in Language:
        source = files("hotline.triage.reading") / "lexicon" / f"{language.value}.toml"
        data = tomllib.loads(source.read_text(encoding="utf-8"))
        small[language] = frozenset(data["small_words"].split())
        slang[language] = {
            bare(short.strip()): tuple(bare(long).split())
            for short, long in (line.split("=") for line in data["slang"].strip().splitlines())
        }
        for word in (*small[language], *slang[language], *data["common"].split()):
            languages.setdefault(word, set()).add(language)
        for concept, written in data["concepts"].items():
            for one in bare(written).replace("\n", ",").split(","):
                for plain in spell_out(one):
                    parts = tuple(part for word in plain for part in slang[language].get(word, (word,)))
                    if not parts:
                        continue
                    phrases.setdefault(parts[0], []).append(Phrase(concept, language, parts))
                    for word in parts:
                        if word[-1] != "*" and word != GAP:
                            languages.setdefault(word, set()).add(language)
                            vital.add(word)
    return Lexicon(
        phrases={first: tuple(dict.fromkeys(found)) for first, found in phrases.items()},
        slang=slang,
        languages={word: frozenset(found) for word, found in languages.items()},
        stems=frozenset(first for first in phrases if first[-1] == "*"),
        small=small,
        words=frozenset(languages).union(*slang.values()),
        vital=frozenset(vital),
    )
