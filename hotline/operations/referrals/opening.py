"""Whether whoever is in the directory is open, and who of them fits what is looked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hotline.lettering import folded
from hotline.model import StaffId
from hotline.oncall.wall_clock import zone
from hotline.oncall.week_hours import parse_hours
from hotline.operations.transaction import Transaction
from hotline.referral.directory_entry import ALWAYS, DirectoryEntry, ReferralKind
from hotline.store.overviews import crew
from hotline.store.people import directory
from hotline.worded import worded

_SAID: Final = {True: worded("open now"), False: worded("closed now"), None: worded("hours not known")}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for in the directory; everything empty: all of it."""

    words: str = ""
    kind: ReferralKind | None = None
    language: str = ""
    open_now: bool = False


def is_open(entry: DirectoryEntry, now: datetime) -> bool | None:
    """Whether they are open at `now` (aware), by the clock of their place; None if nobody has written down when."""
    if not entry.hours:
        return None
    place = zone(entry.timezone)
    return any(one == ALWAYS or parse_hours(one).hold(now, place) for one in entry.hours)


def said(found: bool | None) -> str:
    """That in words."""
    return _SAID[found]


@dataclass(frozen=True, slots=True)
class Listed:
    """What was looked for, and found. `now` is UTC."""

    entries: tuple[tuple[DirectoryEntry, bool | None], ...]
    """Each with whether it is open now."""
    all_of_them: int
    names: Mapping[StaffId, str]
    """Of whoever changed one last."""
    now: datetime


def listed(transaction: Transaction, wanted: Wanted, *, retired: bool = False) -> Listed:
    """Those of the directory that fit, by name; `retired`: of those that are retired."""
    now = transaction.now
    every = [one for one in directory.every(transaction.tx) if one.active is not retired]
    found = tuple((one, is_open(one, now)) for one in matching(every, wanted, now))
    return Listed(found, len(every), crew.names(transaction.tx), now)


def names(transaction: Transaction) -> list[str]:
    """All that callers may be sent to, by name; no dispatch centre."""
    every = directory.every(transaction.tx)
    return [one.name for one in every if one.active and ReferralKind.DISPATCH not in one.kinds]


def rung(transaction: Transaction) -> tuple[tuple[DirectoryEntry, bool | None], ...]:
    """All that take hand-offs, each with whether it is open now: those that are, first."""
    found = [(one, is_open(one, transaction.now)) for one in directory.every(transaction.tx) if one.rung]
    return tuple(sorted(found, key=lambda each: (each[1] is not True, each[1] is False, each[0].name)))


def matching(entries: Iterable[DirectoryEntry], wanted: Wanted, now: datetime) -> tuple[DirectoryEntry, ...]:
    """Those that fit, by name. Each word that is looked for is in the name, the notes, a town, a kind or a number."""
    words = folded(wanted.words).split()
    return tuple(
        one
        for one in entries
        if (wanted.kind is None or wanted.kind in one.kinds)
        and (not wanted.language or one.speaks(wanted.language))
        and (not wanted.open_now or is_open(one, now))
        and _holds(one, words)
    )


def _holds(entry: DirectoryEntry, words: list[str]) -> bool:
    if not words:
        return True
    text = folded(" ".join((entry.name, entry.notes, *entry.towns, *entry.kinds)))
    digits = " ".join(entry.numbers)
    return all(word in text or _digits(word) in digits for word in words)


def _digits(word: str) -> str:
    found = "".join(sign for sign in word if sign.isdecimal())
    return found if len(found) >= 3 else word
