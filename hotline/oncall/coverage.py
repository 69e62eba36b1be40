"""What a centre needs at which hours, and the holes: stretches of time in which too few are on for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hotline.model import Language, Role, StaffId
from hotline.oncall.schedule import Schedule, timeline, who_is_on
from hotline.oncall.wall_clock import shown, zone
from hotline.oncall.week_hours import Hours

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Colleague:
    """What somebody can be put on for."""

    roles: frozenset[Role]
    languages: frozenset[Language]


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """So many, who can do this, at these hours. Raises ValueError for one that nothing could fill or everything."""

    schedules: tuple[str, ...]
    """Whoever is on by any of them counts, once."""
    people: int = 1
    role: Role | None = None
    language: Language | None = None
    hours: tuple[Hours, ...] = ()
    """At which hours of the week, by the clock of the first of the schedules; at all of them if there are none."""

    def __post_init__(self) -> None:
        if not self.schedules:
            raise ValueError('schedules: name at least one, such as ["clinicians"]')
        if not 1 <= self.people <= 99:
            raise ValueError("people: write how many are needed, from 1 to 99")

    def holds(self, now: datetime, place: ZoneInfo) -> bool:
        """Whether anybody is needed at `now` (aware)."""
        return not self.hours or any(hours.hold(now, place) for hours in self.hours)

    def edges(self, start: datetime, end: datetime, place: ZoneInfo) -> Iterator[datetime]:
        """The moments (UTC) between `start` and `end` at which its hours begin or end; some others, too."""
        first, last = shown(start, place).date(), shown(end, place).date()
        for hours in self.hours:
            for both in hours.between(first, last, place):
                yield from both

    def met_by(self, person: StaffId, colleagues: Mapping[StaffId, Colleague]) -> bool:
        """Whether this person counts for it."""
        can = colleagues.get(person)
        return (
            can is not None
            and (self.role is None or self.role in can.roles)
            and (self.language is None or self.language in can.languages)
        )


@dataclass(frozen=True, slots=True)
class Hole:
    """A stretch of time in which fewer are on than are needed."""

    need: Need
    starts: datetime
    ends: datetime
    """Both in UTC."""
    people: int
    """How many who count are on: fewer than the need's."""


def holes(
    need: Need,
    schedules: Mapping[str, Schedule],
    colleagues: Mapping[StaffId, Colleague],
    start: datetime,
    end: datetime,
) -> tuple[Hole, ...]:
    """Every hole from `start` until before `end` (both aware), in order.

    `colleagues`: whoever can be rung at all. A schedule that isn't among `schedules` has nobody on.
    """
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    known = [schedules[name] for name in need.schedules if name in schedules]
    place = zone(known[0].timezone if known else "UTC")
    edges = {start, end, *need.edges(start, end, place)}
    for schedule in known:
        edges.update(one.starts for one in timeline(schedule, start, end))
    found: list[Hole] = []
    for at, until in pairwise(sorted(one for one in edges if start <= one <= end)):
        if not need.holds(at, place):
            continue
        here = _counting(need, known, colleagues, at)
        if here >= need.people:
            continue
        if found and found[-1].ends == at and found[-1].people == here:
            found[-1] = replace(found[-1], ends=until)
        else:
            found.append(Hole(need, at, until, here))
    return tuple(found)


def _counting(
    need: Need, schedules: Collection[Schedule], colleagues: Mapping[StaffId, Colleague], at: datetime
) -> int:
    on = {person for schedule in schedules for person in who_is_on(schedule, at)}
    return sum(need.met_by(person, colleagues) for person in on)


def usual_needs(schedules: Iterable[str]) -> tuple[Need, ...]:
    """What is needed if the centre has said nothing: somebody, at every hour, by each of these schedules."""
    return tuple(Need(schedules=(name,)) for name in schedules)
