"""On and off duty, and running late, by a key on the staff line: as far as the schedule allows.

A number can be forged and a PIN be seen: whatever is done so is told to the phone itself.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from hotline.model import AuditAction, AuditKind, StaffId
from hotline.oncall.at_work.shifts import shifts
from hotline.oncall.schedule import Change, ChangeKind, Schedule, who_is_on
from hotline.oncall.wall_clock import shown, zone
from hotline.operations.paging import duty, reaching
from hotline.operations.shifts import changing_shifts
from hotline.operations.shifts.changing_shifts import CannotChange
from hotline.operations.transaction import Transaction
from hotline.store.duty import shift_changes
from hotline.store.overviews.crew import crew
from hotline.triage.turn import Spoken

_LONGEST: Final = timedelta(hours=12)
"""How long somebody is off, or on as well, by a key: no longer than a shift."""
_SOON: Final = timedelta(hours=12)
"""How near a shift is for which somebody may be late."""


def off_or_on(transaction: Transaction, person: StaffId) -> Spoken:
    """Off if they are on, on if they are off. Nobody leaves a schedule to nobody by a key."""
    here, now = crew(transaction.tx), transaction.now
    theirs = [one for one in here.schedules if person in who_is_on(one, now)]
    if theirs:
        return _off(transaction, person, theirs)
    own = [
        one
        for one in shift_changes.counting(transaction.tx)
        if one.change.person == person
        and one.made_by == person
        and one.change.kind is ChangeKind.OFF
        and one.change.starts <= now < one.change.ends
    ]
    if own:
        for change in own:
            changing_shifts.undo(transaction, change.id, person)
        return Spoken("desk_on_again")
    return _as_well(transaction, person, [one for one in here.schedules if person in one.named])


def _off(transaction: Transaction, person: StaffId, theirs: list[Schedule]) -> Spoken:
    now = transaction.now
    able = {one.id for one in crew(transaction.tx).members if one.can_be_rung} - {person}
    alone = [one.name for one in theirs if able.isdisjoint(who_is_on(one, now))]
    if alone:
        return Spoken("desk_alone", (("SCHEDULE", " and ".join(alone)),))
    ends = _shift_ends(transaction, person)
    try:
        for one in theirs:
            off = Change(kind=ChangeKind.OFF, person=person, starts=now, ends=ends)
            changing_shifts.make(transaction, off, one.name, person)
    except CannotChange:
        return Spoken("desk_refused")
    _tell(transaction, person, "off duty", ends)
    return Spoken("desk_off", (("TIME", _time(transaction, ends)),))


def _as_well(transaction: Transaction, person: StaffId, named: list[Schedule]) -> Spoken:
    ends = transaction.now + _LONGEST
    try:
        for one in named:
            on = Change(kind=ChangeKind.ON, person=person, starts=transaction.now, ends=ends)
            changing_shifts.make(transaction, on, one.name, person)
    except CannotChange:
        return Spoken("desk_refused")
    if not named:
        return Spoken("desk_not_named")
    _tell(transaction, person, "on duty", ends)
    return Spoken("desk_on_duty", (("TIME", _time(transaction, ends)),))


def _tell(transaction: Transaction, person: StaffId, what: str, until: datetime) -> None:
    words = transaction.text("by_phone", WHAT=what, TIME=_time(transaction, until))
    reaching.text_staff(transaction, person, words)


def _shift_ends(transaction: Transaction, person: StaffId) -> datetime:
    now = transaction.now
    found = shifts(crew(transaction.tx).schedules, now, now + _LONGEST)
    return next(one.ends for one in found if one.person == person and one.starts <= now)


def _time(transaction: Transaction, at: datetime) -> str:
    here = shown(at, zone(transaction.settings.centre.line.timezone))
    return f"{here:%I:%M %p}".lstrip("0")


# --- late ------------------------------------------------------------------------------------------------------


def late(transaction: Transaction, person: StaffId) -> Spoken:
    """Whoever waits to be relieved is told, and supervisors are."""
    here, now = crew(transaction.tx), transaction.now
    found = [one for one in shifts(here.schedules, now, now + _SOON) if one.person == person]
    if not found:
        return Spoken("desk_not_late")
    shift = found[0]
    on = {
        one
        for schedule in here.schedules
        if schedule.name in shift.schedules
        for one in who_is_on(schedule, now)
    }
    known = {one.id for one in here.members if one.verified}
    told = [one for one in dict.fromkeys((*sorted(on), *duty.supervisors(transaction))) if one != person]
    words = transaction.text(
        "running_late",
        WHO=reaching.known(transaction, person).name,
        SCHEDULE=" and ".join(shift.schedules),
        TIME=_time(transaction, max(shift.starts, now)),
    )
    for one in told:
        if one in known:
            reaching.text_staff(transaction, one, words)
    transaction.audit(AuditAction.RUNS_LATE, AuditKind.STAFF, person, by=person)
    return Spoken("desk_late")
