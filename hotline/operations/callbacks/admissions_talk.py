"""Filling in the admissions record while talking: each answer is kept as it is given, and nobody's is lost.

A record begins with a contact and is the same on every page of what came of it: the call or the text with which
somebody asked, the callback, and our calls for that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from hotline.callbacks import admissions
from hotline.callbacks.admissions import RaiseReason, RecordField
from hotline.model import AuditAction, AuditKind, ContactId, Line, StaffId, TimelineWord
from hotline.operations import flow_state
from hotline.operations.transaction import Transaction
from hotline.store.cases import admissions_records, callbacks, contacts, merges
from hotline.store.cases.admissions_records import AdmissionsRecord, EarlierAnswer, RecordAnswer
from hotline.store.cases.contacts import ContactRow
from hotline.store.people import audit

_LOOK_COUNTS_FOR: Final = timedelta(hours=1)
_CHANGES_COUNT_FOR: Final = timedelta(minutes=5)
"""Answers are kept while somebody writes: in the audit trail that is one change, and not one every few seconds."""
_EARLIER_KEPT: Final = 20


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What somebody has just written in one place of the record."""

    asked: RecordField
    was: str = field(repr=False)
    """What stood there when they began."""
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OtherAnswer:
    """What somebody else has written in the same place meanwhile: it stays until one of both is chosen."""

    value: str = field(repr=False)
    by: StaffId
    at: datetime


@dataclass(frozen=True, slots=True)
class RecordKept:
    """What came of it."""

    record: AdmissionsRecord
    conflicts: Mapping[RecordField, OtherAnswer] = field(default_factory=dict)
    """These places were not written."""
    raised: tuple[RaiseReason, ...] = ()
    """Why their callback comes first from now on, if it didn't before."""


def case_of(transaction: Transaction, row: ContactRow) -> ContactId:
    """The contact with which began what this one is about."""
    owed = callbacks.get(transaction.tx, row.callback_id) if row.callback_id else None
    if owed is None or owed.contact_id == row.id:
        return row.id
    # Who asked again before they were called goes on where they began; what was written down of this call stays here.
    own = admissions_records.get(transaction.tx, row.id)
    if own.version:
        return row.id
    # Where staff have merged two cases, each has its own record still: they may have been wrong.
    return merges.moved_from(transaction.tx, row.id, owed.callback.id) or owed.contact_id


def look(transaction: Transaction, row: ContactRow) -> AdmissionsRecord:
    """The record of what this contact is about."""
    return admissions_records.get(transaction.tx, case_of(transaction, row))


def looked(transaction: Transaction, record: AdmissionsRecord, by: StaffId) -> None:
    """They have it before them: audited once an hour, unless nothing is in it."""
    if record.version:
        _audit(transaction, record, AuditAction.VIEWED_RECORD, by, _LOOK_COUNTS_FOR)


def keep(
    transaction: Transaction, contact_id: ContactId, given: Sequence[GivenAnswer], by: StaffId
) -> RecordKept | None:
    """Write down what was answered; None if there is no such contact. Whose right it is, the caller has checked.

    Where somebody else has written meanwhile, nothing is written over. Raises ValueError for what can't be an answer.
    """
    row = contacts.get(transaction.tx, contact_id)
    if row is None:
        return None
    before = look(transaction, row)
    kept, conflicts = dict(before.kept), dict[RecordField, OtherAnswer]()
    for one in given:
        value = admissions.answer(one.asked, one.value)
        if value is None:
            raise ValueError(one.asked)
        stands = kept.get(one.asked)
        now = stands.value if stands else ""
        if value == now:
            continue
        if stands is not None and now != (admissions.answer(one.asked, one.was) or ""):
            conflicts[one.asked] = OtherAnswer(now, stands.by, stands.at)
        else:
            kept[one.asked] = RecordAnswer(value, by, transaction.now, _earlier(stands, by))
    if kept == before.kept:
        return RecordKept(before, conflicts)
    record = admissions_records.put(transaction.tx, replace(before, kept=kept))
    _audit(transaction, record, AuditAction.CHANGED_RECORD, by, _CHANGES_COUNT_FOR)
    _mark_minor(transaction, record, row, was=admissions.is_minor(before.answers))
    anew = _raise(transaction, record, row, by)
    return RecordKept(record, conflicts, admissions.raise_reasons(record.answers) if anew else ())


def _mark_minor(
    transaction: Transaction, record: AdmissionsRecord, row: ContactRow, *, was: bool | None
) -> None:
    """What somebody has written down of their age counts more than what a text of theirs was taken for."""
    now = admissions.is_minor(record.answers)
    if now is was:
        return
    for one in {row.id, record.contact_id}:
        found = contacts.get(transaction.tx, one)
        if found is not None:
            state = replace(flow_state.read(found), may_be_minor=now is True)
            contacts.save(transaction.tx, replace(found, data=flow_state.written(state)))


def _earlier(stands: RecordAnswer | None, by: StaffId) -> tuple[EarlierAnswer, ...]:
    """What somebody else wrote stays readable when it is written over; one's own letters on the way don't."""
    if stands is None:
        return ()
    if stands.by == by or not stands.value:
        return stands.before
    return (*stands.before, EarlierAnswer(stands.value, stands.by, stands.at))[-_EARLIER_KEPT:]


def _audit(
    transaction: Transaction, record: AdmissionsRecord, action: AuditAction, by: StaffId, lasts: timedelta
) -> None:
    entries = audit.about(transaction.tx, AuditKind.CONTACT, record.contact_id)
    since = transaction.now - lasts
    if not any(one.action == action and one.staff_id == by and one.at > since for one in entries):
        transaction.audit(action, AuditKind.CONTACT, record.contact_id, by=by)


def raise_owed(transaction: Transaction, row: ContactRow, by: StaffId | None) -> None:
    """A callback is owed anew to this contact, with whom somebody has talked."""
    record = look(transaction, row)
    if record.version:
        _raise(transaction, record, row, by)


def _raise(transaction: Transaction, record: AdmissionsRecord, row: ContactRow, by: StaffId | None) -> bool:
    """Bring what is owed to them forward, or back to its place, as the answers say; whether any was brought forward."""
    first = bool(admissions.raise_reasons(record.answers))
    theirs = {one.callback.id: one for one in callbacks.of_contact(transaction.tx, record.contact_id)}
    own = callbacks.get(transaction.tx, row.callback_id) if row.callback_id else None
    if own is not None:
        theirs[own.callback.id] = own
    owed = [
        one
        for one in theirs.values()
        if one.callback.is_open
        and one.callback.line is not Line.EMERGENCY
        and one.callback.raised is not first
    ]
    for one in owed:
        callbacks.save(transaction.tx, replace(one, callback=replace(one.callback, raised=first)))
        what = TimelineWord.CALLBACK_RAISED if first else TimelineWord.CALLBACK_LOWERED
        transaction.note(what, contact=one.contact_id, callback=one.callback.id, by=by)
    return first and bool(owed)
