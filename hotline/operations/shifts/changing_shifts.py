"""People change the plan of duty for a while: somebody is on as well, is away, or is on instead of somebody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from hotline.model import AuditAction, AuditKind, StaffId
from hotline.oncall.schedule import Change, ChangeKind, timeline
from hotline.oncall.staffing.shift_ask import AskState
from hotline.oncall.wall_clock import said, zone
from hotline.operations import staff_member
from hotline.operations.shifts import shift_limits
from hotline.operations.transaction import Transaction, new_id
from hotline.store.duty import shift_asks, shift_changes
from hotline.store.duty.shift_changes import ShiftChange
from hotline.store.overviews import crew
from hotline.store.people import schedules, staff
from hotline.worded import worded


class CannotChange(ValueError):
    """It can't be changed so; the message, for the person who asked, says why and what to do."""


def make(
    transaction: Transaction,
    change: Change,
    schedule: str | None,
    by: StaffId | None = None,
    *,
    overrule: str | None = None,
) -> ShiftChange:
    """Change the plan of one schedule, or of all of them, from now on or later. Whoever it concerns is told by text.

    `overrule`: why it may break a limit of rest or hours; it is kept. Raises CannotChange.
    """
    shift_changes.hold(transaction.tx)
    _check(transaction, change, schedule)
    # Who was on until now stays as it was.
    change = replace(change, starts=max(change.starts, transaction.now))
    against = shift_limits.too_much(transaction, change.person, [(schedule, change)])
    if against is not None and not overrule:
        raise CannotChange(worded("%(against)s To overrule that, say why.", against=against))
    return put_in(transaction, change, schedule, by, overruled=overrule if against is not None else None)


def put_in(
    transaction: Transaction,
    change: Change,
    schedule: str | None,
    by: StaffId | None,
    *,
    ask: str | None = None,
    overruled: str | None = None,
    tell: bool = True,
) -> ShiftChange:
    """`make`, whatever the limits say: for what has come of something that was asked, and for a take-over at once."""
    _check(transaction, change, schedule)
    _check_effect(transaction, change, schedule)
    one = ShiftChange(
        id=new_id(),
        schedule=schedule,
        change=change,
        made_by=by,
        made_at=shift_changes.moment_after_all(transaction.tx, transaction.now),
        ask=ask,
        overruled=overruled,
    )
    shift_changes.add(transaction.tx, one)
    transaction.audit(AuditAction.SHIFT, AuditKind.SHIFT_CHANGE, one.id, by=by, detail=change.kind)
    if overruled is not None:
        transaction.audit(AuditAction.LIMIT_OVERRULED, AuditKind.SHIFT_CHANGE, one.id, by=by)
    if tell:
        _tell(transaction, one, "shift_changed", by)
    return one


def _check(transaction: Transaction, change: Change, schedule: str | None) -> None:
    if change.ends <= transaction.now:
        raise CannotChange(worded("That is over already: write a time to come."))
    if schedule is None and change.kind is not ChangeKind.OFF:
        raise CannotChange(worded("Say on which schedule they are on."))
    known = [one.name for one in schedules.every(transaction.tx)]
    if schedule is not None and schedule not in known:
        raise CannotChange(
            worded(
                'There is no schedule "%(schedule)s"; there are %(what)s.',
                schedule=schedule,
                what=", ".join(known) or worded("none yet"),
            )
        )
    for person in (change.person, change.instead_of):
        row = staff.get(transaction.tx, person) if person is not None else None
        if person is not None and (row is None or row.has_left):
            raise CannotChange(worded("They are not on the staff."))
    member = staff.get(transaction.tx, change.person)
    if member is None or change.kind is ChangeKind.OFF:
        return
    if not member.active:
        raise CannotChange(worded("%(name)s is off the staff, and is not rung.", name=member.name))
    if member.is_trainee and change.kind is ChangeKind.INSTEAD:
        raise CannotChange(
            worded(
                "%(name)s is a trainee, who looks on: put them on as well, not instead of somebody.",
                name=member.name,
            )
        )
    if not member.verified and not member.is_trainee:
        raise CannotChange(
            worded(
                "%(name)s's phone is not verified: send a code to it under Readiness, or with "
                '`hotline staff verify "%(name)s"`.',
                name=member.name,
            )
        )


def _check_effect(transaction: Transaction, change: Change, schedule: str | None) -> None:
    """Somebody who is put on instead of nobody is not on: whoever typed it must not believe so."""
    here = next((one for one in crew.crew(transaction.tx).schedules if one.name == schedule), None)
    if change.kind is not ChangeKind.INSTEAD or here is None:
        return
    after = replace(here, changes=(*here.changes, change))
    span = change.starts, change.ends
    if timeline(here, *span) == timeline(after, *span):
        raise CannotChange(
            worded("That would change nothing: they are not on then. Put somebody on as well.")
        )


def undo(transaction: Transaction, change_id: str, by: StaffId | None = None) -> ShiftChange:
    """Take a change back, and what else has come of the same ask; what has begun ends now, and what was until now stays
    as it was.

    Whoever it concerns is told by text. Raises CannotChange.
    """
    one = shift_changes.get(transaction.tx, change_id)
    if one is None:
        raise CannotChange(worded("There is no such change."))
    if one.undone_at is not None:
        raise CannotChange(worded("It is taken back already."))
    if one.change.ends <= transaction.now:
        raise CannotChange(worded("It is over, and stays as it was."))
    of_one = shift_changes.of_ask(transaction.tx, one.ask) if one.ask is not None else [one]
    for each in of_one:
        if each.change.ends > transaction.now:
            _take_back(transaction, each, by)
    ask = shift_asks.get(transaction.tx, one.ask) if one.ask is not None else None
    if ask is not None:
        undone = replace(ask, state=AskState.UNDONE, decided_by=by, decided_at=transaction.now)
        shift_asks.save(transaction.tx, undone)
    return one


def let_go(transaction: Transaction, person: StaffId) -> None:
    """Somebody is off the staff: a shift that they had taken over is again whose it was by the plan, who is told."""
    for one in _to_come(transaction):
        if one.change.person == person and one.change.kind is not ChangeKind.OFF:
            _take_back(transaction, one, None)


def out_of_the_plan(transaction: Transaction, person: StaffId) -> None:
    """Somebody is taken out of the plan: who was to be on instead of them is on as well, in place of nobody."""
    for one in _to_come(transaction):
        if one.change.instead_of == person:
            shift_changes.undo(transaction.tx, one.id, None, transaction.now)
            alone = replace(one.change, kind=ChangeKind.ON, instead_of=None)
            shift_changes.add(transaction.tx, replace(one, id=new_id(), change=alone))


def _to_come(transaction: Transaction) -> Iterator[ShiftChange]:
    return (one for one in shift_changes.counting(transaction.tx) if one.change.ends > transaction.now)


def _take_back(transaction: Transaction, one: ShiftChange, by: StaffId | None) -> None:
    shift_changes.undo(transaction.tx, one.id, by, transaction.now)
    if one.change.starts < transaction.now:
        until_now = replace(one.change, ends=transaction.now)
        shift_changes.add(transaction.tx, replace(one, id=new_id(), change=until_now, made_at=one.made_at))
    transaction.audit(AuditAction.SHIFT_UNDONE, AuditKind.SHIFT_CHANGE, one.id, by=by)
    _tell(transaction, one, "shift_unchanged", by)


def _tell(transaction: Transaction, one: ShiftChange, words: str, by: StaffId | None) -> None:
    """Those whose nights it is about, but not whoever has just done it themselves."""
    for person in (one.change.person, one.change.instead_of):
        member = crew.member(transaction.tx, person) if person is not None and person != by else None
        if member is not None and member.active and (member.verified or member.is_trainee):
            staff_member.text(transaction, member.id, _words(transaction, one, words))


def _words(transaction: Transaction, one: ShiftChange, words: str) -> str:
    names = crew.names(transaction.tx)
    name = names.get(one.change.person, "?")
    other = names.get(one.change.instead_of, "?") if one.change.instead_of is not None else ""
    does = {ChangeKind.ON: "is on", ChangeKind.OFF: "is off", ChangeKind.INSTEAD: f"is on instead of {other}"}
    what = f"{name} {does[one.change.kind]}"
    where = one.schedule or "every schedule"
    place = zone(transaction.settings.centre.line.timezone)
    starts, ends = said(one.change.starts, place), said(one.change.ends, place)
    return transaction.text(words, WHAT=what, SCHEDULE=where, FROM=starts, UNTIL=ends)
