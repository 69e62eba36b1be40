"""A call some days after an emergency: offered when a human closes it, agreed to, and rung like a callback until it is
done or declined."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hotline.callbacks.callback import CallbackKind
from hotline.callbacks.follow_through import FollowUpFlaw, follow_up_flaw
from hotline.model import AuditAction, AuditKind, EscalationId, Line, StaffId, TimelineWord
from hotline.operations.callbacks import consent, ringing_back
from hotline.operations.callbacks.consent import NoCalls
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks, contacts, follow_ups
from hotline.store.cases.escalations import EscalationRow
from hotline.store.cases.follow_ups import FollowUpRow, FollowUpState


def offer(transaction: Transaction, row: EscalationRow, by: StaffId) -> None:
    """An emergency is closed: whoever was in it may be followed up, if there is a number, and they aren't already."""
    contact = contacts.get(transaction.tx, row.contact_id) if row.contact_id else None
    if (
        contact is None
        or contact.caller is None
        or not transaction.settings.centre.line.reaches(contact.caller)
    ):
        return
    if any(_goes_on(transaction, one) for one in follow_ups.of_contact(transaction.tx, contact.id)):
        return
    follow_ups.add(transaction.tx, FollowUpRow(row.escalation.id, contact.id, transaction.now, by))


def _goes_on(transaction: Transaction, row: FollowUpRow) -> bool:
    owed = callbacks.get(transaction.tx, row.callback_id) if row.callback_id else None
    return row.state is FollowUpState.OFFERED or (owed is not None and owed.callback.is_open)


def agree(
    transaction: Transaction,
    escalation_id: EscalationId,
    at: datetime,
    by: StaffId,
    *,
    although: bool = False,
) -> FollowUpFlaw | NoCalls | FollowUpRow | None:
    """They agreed to be called at this time (UTC); why that is no time for it; None: nobody is to say any more.

    `although`: they had asked for no calls, have been asked once more, and agreed to this one.
    """
    row = follow_ups.get(transaction.tx, escalation_id)
    contact = contacts.get(transaction.tx, row.contact_id) if row is not None else None
    if row is None or row.state is not FollowUpState.OFFERED or contact is None or contact.caller is None:
        return None
    since = consent.no_calls_since(transaction, contact.caller)
    if since is not None and not although:
        return NoCalls(since)
    zones = ringing_back.zones_of(transaction, contact.caller)
    flaw = follow_up_flaw(at, row.offered_at, transaction.now, zones)
    if flaw is not None:
        return flaw
    owed = ringing_back.owe(transaction, contact, contact.caller, Line.PERSON, CallbackKind.FOLLOW_UP, at)
    return _said(transaction, replace(row, callback_id=owed.callback.id), FollowUpState.AGREED, by)


def refuse(
    transaction: Transaction, escalation_id: EscalationId, by: StaffId, *, asked: bool
) -> FollowUpRow | None:
    """They don't want it; or (not `asked`) there is nobody to ask. None: nobody is to say any more."""
    row = follow_ups.get(transaction.tx, escalation_id)
    if row is None or row.state is not FollowUpState.OFFERED:
        return None
    return _said(transaction, row, FollowUpState.DECLINED if asked else FollowUpState.NOT_ASKED, by)


_WORDS = {
    FollowUpState.AGREED: TimelineWord.FOLLOW_UP_AGREED,
    FollowUpState.DECLINED: TimelineWord.FOLLOW_UP_DECLINED,
    FollowUpState.NOT_ASKED: TimelineWord.FOLLOW_UP_NOT_ASKED,
}


def _said(transaction: Transaction, row: FollowUpRow, state: FollowUpState, by: StaffId) -> FollowUpRow:
    said = replace(row, state=state, said_at=transaction.now, said_by=by)
    transaction.note(
        _WORDS[state], contact=row.contact_id, callback=row.callback_id, escalation=row.id, by=by
    )
    transaction.audit(AuditAction.FOLLOW_UP, AuditKind.ESCALATION, row.id, by=by, detail=state)
    return follow_ups.save(transaction.tx, said)
