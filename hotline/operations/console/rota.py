"""What the page On call shows: who is on, day by day, the holes, and what is otherwise than planned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Final

from hotline.model import StaffId
from hotline.oncall.coverage import Hole
from hotline.oncall.schedule import ChangeKind, Schedule, Stretch, timeline
from hotline.oncall.wall_clock import moment, shown, zone
from hotline.operations.paging.holes_watch import ahead
from hotline.operations.transaction import Transaction
from hotline.store.overviews.crew import Crew, crew
from hotline.store.people import shift_changes

DAYS: Final = 14
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of one day; both ends as a share of the day, from 0 to 1."""

    begins: float
    ends: float
    people: tuple[StaffId, ...]
    """Whoever can be rung; nobody: a hole."""
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class RotaDay:
    """A day of a schedule, by its own clock."""

    day: date
    parts: tuple[Part, ...]
    now: float | None
    """Where in it this moment is; None if it is another day."""


@dataclass(frozen=True, slots=True)
class Rota:
    """One schedule. Times are UTC."""

    name: str
    timezone: str
    on: tuple[StaffId, ...]
    until: datetime | None
    """When somebody else is on; None: not within the days shown."""
    then: tuple[StaffId, ...]
    days: tuple[RotaDay, ...]


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """Something that is otherwise than planned, now or later."""

    id: str
    kind: ChangeKind
    person: StaffId
    instead_of: StaffId | None
    schedule: str | None
    starts: datetime
    ends: datetime
    made_by: StaffId | None


@dataclass(frozen=True, slots=True)
class OnCall:
    """Everything that the page shows."""

    now: datetime
    rotas: tuple[Rota, ...]
    holes: tuple[Hole, ...]
    changes: tuple[PlannedChange, ...]
    names: Mapping[StaffId, str]
    """Of everybody on the staff."""
    colours: Mapping[StaffId, int]
    """A number for each, from 0: by name, so that it stays the same from day to day."""
    to_choose: tuple[tuple[StaffId, str], ...]
    """Whoever may be put on: their phone is verified."""


def look(transaction: Transaction) -> OnCall:
    """As it is at this moment."""
    here, now = crew(transaction.tx), transaction.now
    able = {one.id for one in here.members if one.verified}
    return OnCall(
        now=now,
        rotas=tuple(_rota(one, able, now) for one in here.schedules),
        holes=tuple(ahead(here, now, now + DAYS * _DAY)),
        changes=tuple(_changes(transaction, now)),
        names={one.id: one.name for one in here.members},
        colours=_colours(here),
        to_choose=tuple((one.id, one.name) for one in here.members if one.verified),
    )


def _colours(here: Crew) -> dict[StaffId, int]:
    on = {person for schedule in here.schedules for person in schedule.named}
    return {one.id: number for number, one in enumerate(one for one in here.members if one.id in on)}


def _changes(transaction: Transaction, now: datetime) -> Iterator[PlannedChange]:
    found = [one for one in shift_changes.counting(transaction.tx) if one.change.ends > now]
    for one in sorted(found, key=lambda one: (one.change.starts, one.id)):
        yield PlannedChange(
            id=one.id,
            kind=one.change.kind,
            person=one.change.person,
            instead_of=one.change.instead_of,
            schedule=one.schedule,
            starts=one.change.starts,
            ends=one.change.ends,
            made_by=one.made_by,
        )


def _rota(schedule: Schedule, able: set[StaffId], now: datetime) -> Rota:
    place = zone(schedule.timezone)
    today = shown(now, place).date()
    midnights = [
        moment(datetime.combine(today + number * _DAY, datetime.min.time()), place)
        for number in range(DAYS + 1)
    ]
    plan = [_reachable(one, able) for one in timeline(schedule, midnights[0], midnights[-1])]
    current = next(one for one in plan if one.starts <= now < one.ends)
    later = next((one for one in plan if one.starts >= current.ends and one.people != current.people), None)
    return Rota(
        name=schedule.name,
        timezone=schedule.timezone,
        on=current.people,
        until=later.starts if later is not None else None,
        then=later.people if later is not None else (),
        days=tuple(
            RotaDay(today + number * _DAY, tuple(_parts(plan, begins, ends)), _share(now, begins, ends))
            for number, (begins, ends) in enumerate(pairwise(midnights))
        ),
    )


def _reachable(one: Stretch, able: set[StaffId]) -> Stretch:
    return Stretch(one.starts, one.ends, tuple(person for person in one.people if person in able))


def _parts(plan: list[Stretch], begins: datetime, ends: datetime) -> Iterator[Part]:
    for one in plan:
        first, last = max(one.starts, begins), min(one.ends, ends)
        if first < last:
            whole = (ends - begins).total_seconds()
            yield Part(
                (first - begins).total_seconds() / whole,
                (last - begins).total_seconds() / whole,
                one.people,
                first.astimezone(UTC),
                last.astimezone(UTC),
            )


def _share(now: datetime, begins: datetime, ends: datetime) -> float | None:
    inside = begins <= now < ends
    return (now - begins).total_seconds() / (ends - begins).total_seconds() if inside else None
