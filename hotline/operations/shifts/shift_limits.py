"""Who may have which shift: whose role it is, who is free then, and who has rest and hours enough.

What stands against it is said in words, for whoever asked; None: nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from hotline.model import StaffId
from hotline.oncall.coverage import Hole, holes
from hotline.oncall.schedule import Change, ChangeKind, Schedule
from hotline.oncall.staffing.needs import unmet
from hotline.oncall.staffing.whose_schedule import is_for
from hotline.oncall.staffing.work_limits import (
    Broken,
    DutySpan,
    Limit,
    Limits,
    around,
    broken,
    of_exchange,
    on_duty,
    with_turns,
    within,
)
from hotline.oncall.wall_clock import said, zone
from hotline.operations.shifts import holes_ahead
from hotline.operations.transaction import Transaction
from hotline.store.overviews.crew import crew
from hotline.store.people import schedules
from hotline.store.people.staff import StaffRow
from hotline.worded import worded

_PLANNED: Final = timedelta(days=31)
"""Whoever is put on for longer is planned so, and no limit is asked."""
NO_TIME: Final = timedelta(0)


def after(rota: Sequence[Schedule], changes: Iterable[tuple[str | None, Change]]) -> tuple[Schedule, ...]:
    """The schedules as they will be; a change of None is of each."""
    made = list(changes)
    return tuple(
        replace(one, changes=(*one.changes, *(change for name, change in made if name in (None, one.name))))
        for one in rota
    )


def too_much(
    transaction: Transaction, person: StaffId, changes: Sequence[tuple[str | None, Change]]
) -> str | None:
    """Which limit of rest or hours these changes would break for this person, in words."""
    rota = crew(transaction.tx).schedules
    then, bounds = after(rota, changes), _for_what_they_give(transaction, rota, person, changes)
    for _, change in changes:
        if change.ends - change.starts > _PLANNED or change.kind is ChangeKind.OFF:
            continue
        found = broken(rota, then, person, DutySpan(change.starts, change.ends), bounds)
        if found is not None:
            return _told(transaction, person, found, bounds)
    return None


def _for_what_they_give(
    transaction: Transaction,
    rota: Sequence[Schedule],
    person: StaffId,
    changes: Iterable[tuple[str | None, Change]],
) -> Limits:
    made = [one for _, one in changes]
    gives = [DutySpan(one.starts, one.ends) for one in made if one.instead_of == person]
    takes = [DutySpan(one.starts, one.ends) for one in made if one.person == person]
    if not gives:
        return limits(transaction)
    was = on_duty(with_turns(rota, person), person, *around(gives))
    return of_exchange(was, gives, takes, limits(transaction))


def limits(transaction: Transaction) -> Limits:
    """Those that the centre has set."""
    table = transaction.settings.centre.shifts
    return Limits(rest=table.rest, at_once=table.longest, in_week=table.weekly)


def _told(transaction: Transaction, person: StaffId, found: Broken, bounds: Limits) -> str:
    name = _name(transaction, person)
    at = said(found.at, zone(transaction.settings.centre.line.timezone))
    had = _hours(found.found)
    match found.limit:
        case Limit.REST:
            return worded(
                "%(name)s would have only %(had)s of rest from %(at)s on; %(hours)s is the least.",
                name=name,
                had=had,
                at=at,
                hours=_hours(bounds.rest),
            )
        case Limit.AT_ONCE:
            return worded(
                "%(name)s would be on for %(had)s at once from %(at)s on; %(hours)s is the most.",
                name=name,
                had=had,
                at=at,
                hours=_hours(bounds.at_once),
            )
        case Limit.IN_WEEK:
            return worded(
                "%(name)s would be on for %(had)s in the seven days from %(at)s on; %(hours)s is the most.",
                name=name,
                had=had,
                at=at,
                hours=_hours(bounds.in_week),
            )


def _hours(lasts: timedelta) -> str:
    minutes = int(lasts.total_seconds()) // 60
    return f"{minutes // 60} h" + (f" {minutes % 60} min" if minutes % 60 else "")


def why_not(
    transaction: Transaction,
    person: StaffId,
    changes: Sequence[tuple[str, Change]],
    *,
    need: str | None = None,
) -> str | None:
    """Why somebody can't be on as these changes have it, as far as they are put on by them, in words."""
    for name, change in changes:
        if change.person == person:
            against = unfit(transaction, person, name, change)
            if against is not None:
                return against
    if need is not None and not _fits(transaction, person, need):
        return worded(
            "%(name)s is none of those whom %(need)s asks for.", name=_name(transaction, person), need=need
        )
    return too_much(transaction, person, list(changes))


def unfit(
    transaction: Transaction, person: StaffId, schedule: str, change: Change, *, free: bool = True
) -> str | None:
    """Why somebody can't be put on a schedule so, whatever rest they have. `free`: they may not be on it already."""
    here = crew(transaction.tx)
    member = next((one for one in here.members if one.id == person), None)
    if member is None:
        return worded("They are not on the staff.")
    if member.is_trainee:
        return worded("%(name)s is a trainee, who looks on, and is never rung.", name=member.name)
    if person not in holes_ahead.rung(here):
        return worded(
            "%(name)s is never rung: their phone isn't verified. Send a code to it under Readiness.",
            name=member.name,
        )
    rota = next(one for one in here.schedules if one.name == schedule)
    if not is_for(rota, {one.id: one.roles for one in here.members}, person):
        return worded(
            "%(name)s has not the role of those who are on %(schedule)s.", name=member.name, schedule=schedule
        )
    return _not_free(member, rota, change) if free else None


def _not_free(member: StaffRow, schedule: Schedule, change: Change) -> str | None:
    span = DutySpan(change.starts, change.ends)
    if within(on_duty([schedule], member.id, span.starts, span.ends), span) > NO_TIME:
        return worded("%(name)s is on %(name2)s then already.", name=member.name, name2=schedule.name)
    if is_away(schedule, member.id, span):
        return worded("%(name)s is away then.", name=member.name)
    return None


def is_away(schedule: Schedule, person: StaffId, span: DutySpan) -> bool:
    """Whether they have said that they can't be on this schedule for some of that time."""
    return any(
        one.kind is ChangeKind.OFF
        and one.person == person
        and one.starts < span.ends
        and span.starts < one.ends
        for one in schedule.changes
    )


def _name(transaction: Transaction, person: StaffId) -> str:
    return next((one.name for one in crew(transaction.tx).members if one.id == person), worded("They"))


def _fits(transaction: Transaction, person: StaffId, need: str) -> bool:
    wanted = next((one for one in schedules.every_need(transaction.tx) if one.name == need), None)
    return wanted is None or person in holes_ahead.fit_for(wanted, crew(transaction.tx))


def who_could(
    transaction: Transaction, changes_for: Mapping[StaffId, Sequence[tuple[str, Change]]], need: str | None
) -> list[StaffId]:
    """Of these people, with what would change for each: who could, so that no line lacks more than before."""
    return [
        person
        for person, changes in changes_for.items()
        if why_not(transaction, person, changes, need=need) is None and not worse(transaction, changes)
    ]


def worse(transaction: Transaction, changes: Sequence[tuple[str, Change]]) -> list[Hole]:
    """Where a line would lack somebody by these changes whom it has without them."""
    here = crew(transaction.tx)
    then = replace(here, schedules=after(here.schedules, changes))
    found: list[Hole] = []
    for _, change in changes:
        span = change.starts, change.ends
        for need in schedules.every_need(transaction.tx):
            people = holes_ahead.rung(here), holes_ahead.fit_for(need, here)
            was, becomes = (
                unmet(need, holes_ahead.rota_of(need, one), *people, *span) for one in (here, then)
            )
            if _length(becomes) > _length(was):
                found += becomes
    return found


def emptied(transaction: Transaction, change: Change) -> list[str]:
    """The schedules that would have nobody at some moment of this change, of each, at which they have somebody now."""
    here = crew(transaction.tx)
    able, span = holes_ahead.rung(here), (change.starts, change.ends)
    both = zip(here.schedules, after(here.schedules, [(None, change)]), strict=True)
    return [
        was.name for was, then in both if _length(holes(then, able, *span)) > _length(holes(was, able, *span))
    ]


def _length(each: Iterable[Hole]) -> timedelta:
    return sum((one.ends - one.starts for one in each), NO_TIME)
