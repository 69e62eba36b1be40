"""On and off duty by a key on the staff line: as far as the schedule allows.

A number can be forged and a PIN be seen: whatever is done so is told to the phone itself.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from hotline.model import StaffId
from hotline.oncall.at_work.shifts import shifts
from hotline.oncall.schedule import Change, ChangeKind, Schedule, who_is_on
from hotline.oncall.wall_clock import shown, zone
from hotline.operations import staff_member
from hotline.operations.shifts import changing_shifts, shift_limits
from hotline.operations.shifts.changing_shifts import CannotChange
from hotline.operations.transaction import Transaction
from hotline.store.duty import shift_changes
from hotline.store.overviews.crew import crew
from hotline.triage.turn import Spoken

_LONGEST: Final = timedelta(hours=12)
"""How long somebody is off, or on as well, by a key: no longer than a shift."""


def off_or_on(transaction: Transaction, person: StaffId) -> Spoken:
    """Off if they are on, on if they are off. Nobody leaves a schedule to nobody by a key."""
    shift_changes.hold(transaction.tx)
    here, now = crew(transaction.tx), transaction.now
    if any(person in who_is_on(one, now) for one in here.schedules):
        return _off(transaction, person)
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


def _off(transaction: Transaction, person: StaffId) -> Spoken:
    """Off everything until their shift is over, if somebody else is on at every moment of it."""
    ends = _shift_ends(transaction, person)
    off = Change(kind=ChangeKind.OFF, person=person, starts=transaction.now, ends=ends)
    alone = shift_limits.emptied(transaction, off)
    if alone:
        return Spoken("desk_alone", (("SCHEDULE", " and ".join(alone)),))
    try:
        changing_shifts.make(transaction, off, None, person)
    except CannotChange:
        return Spoken("desk_refused")
    _tell(transaction, person, "off duty", ends)
    return Spoken("desk_off", (("TIME", said_time(transaction, ends)),))


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
    return Spoken("desk_on_duty", (("TIME", said_time(transaction, ends)),))


def _tell(transaction: Transaction, person: StaffId, what: str, until: datetime) -> None:
    words = transaction.text("by_phone", WHAT=what, TIME=said_time(transaction, until))
    staff_member.text(transaction, person, words)


def _shift_ends(transaction: Transaction, person: StaffId) -> datetime:
    now = transaction.now
    found = shifts(crew(transaction.tx).schedules, now, now + _LONGEST)
    return next(one.ends for one in found if one.person == person and one.starts <= now)


def said_time(transaction: Transaction, at: datetime) -> str:
    """As the clock on the centre's wall shows it."""
    here = shown(at, zone(transaction.settings.centre.line.timezone))
    return f"{here:%I:%M %p}".lstrip("0")
