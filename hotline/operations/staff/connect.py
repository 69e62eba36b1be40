"""Bringing the caller and whoever accepted together: what is done on the line. What is whispered is in `whisper`."""

from __future__ import annotations

from hotline.model import Channel, Line, StaffId, Subject
from hotline.oncall import escalation as reach
from hotline.operations.callbacks import emergency_callbacks, ringing_back
from hotline.operations.conversation import errands
from hotline.operations.paging import reaching
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks, contacts
from hotline.store.cases.contacts import ContactRow
from hotline.store.cases.escalations import EscalationRow
from hotline.store.overviews import conference
from hotline.triage.contact import CALLBACK_STATES, ContactState


def bring_together(transaction: Transaction, row: EscalationRow, by: StaffId) -> None:
    """Whoever accepted is on the line now: fetch the caller, by redirecting their leg or by ringing them.

    That they are gone is looked up, not assumed: who is on the line with us is never dialled.
    """
    waiting = waiting_caller(transaction, row) or _called_again(transaction, row)
    if waiting is not None:
        errands.into_room(transaction, waiting)
        return
    if talks(transaction, row):
        return
    found = callback_of(transaction, row)
    if (found is None or not found.callback.is_open) and row.escalation.subject is Subject.EMERGENCY:
        found = emergency_callbacks.owed_anew(transaction, row)
    if found is not None and found.callback.is_open:
        _ring_caller(transaction, row, found, by)


def talks(transaction: Transaction, row: EscalationRow) -> bool:
    """Whether the caller is in the room already."""
    return any(one.state == ContactState.IN_ROOM for one in contacts.ongoing_in(transaction.tx, row.room))


def waiting_caller(transaction: Transaction, row: EscalationRow) -> ContactRow | None:
    """The caller whose leg is in a loop of ours now, in this room."""
    waiting = [one for one in contacts.ongoing_in(transaction.tx, row.room) if one.channel is Channel.VOICE]
    ready = [one for one in waiting if one.state not in (ContactState.ASKED_FOR_CALL, ContactState.IN_ROOM)]
    return ready[0] if ready else None


def _called_again(transaction: Transaction, row: EscalationRow) -> ContactRow | None:
    """Somebody calls us themselves whom we were about to ring: they come into this room, and wait for nobody else.

    Who calls about something else may be somebody else, and is left where they are; but not in an emergency.
    """
    found = callback_of(transaction, row)
    own = ringing_back.own_call(transaction, found.number) if found is not None and found.number else None
    if found is None or own is None or own.state in _WITH_SOMEBODY or own.room == row.room:
        return None
    about_this = own.line is found.callback.line and own.state in _WAITS
    if row.escalation.subject is not Subject.EMERGENCY and not about_this:
        return None
    for running in conference.open_escalations(transaction.tx, own.room):
        if running.escalation.is_live:
            reaching.tell(transaction, running, reach.Closed(None))
    return contacts.move(transaction.tx, own, row.room)


_WITH_SOMEBODY = (ContactState.IN_ROOM, ContactState.ON_HOLD, ContactState.DIALLING)
_WAITS = (ContactState.HOLDING, ContactState.AFTER_TALK, *CALLBACK_STATES)
"""In these the caller has said what they want, and it is no emergency."""


def callback_of(transaction: Transaction, row: EscalationRow) -> callbacks.CallbackRow | None:
    """The callback that this escalation is about, or that its contact has left; an emergency's is one of its own."""
    origin = contacts.get(transaction.tx, row.contact_id) if row.contact_id else None
    known = (row.callback_id, origin.callback_id if origin else None)
    found = [callbacks.get(transaction.tx, one) for one in known if one is not None]
    urgent = row.escalation.subject is Subject.EMERGENCY
    return next((one for one in found if one and (one.callback.line is Line.EMERGENCY or not urgent)), None)


def _ring_caller(
    transaction: Transaction, row: EscalationRow, found: callbacks.CallbackRow, by: StaffId
) -> None:
    if row.escalation.subject is not Subject.EMERGENCY:
        ringing_back.dial_caller(transaction, ringing_back.take(transaction, found, by), whispered=True)
        return
    origin = contacts.get(transaction.tx, row.contact_id) if row.contact_id else None
    by_text = origin is not None and origin.channel is Channel.TEXT
    # After its last time the clock rings them no more: whoever presses 1 does.
    if by_text or found.callback.due_at is None or found.callback.due_at <= transaction.now:
        ringing_back.dial_caller(transaction, found, whispered=True)


def can_be_met(transaction: Transaction, row: EscalationRow) -> bool:
    """Whether whoever presses 1 for it now is brought together with anybody, at once or when they are rung back."""
    found = callback_of(transaction, row)
    if on_the_line(transaction, row) or (
        found is not None and found.callback.is_open and found.number is not None
    ):
        return True
    return row.escalation.subject is Subject.EMERGENCY and emergency_callbacks.has_number(transaction, row)


def on_the_line(transaction: Transaction, row: EscalationRow) -> bool:
    """Whether the caller is in the room, or holds for it."""
    return talks(transaction, row) or waiting_caller(transaction, row) is not None
