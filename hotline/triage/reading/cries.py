"""What very short messages are, by an explicit table per language (`cries.toml`): a cry, calm, or for a person to read.

Nothing here was learned and nothing is guessed: a message is a cry only if it is made of cries and of what changes
nothing around them ("please", "he", "oh my god"). That makes it what may page where words are weak witnesses: on a
call of ours before the person is proven, and by a recogniser that was not sure of what it heard.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from hotline.model import Language
from hotline.triage.reading.lexicon import lexicon, spell_out
from hotline.triage.reading.spelling import spelt
from hotline.triage.reading.words import Word, bare, words_of

_LONGEST: Final = 16
"""Words of which a row of cries is looked for; more is a story, and has other witnesses."""

_Words = tuple[str, ...]


class Cry(StrEnum):
    """What the table says of a whole message."""

    URGENT = "urgent"
    PLEA = "plea"
    """Pages where somebody writes it to us; heard on a call of ours, anybody may have said it."""
    ASK = "ask"
    CALM = "calm"


@dataclass(frozen=True, slots=True)
class _Table:
    said: dict[_Words, Cry]
    """Whole messages."""
    cries: frozenset[_Words]
    longest: int
    """Words of the longest cry."""
    around: frozenset[str]


def cry_of(words: Iterable[Word], language: Language) -> Cry | None:
    """What these few words are in this language or in English; None if the table doesn't have them."""
    said = tuple(word.text for word in words)
    if not said or len(said) > _LONGEST:
        return None
    found = [_found(said, table) for table in _tables_of(language)]
    return next((cry for cry in (Cry.CALM, Cry.URGENT, Cry.PLEA, Cry.ASK) if cry in found), None)


@cache
def courtesy() -> frozenset[str]:
    """Words that take up no room where it is asked whether a message is only a few words; of all languages."""
    return frozenset(word for written in _written().values() for word in bare(written["courtesy"]).split())


@lru_cache(maxsize=64)  # one turn asks several times, as it does of the meaning
def unmistakable(words: str, language: Language) -> bool:
    """Whether these words can only be a cry for help, whoever said them and however badly they were heard."""
    return cry_of(spelt(words_of(words), language), language) is Cry.URGENT


def _found(said: _Words, table: _Table) -> Cry | None:
    once = tuple(word for at, word in enumerate(said) if not at or word != said[at - 1])
    known = table.said.get(said) or table.said.get(once)
    if known is None and _is_row_of_cries(once, table):
        return Cry.URGENT
    return known or next((cry for cry in (Cry.PLEA, Cry.ASK) if _holds(cry, once, table)), None)


def _holds(cry: Cry, said: _Words, table: _Table) -> bool:
    """Whether such a plea or question stands there, and nothing else but what may stand around it."""
    within = [at for at, word in enumerate(said) if word not in table.around] or [len(said) - 1, 0]
    first, last = within[0], within[-1]
    return any(
        table.said.get(said[start:end]) is cry
        for start in range(first + 1)
        for end in range(max(start, last) + 1, len(said) + 1)
    )


def _is_row_of_cries(said: _Words, table: _Table) -> bool:
    """Whether the words are cries and what may stand around them, with one cry at least."""
    reached = {0: False}
    """Up to which word it is, and whether a cry was among them."""
    for start in range(len(said)):
        if start not in reached:
            continue
        cried = reached[start]
        if said[start] in table.around:
            reached[start + 1] = reached.get(start + 1, False) or cried
        for end in range(start + 1, min(start + table.longest, len(said)) + 1):
            if said[start:end] in table.cries:
                reached[end] = True
    return reached.get(len(said), False)


def _tables_of(language: Language) -> tuple[_Table, ...]:
    tables = _tables()
    return (tables[language],) if language is Language.EN else (tables[language], tables[Language.EN])


@cache
def _tables() -> dict[Language, _Table]:
    return {language: _table(language) for language in Language}


@cache
def _written() -> dict[str, dict[str, str]]:
    return tomllib.loads((files("hotline.triage.reading") / "cries.toml").read_text(encoding="utf-8"))


def _table(language: Language) -> _Table:
    said = {row: cry for cry in Cry for row in rows_of(cry, language)}
    cries = frozenset(row for row, cry in said.items() if cry is Cry.URGENT)
    around = frozenset(bare(_written()[language.value]["around"]).split())
    return _Table(said, cries, max(map(len, cries)), around)


def rows_of(cry: Cry, language: Language) -> set[tuple[str, ...]]:
    """Every row of words that the table has under this heading, with slang written out as it is in messages."""
    slang = lexicon().slang[language]
    phrases = bare(_written()[language.value][cry.value]).replace("\n", ",").split(",")
    plain = (row for one in phrases for row in spell_out(one))
    return {tuple(part for word in row for part in slang.get(word, (word,))) for row in plain if row}
