"""Calendars of people: private addresses at which they read shifts, and a schedule kept elsewhere that is taken over.

An address holds a token of 256 random bits; kept is its hash. Whoever has it reads shifts and names of the staff, and
nothing of any caller. It opens until it is revoked, or its owner is off the staff.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from hotline.model import AuditAction, AuditKind, StaffId
from hotline.oncall.schedule import Change, ChangeKind, Schedule, timeline
from hotline.oncall.staffing import calendar_file
from hotline.oncall.staffing.calendar_file import CalendarEntry, CalendarRead, ReadShift
from hotline.oncall.staffing.work_limits import on_duty
from hotline.oncall.wall_clock import zone
from hotline.operations import staff_member
from hotline.operations.shifts import holes_ahead
from hotline.operations.shifts.changing_shifts import CannotChange
from hotline.operations.transaction import Transaction, new_id
from hotline.store.duty import calendar_feeds, shift_changes
from hotline.store.duty.calendar_feeds import CalendarFeed
from hotline.store.duty.shift_changes import ShiftChange
from hotline.store.overviews.crew import Crew, crew
from hotline.worded import worded

_BACK: Final = timedelta(days=7)
_AHEAD: Final = timedelta(days=92)
"""What a calendar reads."""
IMPORTED: Final = "ical-"
"""With this begin the ids of changes that a calendar has brought."""
TAKEN_AHEAD: Final = timedelta(days=184)
"""How far ahead a calendar is taken over."""


# --- read by people's calendars ----------------------------------------------------------------------------------


def open_feed(
    transaction: Transaction, owner: StaffId, schedule: str | None, by: StaffId | None = None
) -> str:
    """The token of a new address for their own shifts, or for a schedule; the one that they had opens no more.

    It is known now and never again. Raises CannotChange for a schedule that there isn't.
    """
    known = [one.name for one in crew(transaction.tx).schedules]
    if schedule is not None and schedule not in known:
        raise CannotChange(
            worded(
                'There is no schedule "%(schedule)s"; there are %(what)s.',
                schedule=schedule,
                what=", ".join(known) or worded("none yet"),
            )
        )
    token = secrets.token_urlsafe(32)
    calendar_feeds.revoke(transaction.tx, owner, schedule)
    feed = CalendarFeed(_hashed(token), owner, schedule, by, transaction.now)
    calendar_feeds.add(transaction.tx, feed)
    transaction.audit(AuditAction.CALENDAR_OPENED, AuditKind.STAFF, owner, by=by)
    return token


def revoke(transaction: Transaction, owner: StaffId, schedule: str | None, by: StaffId | None = None) -> bool:
    """Their address for it opens no more; whether there was one."""
    gone = calendar_feeds.revoke(transaction.tx, owner, schedule) > 0
    if gone:
        transaction.audit(AuditAction.CALENDAR_REVOKED, AuditKind.STAFF, owner, by=by)
    return gone


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def served(transaction: Transaction, token: str) -> bytes | None:
    """The calendar behind this token; None if it opens nothing. The same all day unless a shift changes."""
    feed = calendar_feeds.get(transaction.tx, _hashed(token))
    if feed is None:
        return None
    here = crew(transaction.tx)
    if feed.owner not in {one.id for one in here.members}:
        return None
    today = transaction.now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    span = today - _BACK, today + _AHEAD
    name = f"{transaction.settings.centre.line.name}: {feed.schedule or 'on call'}"
    entries = _own(here, feed.owner, *span) if feed.schedule is None else _all(here, feed.schedule, *span)
    return calendar_file.written(name, entries, today)


def _own(here: Crew, person: StaffId, start: datetime, end: datetime) -> Iterator[CalendarEntry]:
    for schedule in here.schedules:
        for one in on_duty([schedule], person, start, end):
            key = _key(schedule, person, one.starts, start)
            yield CalendarEntry(key, one.starts, one.ends, f"On call: {schedule.name}")


def _all(here: Crew, name: str, start: datetime, end: datetime) -> Iterator[CalendarEntry]:
    names = {one.id: f"{one.name} (trainee)" if one.is_trainee else one.name for one in here.members}
    for schedule in here.schedules:
        if schedule.name != name:
            continue
        for one in timeline(schedule, start, end):
            people = ", ".join(names[person] for person in one.people if person in names) or "NOBODY"
            yield CalendarEntry(
                _key(schedule, "", one.starts, start), one.starts, one.ends, f"{name}: {people}"
            )


def _key(schedule: Schedule, person: str, starts: datetime, start: datetime) -> str:
    """What has begun before the first day keeps its key from day to day."""
    return f"{schedule.name} {person} {'before' if starts == start else starts.isoformat()}"


# --- taken over from elsewhere -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CalendarTaken:
    """What taking a calendar over does, or would do."""

    shifts: int
    added: int
    taken_back: int
    not_understood: tuple[str, ...]


def take(transaction: Transaction, schedule: str, text: str, *, dry: bool = False) -> CalendarTaken:
    """Let a calendar stand for the plan of this schedule wherever it names somebody: whoever is planned then is off.

    What an earlier calendar has brought for it, and has not begun, is replaced; the same calendar changes nothing.
    Everybody whose shifts change gets one text. Raises CannotChange, and for what is no calendar ValueError.
    """
    here, now = crew(transaction.tx), transaction.now
    rota = next((one for one in here.schedules if one.name == schedule), None)
    if rota is None:
        known = ", ".join(one.name for one in here.schedules) or worded("none yet")
        raise CannotChange(
            worded(
                'There is no schedule "%(schedule)s"; there are %(known)s.', schedule=schedule, known=known
            )
        )
    names = {one.name: one.id for one in here.members}
    read = calendar_file.read(text, names, zone(rota.timezone), now, now + TAKEN_AHEAD)
    read = _reachable(here, read)
    had = [
        one
        for one in shift_changes.counting(transaction.tx)
        if one.schedule == schedule and one.id.startswith(IMPORTED) and one.change.ends > now
    ]
    kept = [one for one in had if one.change.starts <= now]
    ahead = [one for one in had if one.change.starts > now]
    wanted = [
        one
        for one in _changes(_without(rota, had), read.shifts, now)
        if not any(_same(one, other.change) for other in kept)
    ]
    if {_written(one) for one in wanted} == {_written(one.change) for one in ahead}:
        return CalendarTaken(len(read.shifts), 0, 0, read.not_understood)
    if not dry:
        _replace(transaction, schedule, ahead, wanted)
    return CalendarTaken(len(read.shifts), len(wanted), len(ahead), read.not_understood)


def _reachable(here: Crew, read: CalendarRead) -> CalendarRead:
    """Nobody is put on who is never rung."""
    rung, names = holes_ahead.rung(here), {one.id: one.name for one in here.members}
    off = dict.fromkeys(names[one.person] for one in read.shifts if one.person not in rung)
    told = tuple(f"{name}: is never rung (a trainee, or their phone isn't verified)" for name in off)
    shifts = tuple(one for one in read.shifts if one.person in rung)
    return CalendarRead(shifts, (*read.not_understood, *told))


def _without(rota: Schedule, had: Iterable[ShiftChange]) -> Schedule:
    brought = [one.change for one in had]
    return replace(rota, changes=tuple(one for one in rota.changes if one not in brought))


def _changes(rota: Schedule, shifts: Iterable[ReadShift], now: datetime) -> list[Change]:
    """Whoever is planned is off, and whoever the calendar names is on."""
    each = [replace(one, starts=max(one.starts, now)) for one in shifts]
    off = {
        Change(kind=ChangeKind.OFF, person=person, starts=one.starts, ends=one.ends)
        for one in each
        for stretch in timeline(rota, one.starts, one.ends)
        for person in stretch.people
    }
    on = (Change(kind=ChangeKind.ON, person=one.person, starts=one.starts, ends=one.ends) for one in each)
    return [*sorted(off, key=_written), *on]


def _written(change: Change) -> tuple[str, ...]:
    starts, ends = change.starts.astimezone(UTC).isoformat(), change.ends.astimezone(UTC).isoformat()
    return change.kind.value, change.person, starts, ends


def _same(one: Change, other: Change) -> bool:
    """Whether it is what has begun already."""
    return (one.kind, one.person, one.ends) == (other.kind, other.person, other.ends)


def _replace(
    transaction: Transaction, schedule: str, ahead: Iterable[ShiftChange], wanted: Iterable[Change]
) -> None:
    people: dict[StaffId, None] = {}
    for one in ahead:
        shift_changes.undo(transaction.tx, one.id, None, transaction.now)
        people[one.change.person] = None
    for number, change in enumerate(wanted):
        # In this order they count: first who is off, then who is on.
        made = ShiftChange(
            id=f"{IMPORTED}{number:05}-{new_id()}",
            schedule=schedule,
            change=change,
            made_by=None,
            made_at=transaction.now,
        )
        shift_changes.add(transaction.tx, made)
        people[change.person] = None
    transaction.audit(AuditAction.CALENDAR_TAKEN, AuditKind.ROSTER, "roster")
    rung = holes_ahead.rung(crew(transaction.tx))
    for person in people:
        if person in rung:
            words = transaction.text("shifts_imported", WHERE=schedule)
            staff_member.text(transaction, person, words)
