"""The lexicons: per language its small words, its slang, and the phrases by which each concept is said.

Written in `lexicon/<language>.toml`, in the normal spelling of `words`: no accents, no apostrophes. A phrase is
words in a row, with `a/b` for either, `(a)` for perhaps, `a*` for every word that begins so, and `..` for up to
three words of any kind. A phrase never runs over the end of a sentence.

What is written there becomes `lexicon.bin` by `python -m tools.pack_reading`, and that file is what is read: the rows
of words that a phrase stands for are a hundred thousands, and to work them out would take a second of each start.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from hotline.model import Language
from hotline.triage.reading.kept import closed, opened
from hotline.triage.reading.phrase_tree import PhraseTree


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
    return unpacked((files("hotline.triage.reading") / "lexicon.bin").read_bytes())


def packed(known: Lexicon) -> bytes:
    """The lexicon as it is kept."""
    head = {
        "parts": known.phrases.parts,
        "meanings": [(one.concept, one.language) for one in known.phrases.meanings],
        "said": {concept: sorted(words) for concept, words in known.said.items()},
        "slang": known.slang,
        "languages": {word: sorted(of) for word, of in sorted(known.languages.items())},
        "small": {language: sorted(words) for language, words in known.small.items()},
    }
    return closed(head, known.phrases.closed())


def unpacked(kept: bytes) -> Lexicon:
    """The lexicon that was kept so. Raises ValueError if a bit of it is another."""
    head, numbers = opened(kept, "lexicon.bin", "pack_reading")
    meanings = (Expression(concept, Language(of)) for concept, of in head["meanings"])
    languages = {word: frozenset(map(Language, of)) for word, of in head["languages"].items()}
    slang = {
        Language(of): {short: tuple(long) for short, long in written.items()}
        for of, written in head["slang"].items()
    }
    return Lexicon(
        phrases=PhraseTree.opened(head["parts"], meanings, numbers),
        said={concept: frozenset(words) for concept, words in head["said"].items()},
        slang=slang,
        languages=languages,
        small={Language(of): frozenset(words) for of, words in head["small"].items()},
        words=frozenset(languages).union(*slang.values()),
    )
