"""Emergencies whose caller is gone from the line: they are rung back until a human says that it is over."""

from __future__ import annotations

from dataclasses import replace

from hotline.callbacks.callback import Callback, Status, step
from hotline.callbacks.events import AskedAgain, AttemptEnded, ConnectedLive, PutBack, TalkOver
from hotline.model import Channel, EscalationId, Line, Outcome, PhoneNumber, Subject
from hotline.operations import facts, ringing_back
from hotline.operations.house import Desk
from hotline.store import callbacks, contacts, escalations, rooms
from hotline.store.callbacks import CallbackRow
from hotline.store.contacts import ContactRow
from hotline.store.escalations import EscalationRow
from hotline.triage.turn import PromiseCallback


def ring_back(desk: Desk, contact: ContactRow, number: PhoneNumber, *, at_once: bool) -> CallbackRow:
    """Dial them again, at once or when 911 has had its time; into the room where clinicians wait for this contact."""
    wanted = PromiseCallback(Line.EMERGENCY, number, ready=True)
    row = ringing_back.existing(desk, contact, number) or ringing_back.opened(desk, contact, wanted)
    if row.callback.is_with_caller and row.call_contact_id == contact.id:
        return ringing_back.change(desk, row, AttemptEnded(Outcome.NO_ANSWER))
    if row.callback.line is not Line.EMERGENCY:
        row = ringing_back.change(desk, row, AskedAgain(Line.EMERGENCY))
    due_at = desk.now if at_once else desk.now + desk.plan.emergency[0]
    rule = replace(_put_back(desk, row.callback), due_at=due_at, opened_at=desk.now)
    owned = replace(
        row,
        callback=rule,
        room=contact.room,
        our_number=contact.our_number,
        escalation_id=_emergency(desk, contact),
    )
    return callbacks.save(desk.tx, owned)


def _put_back(desk: Desk, rule: Callback) -> Callback:
    """Whoever had it for something less pressing has it no more."""
    if rule.status is Status.WAITING:
        return rule
    return step(rule, PutBack("emergency"), desk.now, desk.plan)


def _emergency(desk: Desk, contact: ContactRow) -> EscalationId | None:
    row = rooms.open_escalation(desk.tx, contact.room, Subject.EMERGENCY)
    return row.escalation.id if row else contact.escalation_id


def still_open(desk: Desk, contact: ContactRow) -> tuple[CallbackRow, EscalationRow] | None:
    """The emergency of which this caller was lost a while ago: somebody may wait in its room for them."""
    found = callbacks.open_for(desk.tx, contact.caller) if contact.caller else None
    if found is None or found.callback.line is not Line.EMERGENCY or found.escalation_id is None:
        return None
    running = escalations.get(desk.tx, found.escalation_id)
    if running is None or running.closed_at is not None or running.room != found.room:
        return None
    return found, running


def talked(desk: Desk, contact: ContactRow) -> None:
    """They have talked with a human, who has the emergency now: nobody rings them back by the clock any more."""
    if contact.outbound and contact.callback_id is not None:
        own = callbacks.get(desk.tx, contact.callback_id)
        if own is not None:
            ringing_back.change(desk, own, TalkOver())
        return
    found = callbacks.open_for(desk.tx, contact.caller) if contact.caller else None
    if found is not None and facts.talk_began(desk, contact) is not None:
        ringing_back.change(desk, found, ConnectedLive())


def is_on_the_line(desk: Desk, row: CallbackRow) -> bool:
    """Whether the caller has come back by themselves, and is in the room or on the way to it."""
    ongoing = contacts.ongoing_in(desk.tx, row.room)
    return any(one.channel is Channel.VOICE and not one.outbound for one in ongoing)
