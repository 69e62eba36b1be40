"""Holes in the plan of duty: stretches of time in which nobody who can be rung is on, or too few of those needed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from hotline.model import StaffId
from hotline.oncall.schedule import Schedule, timeline


@dataclass(frozen=True, slots=True)
class Hole:
    """Nobody is on by this schedule from `starts` until before `ends`, both in UTC; or, with `need`, too few."""

    schedule: str
    """With `need`: the schedule on which somebody is put who fills it."""
    starts: datetime
    ends: datetime
    need: str | None = None
    """The need that isn't met, by its name."""


def holes(
    schedule: Schedule, can_be_rung: Collection[StaffId], start: datetime, end: datetime
) -> tuple[Hole, ...]:
    """Every hole from `start` until before `end` (both aware), in order; what touches is one."""
    return joined(
        Hole(schedule.name, one.starts, one.ends)
        for one in timeline(schedule, start, end)
        if not any(person in can_be_rung for person in one.people)
    )


def joined(each: Iterable[Hole]) -> tuple[Hole, ...]:
    """The same, of one kind and in their order, with what touches made one."""
    found: list[Hole] = []
    for one in each:
        if found and found[-1].ends == one.starts:
            found[-1] = replace(found[-1], ends=one.ends)
        else:
            found.append(one)
    return tuple(found)
