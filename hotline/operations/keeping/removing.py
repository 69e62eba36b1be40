"""What has been kept for long enough is removed; a caller is forgotten when they ask; what is held stays.

Removing takes people out of what is counted, and nothing out of the counts: see `store/keeping/removal`. The audit
trail is left as it is: it holds ids and words of ours, and its chain would tell.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from hotline.model import AuditAction, AuditKind, Channel, PhoneNumber, StaffId, TimelineWord, as_kept
from hotline.oncall.wall_clock import shown
from hotline.operations import flow_state
from hotline.operations.paging import duty
from hotline.operations.transaction import Application, Transaction, new_id
from hotline.settings.keeping_settings import RetentionTable
from hotline.store.database import rows
from hotline.store.keeping import legal_holds, removal
from hotline.store.keeping.legal_holds import HoldRow
from hotline.store.keeping.removal import RemovalKind, RemovalRow
from hotline.store.people import blocks
from hotline.store.upkeep import warned
from hotline.triage.contact import Contact, ContactState

MARK: Final = "removals.mark"
FORGOTTEN: Final = "forgotten"
"""The file under HOTLINE_HOME with a mark of everybody who was forgotten: a backup of before would bring them back."""
_OF_CASES: Final = (RemovalKind.CASES, RemovalKind.PASSING)


class CannotForget(Exception):
    """They are not forgotten; why, and what to do, in words."""


@dataclass(slots=True)
class _Run:
    """One purge: whoever is taken out of several cases gets one number of nobody's."""

    ids: dict[RemovalKind, str] = field(default_factory=dict)
    instead: dict[str, PhoneNumber] = field(default_factory=dict, repr=False)

    def number(self, of: str | None) -> PhoneNumber:
        if of is None:
            return removal.stand_in()
        return self.instead.setdefault(of, removal.stand_in())


def limits(kept: RetentionTable, now: datetime) -> dict[RemovalKind, datetime]:
    """What is older than this (UTC) is to go; kinds that are kept for good are not there."""
    lasting: Mapping[RemovalKind, timedelta] = {
        RemovalKind.CASES: kept.cases,
        RemovalKind.PASSING: kept.passing,
        RemovalKind.ACCOUNTS: kept.accounts,
        RemovalKind.SIGN_INS: kept.sign_ins,
        RemovalKind.MECHANICS: kept.mechanics,
    }
    return {kind: now - one for kind, one in lasting.items() if one}


def waiting(transaction: Transaction) -> dict[RemovalKind, int]:
    """How many things of each kind a purge would remove now."""
    tx = transaction.tx
    asked = limits(transaction.settings.centre.retention, transaction.now)
    return {
        kind: removal.outlived(tx, before, passing=kind is RemovalKind.PASSING)
        if kind in _OF_CASES
        else removal.old_rows(tx, kind, before)
        for kind, before in asked.items()
    }


def is_due(transaction: Transaction) -> bool:
    """Whether none has begun yet today, by the centre's clock."""
    return not warned.of(transaction.tx, [_today(transaction)])


def begin(transaction: Transaction) -> bool:
    """Today's is ours; False if somebody has begun it."""
    return warned.add_if_new(transaction.tx, _today(transaction), transaction.now)


def _today(transaction: Transaction) -> str:
    return f"purge {shown(transaction.now, duty.clock_of(transaction)).date()}"


def purge(application: Application) -> dict[RemovalKind, int]:
    """Remove what has been kept for long enough, in short transactions; how much of each kind. Safe to kill, and to run
    again. Raises StoreError."""
    run, done = _Run(), dict.fromkeys(RemovalKind, 0)
    asked = limits(application.settings.centre.retention, application.clock())
    for kind, before in asked.items():
        work = _some_cases if kind in _OF_CASES else _old_rows
        while removed := application.change(partial(work, run=run, kind=kind, before=before)):
            done[kind] += removed
    return {kind: number for kind, number in done.items() if number}


def _some_cases(transaction: Transaction, run: _Run, kind: RemovalKind, before: datetime) -> int:
    found = removal.next_outlived(transaction.tx, before, passing=kind is RemovalKind.PASSING)
    if not found:
        return 0
    removal_id = _noted(transaction, run, kind, len(found))
    for one in found:
        number = rows.opened_number(transaction.tx, one.caller_number, "contacts.caller_number", one.id)
        _empty(transaction, one, removal_id, run.number(number.e164 if number else None))
        if number is not None:
            removal.forget_if_nothing_is_left(transaction.tx, number)
    return len(found)


def _old_rows(transaction: Transaction, run: _Run, kind: RemovalKind, before: datetime) -> int:
    removed = removal.remove_old_rows(transaction.tx, kind, before)
    if removed:
        _noted(transaction, run, kind, removed)
    return removed


def _noted(transaction: Transaction, run: _Run, kind: RemovalKind, things: int) -> str:
    """One line for each kind and purge, that grows."""
    known = run.ids.get(kind)
    if known is not None and removal.more(transaction.tx, known, things):
        return known
    removal_id = run.ids[kind] = new_id()
    removal.note(transaction.tx, RemovalRow(removal_id, transaction.now, kind, things))
    transaction.audit(AuditAction.PURGED, AuditKind.REMOVAL, removal_id, detail=kind.value)
    return removal_id


def _empty(transaction: Transaction, found: rows.Found, removal_id: str, instead: PhoneNumber) -> None:
    nobody = Contact(
        as_kept(Channel, found.channel), as_kept(ContactState, found.state), outbound=found.outbound
    )
    whole = removal.empty(transaction.tx, found, removal_id, instead, flow_state.written(nobody))
    transaction.note(TimelineWord.REMOVED, contact=whole.contact)


# --- one caller ----------------------------------------------------------------------------------------------------


def cases_of(transaction: Transaction, number: PhoneNumber) -> int:
    """How many cases there are of this number."""
    return len(removal.of_caller(transaction.tx, number))


def forget(transaction: Transaction, number: PhoneNumber, reason: str, by: StaffId | None) -> RemovalRow:
    """Take this caller out of everything, because they asked for it. What is kept of that is a keyed hash of the
    number, by which it can be told later that it was done, and the reason, sealed.

    Raises CannotForget while anything of theirs is open, is held, or is on the block list.
    """
    tx = transaction.tx
    rows.hold_number(tx, number)
    if not removal.are_over(tx, number):
        raise CannotForget("Something of theirs is still open: end it first, so that nobody is left waiting.")
    if legal_holds.is_on_hold(tx, number):
        raise CannotForget("A legal hold keeps their record: `hotline hold list`.")
    if blocks.standing(tx, number, transaction.now) is not None:
        raise CannotForget("They are on the block list: `hotline block remove` first.")
    return _forget(transaction, number, reason, by)


def _forget(transaction: Transaction, number: PhoneNumber, reason: str, by: StaffId | None) -> RemovalRow:
    tx, instead = transaction.tx, removal.stand_in()
    found = removal.of_caller(tx, number)
    mark = tx.keys.signed(number.e164, MARK)
    row = RemovalRow(new_id(), transaction.now, RemovalKind.CALLER, len(found), mark, reason, by)
    removal.note(tx, row)
    for one in found:
        _empty(transaction, one, row.id, instead)
    removal.forget_number(tx, number)
    transaction.audit(AuditAction.FORGOTTEN, AuditKind.REMOVAL, row.id, by=by)
    tx.board_changed = True
    return row


def was_forgotten(transaction: Transaction, number: PhoneNumber) -> list[RemovalRow]:
    """When this caller was forgotten, the latest first; as far as the keys of then are here."""
    keys = transaction.tx.keys
    found = removal.noted(transaction.tx, at_most=None)
    return [one for one in found if one.mark is not None and keys.is_signed(one.mark, number.e164, MARK)]


def forget_again(transaction: Transaction, marks: Collection[str]) -> int:
    """Forget whoever has come back by a backup of before; how many that were. `marks`: what `forget` has left."""
    keys, wanted, done = transaction.tx.keys, set(marks) - set(removal.marks(transaction.tx)), 0
    if not wanted:
        return 0
    for number in removal.numbers(transaction.tx):
        if any(keys.is_signed(mark, number.e164, MARK) for mark in wanted):
            _forget(transaction, number, "forgotten before the backup was put back", None)
            done += 1
    return done


# --- what is held --------------------------------------------------------------------------------------------------


def hold(transaction: Transaction, number: PhoneNumber | None, reason: str, by: StaffId | None) -> HoldRow:
    """Remove nothing of this number, or of anybody, until it is released."""
    row = HoldRow(new_id(), number, reason, transaction.now, by)
    legal_holds.place(transaction.tx, row)
    transaction.audit(AuditAction.HELD, AuditKind.HOLD, row.id, by=by)
    return row


def release(transaction: Transaction, hold_id: str, by: StaffId | None) -> bool:
    """Hold it no more; False if there is no such hold."""
    done = legal_holds.release(transaction.tx, hold_id, transaction.now, by)
    if done:
        transaction.audit(AuditAction.HOLD_RELEASED, AuditKind.HOLD, hold_id, by=by)
    return done
