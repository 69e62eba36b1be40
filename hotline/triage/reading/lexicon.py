"""The lexicons: per language its small words, its slang, and the phrases by which each concept is said.

Written in `lexicon/<language>.toml`, in the normal spelling of `words`: no accents, no apostrophes. A phrase is
words in a row, with `a/b` for either, `(a)` for perhaps, `a*` for every word that begins so, and `..` for up to
three words of any kind. A phrase never runs over the end of a sentence.
"""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Iterable, Iterator, Sequence
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
class Expression:
    """One way to say a concept."""

    concept: str
    language: Language
    parts: tuple[str, ...]
    plain: frozenset[str]
    """Those of its parts that are whole words: where one isn't in a message, the phrase isn't either."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """The phrases that begin with one word or stem, so kept that few are looked at."""

    by_second: dict[str, tuple[Expression, ...]]
    """Those whose second word is a plain one."""
    open: tuple[Expression, ...]
    """Those of one word, and those that go on with a stem or a gap."""


def _plain(part: str) -> str:
    return "" if part == GAP or part[-1] == "*" else part


def _beginning(found: Iterable[Expression]) -> Beginning:
    by_second: dict[str, list[Expression]] = {}
    others = []
    for phrase in dict.fromkeys(found):
        second = phrase.parts[1] if len(phrase.parts) > 1 else GAP
        if second == GAP or second[-1] == "*":
            others.append(phrase)
        else:
            by_second.setdefault(second, []).append(phrase)
    return Beginning({second: tuple(some) for second, some in by_second.items()}, tuple(others))


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything that is known of the four languages' words."""

    phrases: dict[str, Beginning]
    """By first word; by stem (ending in `*`) where the first word is one."""
    slang: dict[Language, dict[str, tuple[str, ...]]]
    languages: dict[str, frozenset[Language]]
    """Of every whole word that a lexicon holds: in which languages."""
    small: dict[Language, frozenset[str]]
    words: frozenset[str]
    """Every whole word and every short form."""

    def beginnings(self, word: str) -> list[Beginning]:
        """The phrases that may begin with this word: with all of it, or with a stem of it."""
        keys = (word, *(word[:length] + "*" for length in range(_SHORTEST_STEM, len(word) + 1)))
        return [self.phrases[key] for key in keys if key in self.phrases]


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
    phrases: dict[str, list[Expression]] = {}
    slang: dict[Language, dict[str, tuple[str, ...]]] = {}
    languages: dict[str, set[Language]] = {}
    small: dict[Language, frozenset[str]] = {}
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
                    phrases.setdefault(parts[0], []).append(
                        Expression(concept, language, parts, frozenset(map(_plain, parts)) - {""})
                    )
                    for word in parts:
                        if word[-1] != "*" and word != GAP:
                            languages.setdefault(word, set()).add(language)
    return Lexicon(
        phrases={first: _beginning(found) for first, found in phrases.items()},
        slang=slang,
        languages={word: frozenset(found) for word, found in languages.items()},
        small=small,
        words=frozenset(languages).union(*slang.values()),
    )
