"""People whom the caller's own leg has dialled, needing no worker: they press 1 as anybody does, and are connected."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hotline.durations import told_duration
from hotline.model import ContactId, StaffId, Subject, TimelineWord
from hotline.oncall import escalation as reach
from hotline.operations import flow_state
from hotline.operations.answers import ANSWERS, Answer, Then, marked
from hotline.operations.callbacks import promise_ledger
from hotline.operations.paging import reaching, telling_staff
from hotline.operations.staff import responder
from hotline.operations.staff.responder import Acceptance, Assigned, Over
from hotline.operations.transaction import Transaction
from hotline.store.cases import contacts, timeline
from hotline.store.cases.contacts import ContactRow
from hotline.store.overviews import conference
from hotline.triage.contact import ContactState
from hotline.triage.turn import Spoken


def accept(transaction: Transaction, contact_id: ContactId, by: StaffId) -> Acceptance:
    """They pressed 1. The first one is connected with the caller; the case is theirs until they close it."""
    row = contacts.get(transaction.tx, contact_id)
    if row is None or row.ended_at is not None:
        return Over()
    running = conference.open_escalation(transaction.tx, row.room, Subject.EMERGENCY)
    if running is None:
        return Over()
    if row.state != ContactState.IN_ROOM and not conference.staff_in(transaction.tx, row.room):
        # Whoever had accepted never came, or has left: the caller is dialling for somebody who does.
        running = reaching.tell(transaction, running, reach.LeftByHuman())
    before = running.escalation.accepted_by
    running, result = responder.accept(transaction, running, by)
    if isinstance(result, Assigned):
        if before is None:
            telling_staff.text_about(transaction, running, by, "page_yours")
        talking(transaction, contact_id)
    return result


def failsafe_asked(transaction: Transaction, contact_id: ContactId) -> Spoken:
    """What whoever has the failsafe phone hears of this caller: of an emergency, how long they wait, and whether
    anybody has taken it."""
    row = contacts.get(transaction.tx, contact_id)
    running = conference.open_escalation(transaction.tx, row.room, Subject.EMERGENCY) if row else None
    if running is None:
        return Spoken("failsafe_caller")
    key = "failsafe_emergency" if running.escalation.accepted_by is None else "failsafe_nobody_there"
    return Spoken(key, (("WAIT", told_duration(transaction.now - running.escalation.opened_at)),))


def failsafe_joined(transaction: Transaction, contact_id: ContactId) -> None:
    """Whoever has the failsafe phone pressed 1, and is connected with this caller: once, however often it is told."""
    row = contacts.get(transaction.tx, contact_id)
    if row is None or row.ended_at is not None or failsafe_since(transaction, row) is not None:
        return
    transaction.note(TimelineWord.FAILSAFE_JOINED, contact=row.id, escalation=row.escalation_id)


def failsafe_since(transaction: Transaction, row: ContactRow) -> datetime | None:
    """Since when the failsafe phone is on the line with this caller (UTC); None if it isn't now."""
    if row.state != ContactState.DIALLING or row.ended_at is not None:
        return None
    told = timeline.of_kinds(transaction.tx, [row.id], [TimelineWord.FAILSAFE_JOINED])
    return next((one.at for one in reversed(told) if one.at >= row.last_turn_at), None)


def talking(transaction: Transaction, contact_id: ContactId) -> None:
    """The caller's leg is being connected: they are with a human now, and what follows is the talk's end."""
    row = contacts.get(transaction.tx, contact_id)
    if row is None or row.ended_at is not None or row.state == ContactState.IN_ROOM:
        return
    joined = Answer(row.id, row.turn, row.language, (), Then.JOIN, room=row.room)
    known = contacts.answered(transaction.tx, row.id, f"bridged-{row.turn}")
    if known is None:
        row = marked(row, joined, transaction.now)
        contacts.record_answer(
            transaction.tx, row.id, f"bridged-{row.turn}", ANSWERS.dump_json(joined).decode(), transaction.now
        )
    state = replace(flow_state.read(row), state=ContactState.IN_ROOM)
    data = flow_state.written(state)
    reached_at = row.reached_at or transaction.now
    if row.reached_at is None:
        promise_ledger.they_talk(transaction, row)
    contacts.save(
        transaction.tx,
        replace(row, state=state.state, data=data, last_turn_at=transaction.now, reached_at=reached_at),
    )
    transaction.note(ContactState.IN_ROOM, contact=row.id, escalation=row.escalation_id)
