"""Schedules: who is awake, now and in the weeks to come.

Theory of operation
-------------------
A schedule is a plan, and what has been changed about it.

    always      on at every hour, first in order
    rotations   each adds whose turn it is, or, with `instead`, stands for everything before it
    changes     one after the other as they were made: somebody is on as well, is off, or is on instead of somebody

Everything is asked of moments. A wall's clock (`wall_clock`) says which moment a written time is, so who is on can only
change at the moments that `edges` names: between two of them one look tells everything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Final

from hotline.model import KeptWord, StaffId, is_known
from hotline.oncall import public_holidays
from hotline.oncall.rotations import Calendar, Days, Rotation
from hotline.oncall.wall_clock import zone

_NEXT_WITHIN: Final = (timedelta(days=2), timedelta(days=14), timedelta(days=62))
"""How far ahead it is looked who is on next: mostly they come within two days."""


class ChangeKind(KeptWord):
    """What a change does."""

    ON = "on"
    """They are on as well."""
    OFF = "off"
    """They are not on: away, ill."""
    INSTEAD = "instead"
    """They are on wherever somebody else would be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One person's change of the plan, for a while. Raises ValueError for one that says nothing."""

    kind: ChangeKind
    person: StaffId
    starts: datetime
    ends: datetime
    """Both aware; it counts from `starts` until before `ends`."""
    instead_of: StaffId | None = None

    def __post_init__(self) -> None:
        if self.starts.tzinfo is None or self.ends.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        if self.ends <= self.starts:
            raise ValueError("Until must be after From.")
        if (self.instead_of is None) is (self.kind is ChangeKind.INSTEAD) and is_known(self.kind):
            raise ValueError("Say instead of whom they are on.")

    def applied(self, people: Iterable[tuple[StaffId, bool]]) -> list[tuple[StaffId, bool]]:
        """Everybody who is on by now, and whether they are off again: after this change.

        Whoever is off keeps their place: somebody may still be put on instead of them.
        """
        if not is_known(self.kind):
            return list(people)
        match self.kind:
            case ChangeKind.ON:
                return [*people, (self.person, False)]
            case ChangeKind.OFF:
                return [(one, off or one == self.person) for one, off in people]
            case ChangeKind.INSTEAD:
                return [(self.person, False) if one == self.instead_of else (one, off) for one, off in people]


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Some people who share a duty. Raises ValueError, in an operator's words, for a zone or holidays nobody knows."""

    name: str
    timezone: str
    """The zone in which the schedule is written and read, such as America/New_York."""
    always: tuple[StaffId, ...] = ()
    """On at every hour, in the order in which they are asked."""
    rotations: tuple[Rotation, ...] = ()
    changes: tuple[Change, ...] = ()
    """In the order in which they were made: a later one changes what the earlier ones left."""
    holidays: str | None = None
    own_holidays: frozenset[date] = frozenset()
    day_begins: time = time(0)

    def __post_init__(self) -> None:
        zone(self.timezone)
        if self.holidays is not None:
            public_holidays.check_place(self.holidays)
        if (
            not self.holidays
            and not self.own_holidays
            and any(one.days is not Days.ALL for one in self.rotations)
        ):
            raise ValueError('holidays: a rotation asks for them; write a place such as "US-MA"')

    @property
    def calendar(self) -> Calendar:
        """The clock and the holidays by which it goes."""
        return Calendar(
            place=zone(self.timezone),
            holidays=self.holidays,
            own_holidays=self.own_holidays,
            day_begins=self.day_begins,
        )

    @property
    def named(self) -> frozenset[StaffId]:
        """Everybody whom the plan and its changes put on at any time."""
        by_turn = (person for one in self.rotations for turn in one.turns for person in turn)
        by_change = (one.person for one in self.changes if one.kind in (ChangeKind.ON, ChangeKind.INSTEAD))
        return frozenset((*self.always, *by_turn, *by_change))


def without(schedule: Schedule, person: StaffId) -> Schedule:
    """The plan as it is when somebody has left. Nobody else's turn moves: a turn that was theirs alone has nobody."""
    rotations = []
    for one in schedule.rotations:
        turns = tuple(tuple(each for each in turn if each != person) for turn in one.turns)
        if any(turns):
            rotations.append(replace(one, turns=turns))
    always = tuple(each for each in schedule.always if each != person)
    return replace(schedule, always=always, rotations=tuple(rotations))


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which the same people are on."""

    starts: datetime
    ends: datetime
    """Both in UTC."""
    people: tuple[StaffId, ...]


def who_is_on(schedule: Schedule, now: datetime) -> tuple[StaffId, ...]:
    """Everybody on duty at `now` (aware), in the order in which they are asked, nobody twice.

    Raises ValueError for a naive `now`.
    """
    if now.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    people: list[StaffId] = list(schedule.always)
    if schedule.rotations:
        calendar = schedule.calendar
        for rotation in schedule.rotations:
            turn = rotation.on(now, calendar)
            if turn:
                people = list(turn) if rotation.instead else [*people, *turn]
    marked = [(person, False) for person in people]
    for change in schedule.changes:
        if change.starts <= now < change.ends:
            marked = change.applied(marked)
    return tuple(dict.fromkeys(person for person, off in marked if not off))


def who_is_away(schedule: Schedule, now: datetime) -> frozenset[StaffId]:
    """Of whom somebody has said that they aren't on at `now` (aware): they are off, or others are on for them."""
    kinds = (ChangeKind.OFF, ChangeKind.INSTEAD)
    off = (one for one in schedule.changes if one.starts <= now < one.ends and one.kind in kinds)
    return frozenset(one.instead_of or one.person for one in off)


def who_is_next(schedule: Schedule, able: Collection[StaffId], now: datetime) -> tuple[StaffId, ...]:
    """Whoever of `able` is on after those who are on at `now` (aware): the first who come, in the order in which they
    are asked. Nobody, if nobody else comes within two months."""
    here = who_is_on(schedule, now)
    for ahead in _NEXT_WITHIN:
        for one in timeline(schedule, now, now + ahead):
            then = tuple(person for person in one.people if person in able and person not in here)
            if then:
                return then
    return ()


def timeline(schedule: Schedule, start: datetime, end: datetime) -> tuple[Stretch, ...]:
    """Who is on from `start` until before `end` (both aware): stretches without a gap between them, in order.

    Neighbours differ; a stretch in which nobody is on has no people.
    """
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    found: list[Stretch] = []
    moments = [start, *(at for at in _edges(schedule, start, end) if start < at < end), end]
    for at, until in pairwise(moments):
        people = who_is_on(schedule, at)
        if found and found[-1].people == people:
            found[-1] = replace(found[-1], ends=until)
        elif at < until:
            found.append(Stretch(at, until, people))
    return tuple(found)


def _edges(schedule: Schedule, start: datetime, end: datetime) -> list[datetime]:
    calendar = schedule.calendar
    found: set[datetime] = set()
    for rotation in schedule.rotations:
        found.update(rotation.edges(start, end, calendar))
    for change in schedule.changes:
        found.update((change.starts.astimezone(UTC), change.ends.astimezone(UTC)))
    return sorted(found)
