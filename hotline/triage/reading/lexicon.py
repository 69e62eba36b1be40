"""The lexicons: per language its small words, its slang, and the phrases by which each concept is said.

Written in `lexicon/<language>.toml`, in the normal spelling of `words`: no accents, no apostrophes. A phrase is
words in a row, with `a/b` for either, `(a)` for perhaps, `a*` for every word that begins so, and `..` for up to
three words of any kind. A phrase never runs over the end of a sentence.
"""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from hotline.model import Language
from hotline.triage.reading.phrase_tree import GAP, PhraseTree
from hotline.triage.reading.words import bare

_SHORTEST_STEM: Final = 3
"""Letters that a phrase's first stem has at least."""


@dataclass(frozen=True, slots=True)
class Expression:
    """What a phrase says, and in which language."""

    concept: str
    language: Language


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything that is known of the four languages' words."""

    phrases: PhraseTree[Expression]
    said: dict[str, frozenset[str]]
    """Of every concept, in all languages: the whole words in its phrases."""
    slang: dict[Language, dict[str, tuple[str, ...]]]
    languages: dict[str, frozenset[Language]]
    """Of every whole word that a lexicon holds: in which languages."""
    small: dict[Language, frozenset[str]]
    words: frozenset[str]
    """Every whole word and every short form."""


def spell_out(written: str) -> Iterator[tuple[str, ...]]:
    """Every plain row of words that a phrase with choices stands for."""
    choices: list[tuple[str, ...]] = []
    for part in written.split():
        perhaps = part.startswith("(") and part.endswith(")")
        either = tuple(part.strip("()").split("/"))
        choices.append((*either, "") if perhaps else either)
    for picked in itertools.product(*choices):
        yield tuple(word for word in picked if word)


@cache
def lexicon() -> Lexicon:
    """The lexicon, read from the package's data once."""
    phrases: list[tuple[tuple[str, ...], Expression]] = []
    said: dict[str, set[str]] = {}
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
            means = Expression(concept, language)
            rows = dict.fromkeys(
                tuple(part for word in plain for part in slang[language].get(word, (word,)))
                for one in bare(written).replace("\n", ",").split(",")
                for plain in spell_out(one)
            )
            phrases += [(row, means) for row in rows if row]
            whole = set(filter(_is_whole, set().union(*rows)))
            said.setdefault(concept, set()).update(whole)
            for word in whole:
                languages.setdefault(word, set()).add(language)
    return Lexicon(
        phrases=_tree(phrases),
        said={concept: frozenset(found) for concept, found in said.items()},
        slang=slang,
        languages={word: frozenset(found) for word, found in languages.items()},
        small=small,
        words=frozenset(languages).union(*slang.values()),
    )


def _is_whole(part: str) -> bool:
    return part != GAP and part[-1] != "*"


def _tree(phrases: Iterable[tuple[tuple[str, ...], Expression]]) -> PhraseTree[Expression]:
    """The phrases, the surer ones first: a whole word before a stem, a long stem after a short one."""

    def order(phrase: tuple[tuple[str, ...], Expression]) -> tuple[int, bool]:
        parts = phrase[0]
        return (0 if _is_whole(parts[0]) else len(parts[0]), len(parts) > 1 and _is_whole(parts[1]))

    tree: PhraseTree[Expression] = PhraseTree()
    for parts, means in sorted(phrases, key=order):
        if _is_whole(parts[0]) or len(parts[0]) > _SHORTEST_STEM:
            tree.add(parts, means)
    return tree
