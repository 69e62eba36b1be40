"""Shifts: from when until when somebody is on, whatever the schedules are by which they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from hotline.model import StaffId
from hotline.oncall.schedule import Schedule, timeline

SEEN: Final = timedelta(days=62)
"""How far ahead the end of a shift that goes on long, such as a week's, is looked for."""


@dataclass(frozen=True, slots=True)
class Spell:
    """A time without a gap in which somebody is on; both ends in UTC."""

    person: StaffId
    starts: datetime
    ends: datetime
    schedules: tuple[str, ...]
    """By which they are on at any time of it."""


def shifts(schedules: Iterable[Schedule], start: datetime, end: datetime) -> tuple[Spell, ...]:
    """Every shift of everybody from `start` until before `end` (both aware), the earliest first.

    One that began before `start`, or goes on after `end`, is cut there: its own beginning or end is not known.
    """
    parts: dict[StaffId, list[Spell]] = {}
    for schedule in schedules:
        for one in timeline(schedule, start, end):
            for person in one.people:
                parts.setdefault(person, []).append(Spell(person, one.starts, one.ends, (schedule.name,)))
    found = [shift for theirs in parts.values() for shift in _joined(theirs)]
    return tuple(sorted(found, key=lambda shift: (shift.starts, shift.person)))


def _joined(parts: Iterable[Spell]) -> list[Spell]:
    found: list[Spell] = []
    for one in sorted(parts, key=lambda part: (part.starts, part.ends)):
        if found and one.starts <= found[-1].ends:
            last = found[-1]
            names = tuple(dict.fromkeys((*last.schedules, *one.schedules)))
            found[-1] = replace(last, ends=max(last.ends, one.ends), schedules=names)
        else:
            found.append(one)
    return found


def next_of(found: Iterable[Spell], person: StaffId, after: datetime) -> Spell | None:
    """Their next one that begins after this moment, or None."""
    return next((one for one in found if one.person == person and one.starts > after), None)
