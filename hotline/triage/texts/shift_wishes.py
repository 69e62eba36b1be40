"""What staff ask of each other by text about their shifts: "can somebody take Saturday", "swap sat night with Ana".

A small grammar: which shift of theirs, of whom it is asked, and what is given for it. A message counts only if all of
it is known; whoever writes anything else beside it has asked for nothing. What was understood is told before anybody is
asked (`operations.by_text.asked_shifts`). The words are in `prompts/lists/shift_words.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import Final

from hotline.lettering import folded
from hotline.prompts.word_lists import all_words, words_of
from hotline.triage.texts.time_words import WEEKDAYS

_MOST: Final = 20
_APOSTROPHES: Final = str.maketrans("", "", "'’`´")
_OF_SOMEBODY: Final = re.compile(r"['’`´]s\b")
_WORD: Final = re.compile(r"\d{1,2}/\d{1,2}|[^\W\d_]+|\d+")
_IN_DATES: Final = frozenset({"de", "of", "the", "th", "st", "nd", "rd"})
_FAR: Final = timedelta(days=300)
"""A day of the year that was so long ago is meant of the next one."""


class ShiftPart(StrEnum):
    """A part of a day."""

    MORNING = "morning"
    DAY = "day"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    NIGHT = "night"


@dataclass(frozen=True, slots=True)
class WhichShift:
    """A shift by the day on which it begins, and the part of the day, if they say it."""

    day: date
    part: ShiftPart | None = None


@dataclass(frozen=True, slots=True)
class ShiftWish:
    """What somebody wants."""

    mine: WhichShift
    colleague: str | None = None
    """Of whom it is asked, as they write the name; None: of everybody."""
    theirs: WhichShift | None = None
    """What they would have for it."""


@dataclass(frozen=True, slots=True)
class HalfWish:
    """It is about a shift, and doesn't say which, or whom to ask."""


class _Says(StrEnum):
    """What a few words say; a letter each, so that a message is a word."""

    COVER = "C"
    SWAP = "S"
    CAN = "K"
    TAKE = "T"
    WITH = "W"
    AGAINST = "F"
    NAME = "N"
    DAY = "D"
    NEXT = "X"
    PART = "P"


_WHEN: Final = "(?:DP?|PD)"
_COVER: Final = re.compile(rf"C(?P<mine>{_WHEN})|(?P<first>{_WHEN})C")
_SWAP: Final = re.compile(
    rf"S(?P<mine>{_WHEN})W?N(?:F?(?P<theirs>{_WHEN}))?"
    rf"|SW?N(?P<mine2>{_WHEN})(?:F(?P<theirs2>{_WHEN}))?"
    rf"|K?NT(?P<mine3>{_WHEN})(?:F(?P<theirs3>{_WHEN}))?"
)


@dataclass(frozen=True, slots=True)
class _Piece:
    says: _Says
    value: date | ShiftPart | str | None = None


def wished(words: str, today: date, names: Collection[str]) -> ShiftWish | HalfWish | None:
    """What the whole message asks for; None for anything else. `today`: of the centre; `names`: of colleagues, folded,
    first ones and whole ones."""
    said = _split(words)
    if not said or len(said) > _MOST:
        return None
    found = list(_pieces(said, today, frozenset(tuple(one.split()) for one in names)))
    pieces = [one for one in _with_next(found, today) if one is not None]
    if None in found:
        return None
    shape = "".join(one.says for one in pieces)
    match = _COVER.fullmatch(shape) or _SWAP.fullmatch(shape)
    if match is None:
        asks = {_Says.COVER, _Says.SWAP}.intersection(shape)
        return HalfWish() if asks and {_Says.DAY, _Says.NAME}.intersection(shape) else None
    spans = {name[:6].rstrip("23"): match.span(name) for name, value in match.groupdict().items() if value}
    mine = spans.get("mine") or spans["first"]
    colleague = next((str(one.value) for one in pieces if one.says is _Says.NAME), None)
    theirs = _which(pieces, spans["theirs"]) if "theirs" in spans else None
    return ShiftWish(_which(pieces, mine), colleague, theirs)


def _which(pieces: Sequence[_Piece], span: tuple[int, int]) -> WhichShift:
    values = [one.value for one in pieces[span[0] : span[1]]]
    day = next(one for one in values if isinstance(one, date))
    return WhichShift(day, next((one for one in values if isinstance(one, ShiftPart)), None))


def _split(words: str) -> tuple[str, ...]:
    bare = _OF_SOMEBODY.sub(" s", folded(words)).translate(_APOSTROPHES)
    return tuple(_WORD.findall(bare))


def _pieces(said: Sequence[str], today: date, names: frozenset[tuple[str, ...]]) -> Iterator[_Piece | None]:
    """Each piece of the message; what stands between them is left out, and None is what isn't known."""
    at = 0
    while at < len(said):
        found = _longest(said, at, today, names)
        if found is None:
            yield None
            return
        at, pieces = found
        yield from pieces


def _longest(
    said: Sequence[str], at: int, today: date, names: frozenset[tuple[str, ...]]
) -> tuple[int, tuple[_Piece, ...]] | None:
    for end in range(min(len(said), at + 6), at, -1):
        part = tuple(said[at:end])
        named = _named(part, names)
        if named is not None:
            return end, (_Piece(_Says.NAME, named),)
        day = _day(part, today)
        if day is not None:
            return end, (_Piece(_Says.DAY, day),)
        if part in _known():
            return end, _known()[part]
        if part in _RELATIVE:
            return end, _relative(part, today)
    return None


def _named(part: tuple[str, ...], names: frozenset[tuple[str, ...]]) -> str | None:
    if part in names:
        return " ".join(part)
    last = part[-1]
    owned = (*part[:-1], last[:-1]) if last.endswith("s") else part
    return " ".join(owned) if owned in names else None


def _day(part: tuple[str, ...], today: date) -> date | None:
    """A weekday is the next one to come, today among them; a date, of this year or the next."""
    if len(part) == 1 and part[0] in WEEKDAYS:
        return today + timedelta(days=(WEEKDAYS[part[0]] - today.weekday()) % 7)
    if len(part) == 1 and "/" in part[0]:
        first, _, second = part[0].partition("/")
        return _date(int(first), int(second), today)
    bare = tuple(one for one in part if one not in _IN_DATES)
    for month, number in (bare, bare[::-1]) if len(bare) == 2 else ():
        if month in _months() and number.isdigit():
            return _date(_months()[month], int(number), today)
    return None


def _date(month: int, number: int, today: date) -> date | None:
    try:
        found = date(today.year, month, number)
        return found if found >= today - (timedelta(days=366) - _FAR) else found.replace(year=today.year + 1)
    except ValueError:
        return None


def _with_next(found: Sequence[_Piece | None], today: date) -> Iterator[_Piece | None]:
    """ "Next Saturday" is the one of the week after this one, if this week has one still."""
    skip = False
    for one in found:
        if one is not None and one.says is _Says.NEXT:
            skip = True
            continue
        if skip and one is not None and isinstance(one.value, date):
            ends = today + timedelta(days=6 - today.weekday())
            yield _Piece(_Says.DAY, one.value + timedelta(days=7) if one.value <= ends else one.value)
        else:
            yield one
        skip = False


_RELATIVE: Final = frozenset(
    tuple(words.split())
    for kind in ("today", "tonight", "tomorrow")
    for words in all_words("shift_words", kind)
)


def _relative(part: tuple[str, ...], today: date) -> tuple[_Piece, ...]:
    written = " ".join(part)
    if written in all_words("shift_words", "tomorrow"):
        return (_Piece(_Says.DAY, today + timedelta(days=1)),)
    night = (_Piece(_Says.PART, ShiftPart.NIGHT),) if written in all_words("shift_words", "tonight") else ()
    return (_Piece(_Says.DAY, today), *night)


@cache
def _months() -> Mapping[str, int]:
    return {
        name: number
        for several in words_of("shift_words", "months").values()
        for number, names in enumerate(several, start=1)
        for name in names.split()
    }


@cache
def _known() -> Mapping[tuple[str, ...], tuple[_Piece, ...]]:
    """Every phrase of the table; what stands between is no piece. What asks comes before what stands between."""
    kinds = (_Says.NEXT, _Says.AGAINST, _Says.WITH, _Says.TAKE, _Says.CAN, _Says.SWAP, _Says.COVER)
    found: dict[tuple[str, ...], tuple[_Piece, ...]] = {
        tuple(words.split()): () for words in all_words("shift_words", "between")
    }
    for part in ShiftPart:
        found.update(
            {tuple(words.split()): (_Piece(_Says.PART, part),) for words in all_words("shift_words", part)}
        )
    for says in kinds:
        listed = all_words("shift_words", says.name.lower())
        found.update({tuple(words.split()): (_Piece(says),) for words in listed})
    return found
