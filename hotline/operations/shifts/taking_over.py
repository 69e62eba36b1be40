"""Somebody has to run: somebody else is on from this moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from hotline.model import AuditAction, AuditKind, StaffId
from hotline.oncall.schedule import Change, ChangeKind, Schedule, who_is_on
from hotline.oncall.staffing.shift_ask import Shift
from hotline.oncall.staffing.work_limits import on_duty
from hotline.operations.paging import duty
from hotline.operations.shifts import asking_for_shifts, changing_shifts, shift_limits, shift_words
from hotline.operations.shifts.changing_shifts import CannotChange
from hotline.operations.transaction import Transaction
from hotline.store.duty.shift_changes import ShiftChange
from hotline.store.overviews.crew import crew
from hotline.worded import worded

_AT_ONCE: Final = timedelta(hours=24)
"""How long somebody takes over who doesn't say how long, at most."""
OVERRULED: Final = "taken over at once"


def lasts_until(here: Schedule, of: StaffId, now: datetime) -> datetime:
    """Until when somebody takes over from them who doesn't say how long; they are on now."""
    (first, *_) = on_duty([here], of, now, now + _AT_ONCE)
    return first.ends


def _left_alone(transaction: Transaction, here: Schedule, person: StaffId, of: StaffId) -> bool:
    """Whether only `person`, who is on already, is rung when `of` has left."""
    on = {one.id for one in crew(transaction.tx).on(here, transaction.now) if one.can_be_rung}
    return person in on and on <= {person, of}


def take_over(
    transaction: Transaction,
    person: StaffId,
    of: StaffId,
    schedule: str,
    by: StaffId | None = None,
    *,
    until: datetime | None = None,
) -> ShiftChange:
    """Somebody has to run: this person is on instead of them from this moment until their time is over, or until
    `until` (aware); both are told. Whoever is on already is not on twice: the other is off, and if nobody else is
    beside them then, they and the supervisors are told that they are alone.

    A hole is worse than a tired colleague, so no limit of rest or hours stands against it; supervisors are told of one
    that it breaks. Raises CannotChange.
    """
    here = asking_for_shifts.schedule_named(transaction, schedule)
    on, now = who_is_on(here, transaction.now), transaction.now
    if of not in on:
        raise CannotChange(
            worded(
                "%(name_of)s is not on %(schedule)s now: look who is, and choose again.",
                name_of=shift_words.name_of(transaction, of),
                schedule=schedule,
            )
        )
    if person == of:
        name = shift_words.name_of(transaction, of)
        raise CannotChange(
            worded("%(name)s is on already: choose who is to be on instead of them.", name=name)
        )
    ends = until if until is not None else lasts_until(here, of, now)
    if ends <= now:
        raise CannotChange(worded("Until must be later than now."))
    if person in on:
        change = Change(kind=ChangeKind.OFF, person=of, starts=now, ends=ends)
    else:
        change = Change(kind=ChangeKind.INSTEAD, person=person, starts=now, ends=ends, instead_of=of)
        against = shift_limits.unfit(transaction, person, schedule, change, free=False)
        if against is not None:
            raise CannotChange(
                worded(
                    "%(against)s Choose somebody else, or put somebody on as well for a while.",
                    against=against,
                )
            )
    tired = shift_limits.too_much(transaction, person, [(schedule, change)])
    overruled = OVERRULED if tired is not None else None
    made = changing_shifts.put_in(transaction, change, schedule, by, overruled=overruled, tell=False)
    transaction.audit(AuditAction.SHIFT_TAKEN_OVER, AuditKind.SHIFT_CHANGE, made.id, by=by)
    shift = shift_words.said(transaction, Shift(schedule, now, ends))
    who, left = shift_words.first(transaction, person), shift_words.first(transaction, of)
    alone = _left_alone(transaction, here, person, of)
    shift_words.tell(transaction, of, "shift_taken_over", WHO=who, FROM=left, SHIFT=shift)
    told = "shift_alone" if alone else "shift_taken_over"
    shift_words.tell(transaction, person, told, WHO=who, FROM=left, SHIFT=shift)
    for one in duty.supervisors(transaction):
        if alone and one not in (person, of):
            shift_words.tell(transaction, one, "supervisor_alone", WHO=who, FROM=left, SHIFT=shift)
        if tired is not None:
            shift_words.tell(transaction, one, "supervisor_tired", WHO=who, SHIFT=shift)
    return made
