"""The few entries that are offered by key in a talk: by what they are for, then whether they are open, then their name.

All others are on the page of the case. Nothing else has a say in the order: not how often somebody was sent there, and
not how anybody is insured.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from hotline.model import Line
from hotline.referral.directory_entry import DirectoryEntry, ReferralKind

AT_MOST: Final = 4
"""Choices by key: with "back" that is five, and more are not kept in mind (Avaya IR guide)."""
_TREATMENT: Final = (
    ReferralKind.DETOX,
    ReferralKind.RESIDENTIAL,
    ReferralKind.METHADONE,
    ReferralKind.OUTPATIENT,
)
FITTING: Final[Mapping[Line, tuple[ReferralKind, ...]]] = {
    Line.EMERGENCY: (ReferralKind.CRISIS, ReferralKind.OVERDOSE, ReferralKind.HELPLINE),
    Line.ADMISSIONS: (*_TREATMENT, ReferralKind.HELPLINE),
    Line.FAMILY: (ReferralKind.HELPLINE, ReferralKind.CRISIS, *_TREATMENT),
    Line.PERSON: (ReferralKind.HELPLINE, ReferralKind.CRISIS, ReferralKind.OVERDOSE, *_TREATMENT),
}
"""What callers of a line are offered, in this order."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry, and whether it is open now; None: nobody has written down when."""

    entry: DirectoryEntry
    is_open: bool | None


def fitting(candidates: Iterable[Candidate], line: Line, language: str) -> tuple[DirectoryEntry, ...]:
    """At most `AT_MOST` that can be rung for a caller of this line and language, in the order of their keys from 1 on.

    Each kind comes once before any comes twice.
    """
    kinds = FITTING.get(line, FITTING[Line.PERSON])
    found = [
        one
        for one in candidates
        if one.entry.rung is not None
        and one.is_open is not False
        and one.entry.speaks(language)
        and any(kind in kinds for kind in one.entry.kinds)
    ]
    found.sort(key=lambda one: (_place(one.entry, kinds), one.is_open is None, one.entry.name))
    return tuple(one.entry for one in _mixed(found, kinds))[:AT_MOST]


def _place(entry: DirectoryEntry, kinds: tuple[ReferralKind, ...]) -> int:
    return min(kinds.index(kind) for kind in entry.kinds if kind in kinds)


def _mixed(found: list[Candidate], kinds: tuple[ReferralKind, ...]) -> list[Candidate]:
    times: dict[int, int] = {}
    placed: list[tuple[int, int, Candidate]] = []
    for one in found:
        place = _place(one.entry, kinds)
        times[place] = times.get(place, -1) + 1
        placed.append((times[place], place, one))
    return [one for _, _, one in sorted(placed, key=lambda each: each[:2])]
