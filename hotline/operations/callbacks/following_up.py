"""A call some days after an emergency, or after a talk about suicide: offered when a human closes it or says how it
ended, agreed to, and rung like a callback until it is done or declined."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hotline.callbacks.admissions import UNSURE, YES, RecordField
from hotline.callbacks.callback import CallbackKind
from hotline.callbacks.follow_through import FollowUpFlaw, follow_up_flaw
from hotline.model import (
    AuditAction,
    AuditKind,
    ContactId,
    EscalationId,
    Line,
    PhoneNumber,
    StaffId,
    Subject,
    TimelineWord,
)
from hotline.operations import flow_state
from hotline.operations.callbacks import admissions_talk, consent, ringing_back
from hotline.operations.callbacks.consent import NoCalls
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks, contacts, follow_ups, timeline
from hotline.store.cases.contacts import ContactRow
from hotline.store.cases.escalations import EscalationRow
from hotline.store.cases.follow_ups import FollowUpRow, FollowUpState
from hotline.store.overviews import conference


def offer(transaction: Transaction, row: EscalationRow, by: StaffId) -> None:
    """An emergency is closed: whoever was in it may be followed up, if there is a number, or they typed one.

    It stands beside what is offered for earlier emergencies of the same person, and is said with it (`of_person`). If
    they have agreed to a call that is still to come, that one is for this emergency, too.
    """
    contact = contacts.get(transaction.tx, row.contact_id) if row.contact_id else None
    number = flow_state.reachable_at(contact) if contact is not None else None
    if contact is None or number is None or not transaction.settings.centre.line.reaches(number):
        return
    if _was_offered_already(transaction, row, contact.id):
        return
    made = FollowUpRow(row.escalation.id, contact.id, transaction.now, by)
    follow_ups.add(transaction.tx, _as_agreed(transaction, made, number))


def offer_after_talk(transaction: Transaction, contact_id: ContactId, by: StaffId) -> None:
    """A talk is over in which somebody spoke of ending their life, and no emergency was opened for it: they may be
    followed up all the same. Once for a case; of an emergency that is open its closing offers it."""
    contact = contacts.get(transaction.tx, contact_id)
    number = flow_state.reachable_at(contact) if contact is not None else None
    if contact is None or number is None or not transaction.settings.centre.line.reaches(number):
        return
    if admissions_talk.look(transaction, contact).answers.get(RecordField.SUICIDE) not in (YES, UNSURE):
        return
    if follow_ups.of_contact(transaction.tx, contact_id) or _is_in_emergency(transaction, contact):
        return
    made = FollowUpRow(EscalationId(contact_id), contact_id, transaction.now, by)
    follow_ups.add(transaction.tx, _as_agreed(transaction, made, number))


def _is_in_emergency(transaction: Transaction, contact: ContactRow) -> bool:
    if conference.open_escalation(transaction.tx, contact.room, Subject.EMERGENCY) is not None:
        return True
    return contact.caller is not None and (
        conference.open_emergency_of(transaction.tx, contact.caller) is not None
    )


def is_after_talk(row: FollowUpRow) -> bool:
    """Whether it was offered after a talk, and no emergency was closed: it goes by the contact then."""
    return row.id == EscalationId(row.contact_id)


def _was_offered_already(transaction: Transaction, row: EscalationRow, contact: ContactId) -> bool:
    """Whether this emergency is one that was closed before, and opened again: nothing new has happened to them."""
    again = timeline.of_kinds(transaction.tx, [contact], [TimelineWord.EMERGENCY_REOPENED])
    if all(one.escalation_id != row.escalation.id for one in again):
        return False
    return any(_goes_on(transaction, one) for one in follow_ups.of_contact(transaction.tx, contact))


def _goes_on(transaction: Transaction, row: FollowUpRow) -> bool:
    owed = callbacks.get(transaction.tx, row.callback_id) if row.callback_id else None
    return row.state is FollowUpState.OFFERED or (owed is not None and owed.callback.is_open)


def _as_agreed(transaction: Transaction, made: FollowUpRow, number: PhoneNumber) -> FollowUpRow:
    for owed in callbacks.open_for(transaction.tx, number):
        if owed.callback.kind is CallbackKind.FOLLOW_UP:
            for one in follow_ups.of_contact(transaction.tx, owed.contact_id):
                if one.callback_id == owed.callback.id:
                    agreed = replace(made, state=one.state, callback_id=one.callback_id)
                    return replace(agreed, said_at=one.said_at, said_by=one.said_by)
    return made


def number_of(transaction: Transaction, row: FollowUpRow) -> PhoneNumber | None:
    """Where they would be called: at the number of their contact, or the one that they typed in it."""
    contact = contacts.get(transaction.tx, row.contact_id)
    return flow_state.reachable_at(contact) if contact is not None else None


def of_person(transaction: Transaction, escalation_id: EscalationId) -> list[FollowUpRow]:
    """What is offered to whoever was in this emergency, for all of theirs, the oldest first; empty if nobody is to say
    anything of this one any more."""
    offered = follow_ups.offered(transaction.tx)
    asked = next((one for one in offered if one.id == escalation_id), None)
    if asked is None:
        return []
    number = number_of(transaction, asked)
    return [one for one in offered if number_of(transaction, one) == number]


def agree(
    transaction: Transaction,
    escalation_id: EscalationId,
    at: datetime,
    by: StaffId,
    *,
    although: bool = False,
) -> FollowUpFlaw | NoCalls | FollowUpRow | None:
    """They agreed to be called at this time (UTC), for all of their emergencies of which nobody had said; why that is
    no time for it; None: nobody is to say any more.

    `although`: they had asked for no calls, have been asked once more, and agreed to this one.
    """
    theirs = of_person(transaction, escalation_id)
    contact = contacts.get(transaction.tx, theirs[-1].contact_id) if theirs else None
    number = flow_state.reachable_at(contact) if contact is not None else None
    if contact is None or number is None:
        return None
    since = consent.no_calls_since(transaction, number)
    if since is not None and not although:
        return NoCalls(since)
    zones = ringing_back.zones_of(transaction, number)
    flaw = follow_up_flaw(at, theirs[-1].offered_at, transaction.now, zones)
    if flaw is not None:
        return flaw
    owed = ringing_back.owe(transaction, contact, number, Line.PERSON, CallbackKind.FOLLOW_UP, at)
    called = [replace(one, callback_id=owed.callback.id) for one in theirs]
    return [_said(transaction, one, FollowUpState.AGREED, by) for one in called][-1]


def refuse(
    transaction: Transaction, escalation_id: EscalationId, by: StaffId, *, asked: bool
) -> FollowUpRow | None:
    """They don't want it; or (not `asked`) there is nobody to ask. None: nobody is to say any more."""
    state = FollowUpState.DECLINED if asked else FollowUpState.NOT_ASKED
    said = [_said(transaction, one, state, by) for one in of_person(transaction, escalation_id)]
    return said[-1] if said else None


_WORDS = {
    FollowUpState.AGREED: TimelineWord.FOLLOW_UP_AGREED,
    FollowUpState.DECLINED: TimelineWord.FOLLOW_UP_DECLINED,
    FollowUpState.NOT_ASKED: TimelineWord.FOLLOW_UP_NOT_ASKED,
}


def _said(transaction: Transaction, row: FollowUpRow, state: FollowUpState, by: StaffId) -> FollowUpRow:
    said = replace(row, state=state, said_at=transaction.now, said_by=by)
    closed = None if is_after_talk(row) else row.id
    transaction.note(
        _WORDS[state], contact=row.contact_id, callback=row.callback_id, escalation=closed, by=by
    )
    kind = AuditKind.CONTACT if closed is None else AuditKind.ESCALATION
    transaction.audit(AuditAction.FOLLOW_UP, kind, row.id, by=by, detail=state)
    return follow_ups.save(transaction.tx, said)
