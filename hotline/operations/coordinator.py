"""What coordinators and clinicians do on the board: claim, call, set outcomes, close."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hotline.callbacks.callback import Status
from hotline.callbacks.events import OutcomeSet, PutBack, TimeChosen, Undone
from hotline.model import CallbackId, ContactId, EscalationId, Line, Outcome, PhoneNumber, StaffId, Subject
from hotline.oncall import events as reach
from hotline.oncall.escalation import Status as Reaching
from hotline.oncall.policy import How, Policy, Rung
from hotline.operations import (
    blocking,
    closing,
    meeting,
    one_ring,
    reaching,
    responder,
    ringing_back,
    stopping,
)
from hotline.operations.house import Desk
from hotline.operations.one_ring import Rings
from hotline.operations.responder import Acceptance, Accepted, Over, Taken
from hotline.store import audit, callbacks, contacts, escalations, rooms
from hotline.store.callbacks import CallbackRow
from hotline.store.escalations import EscalationRow
from hotline.triage.turn import PromiseCallback

UNDONE_WITHIN = timedelta(minutes=5)
"""How long after it was closed a callback can be opened again as if nothing had been said."""
_RING_FOR = timedelta(seconds=30)
"""How long one's own phone rings after "call now"."""


@dataclass(frozen=True, slots=True)
class Ringing:
    """Their own phone rings now."""


@dataclass(frozen=True, slots=True)
class Phone:
    """What their own phone does about something of theirs."""

    rings: Rings
    gone: bool = False
    """Nobody can be called, so it doesn't ring."""


def claim(desk: Desk, callback_id: CallbackId, by: StaffId) -> Acceptance:
    """Take a callback. The first wins; the others are told who has it."""
    row = callbacks.get(desk.tx, callback_id)
    if row is None or not row.callback.is_open or row.callback.line is Line.EMERGENCY:
        # A dropped emergency is rung back at its own times; its clinician has the escalation, not the callback.
        return Over()
    taken = ringing_back.take(desk, row, by)
    owner = taken.callback.owner
    if owner is not None and owner != by:
        return Taken(owner)
    if taken is not row:
        desk.note("claimed", contact=row.contact_id, callback=callback_id, by=by)
        _audit(desk, by, "claim", "callback", callback_id)
        _accept_ringing(desk, taken, by)
    return Accepted()


def _accept_ringing(desk: Desk, row: CallbackRow, by: StaffId) -> None:
    """If staff phones ring for it, they stop: it is taken."""
    ringing = escalations.open_for_callback(desk.tx, row.callback.id)
    if ringing is not None and ringing.escalation.subject is Subject.CALLBACK:
        reaching.tell(desk, ringing, reach.Accepted(by))


def release(desk: Desk, callback_id: CallbackId, by: StaffId) -> bool:
    """Put a callback of one's own back in line; whether it was one's own, and not being called."""
    row = callbacks.get(desk.tx, callback_id)
    if row is None or row.callback.owner != by or row.callback.status is not Status.TAKEN:
        return False
    ringing_back.settle_escalation(desk, row, by)
    ringing_back.change(desk, row, PutBack("released"))
    desk.note("released", contact=row.contact_id, callback=callback_id, by=by)
    _audit(desk, by, "release", "callback", callback_id)
    return True


def call_now(desk: Desk, callback_id: CallbackId, by: StaffId) -> Acceptance | Ringing:
    """Claim it if need be, then ring one's own phone; pressing 1 there rings the caller."""
    result = claim(desk, callback_id, by)
    row = callbacks.get(desk.tx, callback_id)
    if not isinstance(result, Accepted) or row is None:
        return result
    if row.callback.status is not Status.TAKEN:
        return Ringing()
    open_one = escalations.open_for_callback(desk.tx, callback_id)
    if open_one is not None and open_one.escalation.subject is Subject.CALLBACK:
        if one_ring.rings(desk, open_one, by) is not Rings.NOT:
            return Ringing()
        reaching.tell(desk, open_one, reach.Closed(by))
    about = ringing_back.about(row)
    opened = reaching.open_for(desk, Subject.CALLBACK, about, _only(by))
    callbacks.save(desk.tx, replace(row, escalation_id=opened.escalation.id))
    _audit(desk, by, "call", "callback", callback_id)
    return Ringing()


def call_them(desk: Desk, contact_id: ContactId, by: StaffId) -> Acceptance | Ringing:
    """Ring one's own phone, and then whoever this contact is, from the number of ours that they used.

    What they are owed already is what is kept by it; else it becomes a callback of one's own. Over: there is no number.
    """
    row = contacts.get(desk.tx, contact_id)
    if row is None or row.caller is None or not desk.settings.centre.line.reaches(row.caller):
        return Over()
    owed = [one for one in callbacks.open_for(desk.tx, row.caller) if one.callback.line is not Line.EMERGENCY]
    theirs = [one for one in owed if one.callback.owner == by]
    if owed:
        return call_now(desk, (theirs or owed)[0].callback.id, by)
    line = row.line if row.line in (Line.ADMISSIONS, Line.FAMILY) else Line.PERSON
    wanted = PromiseCallback(line, row.caller, ready=True)
    return call_now(desk, ringing_back.promise(desk, row, wanted).callback.id, by)


def _only(person: StaffId) -> Policy:
    rung = Rung(who=(f"staff:{person}",), how=(How.CALL,), together=True, wait=_RING_FOR)
    return Policy(subject=Subject.CALLBACK, rungs=(rung,), pause=_RING_FOR)


def set_outcome(
    desk: Desk, callback_id: CallbackId, outcome: Outcome, by: StaffId, *, later: datetime | None = None
) -> bool:
    """Say how a callback ended, or correct it; whether it was theirs to say.

    `later`: when they asked to be called, if that is how it ended (UTC).
    """
    row = callbacks.get(desk.tx, callback_id)
    if row is None or (row.callback.is_open and row.callback.owner not in (None, by)):
        return False
    if outcome is Outcome.ASKED_TO_STOP and row.number is not None:
        stopping.stop(desk, row.number, row.contact_id, by)
        row = callbacks.get(desk.tx, callback_id) or row
    after = ringing_back.change(desk, row, OutcomeSet(outcome, by))
    if outcome is Outcome.CALL_LATER and later is not None:
        after = ringing_back.change(desk, after, TimeChosen(later))
    if after.callback.status is not row.callback.status:
        ringing_back.settle_escalation(desk, after, by)
        ringing_back.stop_calling(desk, row)
    desk.note("outcome", contact=row.contact_id, callback=callback_id, detail=outcome, by=by)
    _audit(desk, by, f"outcome {outcome}", "callback", callback_id)
    return True


def may_be_undone(desk: Desk, row: CallbackRow) -> bool:
    """Whether a callback was closed so lately, and so, that it can be opened again as if nothing had been said."""
    rule = row.callback
    lately = row.closed_at is not None and desk.now < row.closed_at + UNDONE_WITHIN
    if not lately or rule.is_open or rule.outcome is Outcome.ASKED_TO_STOP:
        return False
    # They have asked for the same since: that is what they are owed.
    open_now = callbacks.open_for(desk.tx, row.number) if row.number else []
    return all(one.callback.line is not rule.line for one in open_now)


def undo(desk: Desk, callback_id: CallbackId, by: StaffId) -> bool:
    """Open a callback again that was closed a moment ago, and give it to them; whether there was one.

    A block that closed it ends with it. That somebody asked us to stop is undone by nobody but them.
    """
    row = callbacks.get(desk.tx, callback_id)
    if row is None or not may_be_undone(desk, row):
        return False
    if row.callback.outcome is Outcome.BLOCKED and row.number is not None:
        blocking.unblock(desk.tx, row.number, desk.now, by=by)
    lease = desk.now + desk.settings.centre.waits.claim_lease
    ringing_back.change(desk, row, Undone(by, lease))
    desk.note("outcome_undone", contact=row.contact_id, callback=callback_id, by=by)
    _audit(desk, by, "undo outcome", "callback", callback_id)
    return True


def block(desk: Desk, number: PhoneNumber, reason: str, lasting: timedelta, by: StaffId) -> int:
    """Keep a number from being put through for a while, and owe it nothing more; how many callbacks that closed.

    Emergencies are put through, and stay open, whatever is blocked. Raises NotBlocked.
    """
    line = desk.settings.centre.line
    ours = (*line.numbers, line.failsafe_number)
    blocking.block(desk.tx, number, reason, desk.now, lasting=lasting, by=by, ours=ours)
    owed = [row for row in callbacks.open_for(desk.tx, number) if row.callback.line is not Line.EMERGENCY]
    for row in owed:
        ringing_back.settle_escalation(desk, row, by)
        ringing_back.change(desk, row, OutcomeSet(Outcome.BLOCKED, by))
    return len(owed)


# --- what is live ----------------------------------------------------------------------------------------------


def accept(desk: Desk, escalation_id: EscalationId, by: StaffId) -> Acceptance:
    """Take an emergency, a holding caller or a text. Where a talk is needed, one's own phone rings for it."""
    row = escalations.get(desk.tx, escalation_id)
    if row is None:
        return Over()
    handed_over = row.escalation.offered_to == by
    row, result = responder.accept(desk, row, by)
    if not isinstance(result, Accepted):
        return result
    _audit(desk, by, "accept", "escalation", escalation_id)
    if handed_over and not meeting.on_the_line(desk, row):
        # Whoever gives it has talked with them: it is theirs to read first.
        reaching.call_off(desk, row, by)
    elif _is_to_be_met(desk, row):
        reaching.ring(desk, row, by)
    return result


def take_over(desk: Desk, escalation_id: EscalationId, by: StaffId) -> Acceptance:
    """Take an emergency or a text from whoever has it, at once: they are told, and their phone stops ringing for it.

    Nobody's talk is cut: who is on the line with the caller stays there. Whose right it is, the caller has checked.
    """
    row = escalations.get(desk.tx, escalation_id)
    if row is None or row.escalation.subject not in (Subject.EMERGENCY, Subject.THREAD):
        return Over()
    former = row.escalation.accepted_by
    if former is None or former == by:
        return accept(desk, escalation_id, by)
    row = reaching.tell(desk, row, reach.TakenOver(by))
    reaching.call_off(desk, row, by)
    desk.note("taken_over", contact=row.contact_id, escalation=escalation_id, detail=former, by=by)
    _audit(desk, by, "take over", "escalation", escalation_id)
    return Accepted()


def _is_to_be_met(desk: Desk, row: EscalationRow) -> bool:
    return row.escalation.subject is not Subject.THREAD and meeting.can_be_met(desk, row)


def phone(desk: Desk, escalation_id: EscalationId, by: StaffId) -> Phone:
    """What their own phone does about it, now that it is theirs."""
    row = escalations.get(desk.tx, escalation_id)
    if row is None:
        return Phone(Rings.NOT)
    rings = one_ring.rings(desk, row, by)
    if any(page.staff_id == by for page in rooms.staff_in(desk.tx, row.room)):
        rings = Rings.TALKS
    gone = row.escalation.subject is not Subject.THREAD and not meeting.can_be_met(desk, row)
    return Phone(rings, gone=gone and rings is Rings.NOT)


def answer_holding(desk: Desk, contact_id: ContactId, by: StaffId) -> Acceptance:
    """Take a caller who holds."""
    contact = contacts.get(desk.tx, contact_id)
    live = contact is not None and contact.ended_at is None and contact.escalation_id is not None
    if contact is None or not live or contact.escalation_id is None:
        return Over()
    return accept(desk, contact.escalation_id, by)


def close(desk: Desk, escalation_id: EscalationId, by: StaffId) -> bool:
    """Close an emergency or a thread: only a human does that. Whether there was one to close."""
    row = escalations.get(desk.tx, escalation_id)
    if row is None or row.escalation.status is Reaching.CLOSED:
        return False
    match row.escalation.subject:
        case Subject.EMERGENCY:
            closing.close_emergency(desk, row, by)
        case Subject.THREAD:
            closing.close_thread(desk, row, by)
        case _:
            return False
    _audit(desk, by, "close", "escalation", escalation_id)
    return True


def touch(desk: Desk, escalation_id: EscalationId, by: StaffId) -> bool:
    """Still working on it: an emergency of one's own isn't paged again for a while."""
    row = escalations.get(desk.tx, escalation_id)
    if row is None or row.escalation.accepted_by != by:
        return False
    escalations.save(desk.tx, replace(row, touched_at=desk.now))
    _audit(desk, by, "keep", "escalation", escalation_id)
    return True


def ring_emergency_back(desk: Desk, escalation_id: EscalationId, by: StaffId) -> bool:
    """Ring somebody in an emergency back now, before their two minutes are over; whether there is whom to ring."""
    row = escalations.get(desk.tx, escalation_id)
    found = meeting.callback_of(desk, row) if row else None
    if row is None or found is None or not found.callback.is_open:
        return False
    ringing_back.dial_caller(desk, found)
    _audit(desk, by, "ring back", "escalation", escalation_id)
    return True


def _audit(desk: Desk, by: StaffId, action: str, kind: str, subject: str) -> None:
    audit.add(desk.tx, audit.Entry(desk.now, by, action, kind, subject))
