"""What only a human closes: an emergency, and a text that a person read."""

from __future__ import annotations

from dataclasses import replace

from hotline.callbacks.events import OutcomeSet
from hotline.model import Channel, Line, Outcome, StaffId
from hotline.oncall import events as reach
from hotline.operations import meeting, reaching, ringing_back
from hotline.operations.house import Desk
from hotline.store import contacts, rooms
from hotline.store.callbacks import CallbackRow
from hotline.store.contacts import ContactRow
from hotline.store.escalations import EscalationRow
from hotline.triage.contact import State


def close_emergency(desk: Desk, row: EscalationRow, by: StaffId) -> None:
    """A human says that it is over: the escalation, its callback and its thread are closed."""
    reaching.tell(desk, row, reach.Closed(by))
    desk.note("emergency_closed", contact=row.contact_id, escalation=row.escalation.id, by=by)
    found = meeting.callback_of(desk, row)
    if found is not None and found.callback.line is Line.EMERGENCY:
        outcome = Outcome.REACHED if _talked(desk, row, found) else Outcome.SETTLED
        ringing_back.stop_calling(desk, found)
        ringing_back.change(desk, found, OutcomeSet(outcome, by))
    origin = contacts.get(desk.tx, row.contact_id) if row.contact_id else None
    if origin is not None and origin.channel is Channel.TEXT and origin.ended_at is None:
        _end(desk, origin, Outcome.EMERGENCY)


def _talked(desk: Desk, row: EscalationRow, found: CallbackRow) -> bool:
    """Whether anybody of ours has spoken with the caller: not everything that a human closes was a talk."""
    call = contacts.get(desk.tx, found.call_contact_id) if found.call_contact_id else None
    return rooms.has_talked(desk.tx, row.room) or (call is not None and call.reached_at is not None)


def close_thread(desk: Desk, row: EscalationRow, by: StaffId) -> None:
    """A text that a person read has been dealt with."""
    reaching.tell(desk, row, reach.Closed(by))
    desk.note("thread_closed", contact=row.contact_id, escalation=row.escalation.id, by=by)
    origin = contacts.get(desk.tx, row.contact_id) if row.contact_id else None
    if origin is not None and origin.state == State.TEXT_WITH_PERSON and origin.ended_at is None:
        _end(desk, origin, Outcome.REACHED)


def _end(desk: Desk, row: ContactRow, outcome: Outcome) -> None:
    ended = replace(row, ended_at=desk.now, ended_in=row.state, outcome=outcome)
    contacts.save(desk.tx, ended)
