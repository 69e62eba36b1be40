"""People whom the caller's own leg has dialled, needing no worker: they press 1 as anybody does, and are connected."""

from __future__ import annotations

from dataclasses import replace

from hotline.model import ContactId, StaffId, Subject
from hotline.oncall import events as reach
from hotline.operations import reaching, responder
from hotline.operations.answers import ANSWERS, Answer, Then
from hotline.operations.house import Desk
from hotline.operations.responder import Acceptance, Accepted, Over
from hotline.operations.ringing_back import CONTACT
from hotline.operations.turns import read
from hotline.store import contacts, rooms
from hotline.triage.contact import State


def accept(desk: Desk, contact_id: ContactId, by: StaffId) -> Acceptance:
    """They pressed 1. The first one is connected with the caller; the case is theirs until they close it."""
    row = contacts.get(desk.tx, contact_id)
    if row is None or row.ended_at is not None:
        return Over()
    running = rooms.open_escalation(desk.tx, row.room, Subject.EMERGENCY)
    if running is None:
        return Over()
    if row.state != State.IN_ROOM and not rooms.staff_in(desk.tx, row.room):
        # Whoever had accepted never came, or has left: the caller is dialling for somebody who does.
        running = reaching.tell(desk, running, reach.LeftByHuman())
    before = running.escalation.accepted_by
    running, result = responder.accept(desk, running, by)
    if isinstance(result, Accepted):
        if before is None:
            reaching.text_about(desk, running, by, "page_yours")
        talking(desk, contact_id)
    return result


def talking(desk: Desk, contact_id: ContactId) -> None:
    """The caller's leg is being connected: they are with a human now, and what follows is the talk's end."""
    row = contacts.get(desk.tx, contact_id)
    if row is None or row.ended_at is not None or row.state == State.IN_ROOM:
        return
    joined = Answer(row.id, row.turn, row.language, (), Then.JOIN, room=row.room)
    known = contacts.answered(desk.tx, row.id, f"bridged-{row.turn}")
    if known is None:
        contacts.record_answer(
            desk.tx, row.id, f"bridged-{row.turn}", ANSWERS.dump_json(joined).decode(), desk.now
        )
    state = replace(read(row), state=State.IN_ROOM)
    data = CONTACT.dump_json(state).decode()
    reached_at = row.reached_at or desk.now
    contacts.save(
        desk.tx,
        replace(row, state=state.state, data=data, last_turn_at=desk.now, reached_at=reached_at),
    )
    desk.note(State.IN_ROOM, contact=row.id, escalation=row.escalation_id)
