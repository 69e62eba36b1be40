"""What only a human closes: an emergency, and a text that a person read.

Where somebody still has the thread, or is to read it, the end of the emergency in it ends nothing but the emergency.
"""

from __future__ import annotations

from dataclasses import replace

from hotline.callbacks.callback import OutcomeSet
from hotline.model import Channel, Line, Outcome, StaffId, Subject, TimelineWord
from hotline.oncall import escalation as reach
from hotline.oncall.escalation import EscalationStatus
from hotline.operations import flow_state
from hotline.operations.callbacks import following_up, ringing_back
from hotline.operations.conversation import own_callback
from hotline.operations.paging import reaching
from hotline.operations.staff import connect
from hotline.operations.texts import writing
from hotline.operations.transaction import Transaction
from hotline.store.cases import contacts
from hotline.store.cases.callbacks import CallbackRow
from hotline.store.cases.contacts import ContactRow
from hotline.store.cases.escalations import EscalationRow
from hotline.store.overviews import conference
from hotline.store.traffic import messages
from hotline.triage.contact import ContactState


def close_emergency(transaction: Transaction, row: EscalationRow, by: StaffId) -> None:
    """A human says that it is over: the escalation, its callback and its thread are closed; a thread that is somebody's
    besides, or waits for somebody, goes on.

    Nothing happens to what is closed already: it may have been opened again since, and goes on in the same thread.
    """
    if not row.escalation.is_open:
        return
    reaching.tell(transaction, row, reach.Closed(by))
    transaction.note(
        TimelineWord.EMERGENCY_CLOSED, contact=row.contact_id, escalation=row.escalation.id, by=by
    )
    found = connect.callback_of(transaction, row)
    if found is not None and found.callback.line is Line.EMERGENCY:
        outcome = Outcome.REACHED if _talked(transaction, row, found) else Outcome.SETTLED
        ringing_back.stop_calling(transaction, found)
        ringing_back.change(transaction, found, OutcomeSet(outcome, by))
    ringing_back.nobody_comes(transaction, row.room)
    origin = contacts.get(transaction.tx, row.contact_id) if row.contact_id else None
    if origin is not None and origin.channel is Channel.TEXT and origin.ended_at is None:
        _end_or_go_on(transaction, origin, by)
    reaching.ring_for_texts(transaction, row)
    following_up.offer(transaction, row, by)


def _end_or_go_on(transaction: Transaction, row: ContactRow, by: StaffId) -> None:
    thread = conference.open_escalation(transaction.tx, row.room, Subject.THREAD)
    waits = thread is not None and thread.escalation.status is EscalationStatus.REACHING
    said = messages.of_contact(transaction.tx, row.id) if waits else ()
    if thread is not None and waits and not writing.awaits_answer(said, transaction):
        # Whoever had the emergency has read it, and answered.
        reaching.tell(transaction, thread, reach.Closed(by))
        thread = None
    if thread is None:
        _end(transaction, row, Outcome.EMERGENCY)
        return
    if waits:
        reaching.begin_anew(transaction, thread)
    contact = flow_state.read(row)
    in_line = own_callback.of_caller(transaction, contact.caller, row.callback_id) is not None
    state = ContactState.TEXT_WAITING if in_line else ContactState.TEXT_WITH_PERSON
    goes_on = replace(contact, state=state, line=thread.line)
    contacts.save(
        transaction.tx,
        replace(
            row,
            state=goes_on.state,
            line=goes_on.line,
            data=flow_state.written(goes_on),
            escalation_id=thread.escalation.id,
        ),
    )


def _talked(transaction: Transaction, row: EscalationRow, found: CallbackRow) -> bool:
    """Whether anybody of ours has spoken with the caller: not everything that a human closes was a talk."""
    call = contacts.get(transaction.tx, found.call_contact_id) if found.call_contact_id else None
    return conference.has_talked(transaction.tx, row.room) or (
        call is not None and call.reached_at is not None
    )


def close_thread(transaction: Transaction, row: EscalationRow, by: StaffId) -> None:
    """A text that a person read has been dealt with; once, as for an emergency."""
    if not row.escalation.is_open:
        return
    reaching.tell(transaction, row, reach.Closed(by))
    transaction.note(TimelineWord.THREAD_CLOSED, contact=row.contact_id, escalation=row.escalation.id, by=by)
    origin = contacts.get(transaction.tx, row.contact_id) if row.contact_id else None
    if origin is not None and origin.state == ContactState.TEXT_WITH_PERSON and origin.ended_at is None:
        met = _was_met(transaction, row, origin)
        _end(transaction, origin, Outcome.REACHED if met else Outcome.SETTLED)


def _was_met(transaction: Transaction, row: EscalationRow, origin: ContactRow) -> bool:
    """Whether anybody of ours wrote in this thread, or talked with its writer: reading alone reaches nobody."""
    if any(one.by_staff is not None for one in messages.of_contact(transaction.tx, origin.id)):
        return True
    found = connect.callback_of(transaction, row)
    return found is not None and _talked(transaction, row, found)


def _end(transaction: Transaction, row: ContactRow, outcome: Outcome) -> None:
    ended = replace(row, ended_at=transaction.now, ended_in=row.state, outcome=outcome)
    contacts.save(transaction.tx, ended)
