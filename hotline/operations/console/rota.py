"""What the page On call shows: who is on, day by day, the holes, and what is otherwise than planned."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Final

from hotline.model import StaffId
from hotline.oncall.coverage import Hole
from hotline.oncall.schedule import ChangeKind, Schedule, Stretch
from hotline.oncall.staffing.shift_ask import ShiftAsk
from hotline.oncall.staffing.whose_schedule import is_for
from hotline.oncall.wall_clock import moment, shown, zone
from hotline.operations.shifts import as_it_was, own_shifts, shift_limits, taking_over
from hotline.operations.shifts.holes_ahead import ahead, rung
from hotline.operations.shifts.own_shifts import OwnShift
from hotline.operations.transaction import Transaction
from hotline.store.duty import calendar_feeds, shift_asks, shift_changes
from hotline.store.overviews.crew import Crew, crew

DAYS: Final = 14
_DAY: Final = timedelta(days=1)
_SOON: Final = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of one day; both ends as a share of the day, from 0 to 1."""

    begins: float
    ends: float
    people: tuple[StaffId, ...]
    """Whoever can be rung; nobody: a hole."""
    starts_at: datetime
    ends_at: datetime
    known: bool = True
    """False: it is over, and nobody noted who was on."""


@dataclass(frozen=True, slots=True)
class TooFew:
    """A stretch of one day in which a need isn't met; measured as a part is."""

    begins: float
    ends: float
    need: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class RotaDay:
    """A day of a schedule, by its own clock."""

    day: date
    parts: tuple[Part, ...]
    few: tuple[TooFew, ...]
    now: float | None
    """Where in it this moment is; None if it is another day."""


@dataclass(frozen=True, slots=True)
class Rota:
    """One schedule. Times are UTC."""

    name: str
    timezone: str
    on: tuple[StaffId, ...]
    beside: tuple[StaffId, ...]
    """Trainees who look on now."""
    until: datetime | None
    """When somebody else is on; None: not within the days shown."""
    then: tuple[StaffId, ...]
    days: tuple[RotaDay, ...]
    ends: Mapping[StaffId, datetime]
    """Until when somebody would be on instead of each who is on, if they took over at once."""


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
class AskShown:
    """Something that is asked about shifts, or was taken and isn't over, as one person sees it."""

    ask: ShiftAsk
    asked: tuple[StaffId, ...]
    mine: bool
    """They are asked, and have said nothing yet."""
    own: bool
    """Theirs to take back: their shift, their ask, or taken by them."""


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
    trainees: tuple[tuple[StaffId, str], ...]
    """Whoever may be put on to look on."""
    own: tuple[OwnShift, ...]
    """The next shifts of whoever looks."""
    asks: tuple[AskShown, ...]
    calendars: tuple[str | None, ...]
    """For which schedules whoever looks has an address; None: for their own shifts."""
    may_take: frozenset[str]
    """The schedules that are for people like whoever looks."""
    takers: Mapping[str, tuple[tuple[StaffId, str], ...]]
    """Whoever can be rung and is of those whom the schedule is for, by schedule."""

    @property
    def soon(self) -> tuple[Hole, ...]:
        """Holes that begin within 72 hours: those that somebody must see to now."""
        return tuple(one for one in self.holes if one.starts < self.now + _SOON)

    @property
    def later(self) -> tuple[Hole, ...]:
        """The others."""
        return tuple(one for one in self.holes if one.starts >= self.now + _SOON)


def look(transaction: Transaction, viewer: StaffId) -> OnCall:
    """As it is at this moment, for whoever looks."""
    here, now = crew(transaction.tx), transaction.now
    able = rung(here)
    found = ahead(transaction.tx, now, now + DAYS * _DAY)
    roles = {one.id: one.roles for one in here.members}
    takers = {
        rota.name: tuple(
            (one.id, one.name) for one in here.members if one.id in able and is_for(rota, roles, one.id)
        )
        for rota in here.schedules
    }
    return OnCall(
        now=now,
        rotas=_rotas(transaction, here, able, found),
        holes=tuple(found),
        changes=tuple(_changes(transaction, now)),
        names={one.id: one.name for one in here.members},
        colours=_colours(here),
        to_choose=tuple((one.id, one.name) for one in here.members if one.can_be_rung),
        trainees=tuple((one.id, one.name) for one in here.members if one.is_trainee),
        own=tuple(own_shifts.of(here.schedules, viewer, takers, shift_limits.limits(transaction), now)),
        asks=tuple(_asks(transaction, viewer)),
        calendars=tuple(one.schedule for one in calendar_feeds.of_owner(transaction.tx, viewer)),
        may_take=frozenset(one.name for one in here.schedules if is_for(one, roles, viewer)),
        takers=takers,
    )


def _asks(transaction: Transaction, viewer: StaffId) -> Iterator[AskShown]:
    waiting = {one.ask for one in shift_asks.waiting_for(transaction.tx, viewer)}
    for ask in shift_asks.ahead(transaction.tx, transaction.now):
        asked = tuple(one.staff for one in shift_asks.asked_of(transaction.tx, ask.id))
        own = viewer in (ask.person, ask.asked_by, ask.decided_by)
        yield AskShown(ask, asked, ask.id in waiting, own)


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


def _rotas(
    transaction: Transaction,
    here: Crew,
    able: Collection[StaffId],
    found: Iterable[Hole],
) -> tuple[Rota, ...]:
    now, schedules = transaction.now, here.schedules
    days = {one.name: _midnights(one, now) for one in schedules}
    first = min((each[0] for each in days.values()), default=now)
    last = max((each[-1] for each in days.values()), default=now)
    plans = as_it_was.timelines(transaction, schedules, first, last)
    return tuple(
        _rota(
            one,
            days[one.name],
            [_reachable(stretch, able) for stretch in plans[one.name]],
            [each.id for each in here.on(one, now) if each.is_trainee],
            found,
            now,
        )
        for one in schedules
    )


def _midnights(schedule: Schedule, now: datetime) -> list[datetime]:
    place = zone(schedule.timezone)
    today = shown(now, place).date()
    return [
        moment(datetime.combine(today + number * _DAY, datetime.min.time()), place)
        for number in range(DAYS + 1)
    ]


def _rota(
    schedule: Schedule,
    midnights: Sequence[datetime],
    plan: list[Stretch],
    beside: Iterable[StaffId],
    found: Iterable[Hole],
    now: datetime,
) -> Rota:
    today = shown(now, zone(schedule.timezone)).date()
    few = [one for one in found if one.need is not None and one.schedule == schedule.name]
    current = next(one for one in plan if one.starts <= now < one.ends)
    later = next((one for one in plan if one.starts >= current.ends and one.people != current.people), None)
    return Rota(
        name=schedule.name,
        timezone=schedule.timezone,
        on=current.people,
        beside=tuple(beside),
        until=later.starts if later is not None else None,
        then=later.people if later is not None else (),
        ends={one: taking_over.lasts_until(schedule, one, now) for one in current.people},
        days=tuple(
            RotaDay(
                today + number * _DAY,
                tuple(_parts(plan, begins, ends)),
                tuple(_few(few, begins, ends)),
                _share(now, begins, ends),
            )
            for number, (begins, ends) in enumerate(pairwise(midnights))
        ),
    )


def _reachable(one: Stretch, able: Collection[StaffId]) -> Stretch:
    return Stretch(one.starts, one.ends, tuple(person for person in one.people if person in able))


def _parts(plan: list[Stretch], begins: datetime, ends: datetime) -> Iterator[Part]:
    for span in _within(begins, plan[0].starts, begins, ends):
        yield Part(*_shares(span, begins, ends), (), *span, known=False)
    for one in plan:
        for span in _within(one.starts, one.ends, begins, ends):
            yield Part(*_shares(span, begins, ends), one.people, *span)


def _few(found: list[Hole], begins: datetime, ends: datetime) -> Iterator[TooFew]:
    for one in found:
        for span in _within(one.starts, one.ends, begins, ends):
            yield TooFew(*_shares(span, begins, ends), one.need or "", *span)


def _within(
    starts: datetime, until: datetime, begins: datetime, ends: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """What of it is in this day, if anything, in UTC."""
    first, last = max(starts, begins), min(until, ends)
    if first < last:
        yield first.astimezone(UTC), last.astimezone(UTC)


def _shares(span: tuple[datetime, datetime], begins: datetime, ends: datetime) -> tuple[float, float]:
    whole = (ends - begins).total_seconds()
    return (span[0] - begins).total_seconds() / whole, (span[1] - begins).total_seconds() / whole


def _share(now: datetime, begins: datetime, ends: datetime) -> float | None:
    inside = begins <= now < ends
    return (now - begins).total_seconds() / (ends - begins).total_seconds() if inside else None
