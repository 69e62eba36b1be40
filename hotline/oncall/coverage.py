"""Holes in the plan of duty: stretches of time in which nobody who can be rung is on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from hotline.model import StaffId
from hotline.oncall.schedule import Schedule, timeline


@dataclass(frozen=True, slots=True)
class Hole:
    """Nobody is on by this schedule from `starts` until before `ends`, both in UTC."""

    schedule: str
    starts: datetime
    ends: datetime


def holes(
    schedule: Schedule, can_be_rung: Collection[StaffId], start: datetime, end: datetime
) -> tuple[Hole, ...]:
    """Every hole from `start` until before `end` (both aware), in order; what touches is one."""
    found: list[Hole] = []
    for one in timeline(schedule, start, end):
        if any(person in can_be_rung for person in one.people):
            continue
        begins = found.pop().starts if found and found[-1].ends == one.starts else one.starts
        found.append(Hole(schedule.name, begins, one.ends))
    return tuple(found)
