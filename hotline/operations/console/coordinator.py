"""What coordinators and clinicians do on the board: claim, call, set outcomes, close."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hotline.callbacks.callback import UNDONE_WITHIN, CallbackStatus, OutcomeSet, PutBack, TimeChosen
from hotline.callbacks.callback_moves import POSTPONING
from hotline.model import (
    AuditAction,
    AuditKind,
    CallbackId,
    Channel,
    ContactId,
    EscalationId,
    How,
    Line,
    Outcome,
    PhoneNumber,
    StaffId,
    Subject,
    TimelineWord,
)
from hotline.oncall import escalation as reach
from hotline.oncall.policy import Policy, Rung
from hotline.operations import flow_state, staff_member
from hotline.operations.callbacks import (
    admissions_talk,
    booking,
    consent,
    emergency_callbacks,
    ringing_back,
    stopping,
    undoing,
)
from hotline.operations.callbacks.booking import NOTHING_MORE, OutcomeDetails, TalkOf
from hotline.operations.callbacks.consent import NoCalls
from hotline.operations.conversation import blocking
from hotline.operations.paging import calling_off, helping, one_ring, reaching
from hotline.operations.paging.one_ring import Rings
from hotline.operations.staff import closing, connect, responder, right_person
from hotline.operations.staff.responder import Acceptance, Assigned, Over, TakenByOther
from hotline.operations.texts import threads
from hotline.operations.texts.threads import NotHanded
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks, contacts, escalations, timeline
from hotline.store.cases.callbacks import CallbackRow
from hotline.store.cases.contacts import ContactRow
from hotline.store.cases.escalations import EscalationRow
from hotline.store.overviews import conference
from hotline.triage.turn import PromiseCallback

_RING_FOR = timedelta(seconds=30)
"""How long one's own phone rings after "call now"."""


@dataclass(frozen=True, slots=True)
class Ringing:
    """Their own phone rings now."""


@dataclass(frozen=True, slots=True)
class OwnPhone:
    """What their own phone does about something of theirs."""

    rings: Rings
    gone: bool = False
    """Nobody can be called, so it doesn't ring."""


def claim(transaction: Transaction, callback_id: CallbackId, by: StaffId) -> Acceptance:
    """Take a callback. The first wins; the others are told who has it."""
    row = callbacks.get(transaction.tx, callback_id)
    if row is None or not row.callback.is_open or row.callback.line is Line.EMERGENCY:
        # A dropped emergency is rung back at its own times; its clinician has the escalation, not the callback.
        return Over()
    taken = ringing_back.take(transaction, row, by)
    owner = taken.callback.owner
    if owner is not None and owner != by:
        return TakenByOther(owner)
    if taken is not row:
        transaction.note(TimelineWord.CLAIMED, contact=row.contact_id, callback=callback_id, by=by)
        transaction.audit(AuditAction.CLAIM, AuditKind.CALLBACK, callback_id, by=by)
        _accept_ringing(transaction, taken, by)
    return Assigned()


def _accept_ringing(transaction: Transaction, row: CallbackRow, by: StaffId) -> None:
    """If staff phones ring for it, they stop: it is taken."""
    ringing = escalations.open_for_callback(transaction.tx, row.callback.id)
    if ringing is not None and ringing.escalation.subject is Subject.CALLBACK:
        reaching.tell(transaction, ringing, reach.Accepted(by))


def release(transaction: Transaction, callback_id: CallbackId, by: StaffId) -> bool:
    """Put a callback of one's own back in line; whether it was one's own, and not being called."""
    row = callbacks.get(transaction.tx, callback_id)
    if row is None or row.callback.owner != by or row.callback.status is not CallbackStatus.TAKEN:
        return False
    ringing_back.settle_escalation(transaction, row, by)
    ringing_back.change(transaction, row, PutBack("released"))
    transaction.note(TimelineWord.RELEASED, contact=row.contact_id, callback=callback_id, by=by)
    transaction.audit(AuditAction.RELEASE, AuditKind.CALLBACK, callback_id, by=by)
    return True


def take_callback_over(transaction: Transaction, callback_id: CallbackId, by: StaffId) -> Acceptance:
    """Take a callback at once from whoever has it: they are told, and their phone stops ringing for it. One that is
    being called, or of which its owner has yet to say who it was, stays theirs. Whose right it is, the caller has
    checked."""
    row = callbacks.get(transaction.tx, callback_id)
    former = row.callback.owner if row is not None else None
    if row is None or former in (None, by) or row.callback.status is CallbackStatus.CLOSED:
        return claim(transaction, callback_id, by)
    if row.callback.status is not CallbackStatus.TAKEN:
        return TakenByOther(former)
    ringing_back.settle_escalation(transaction, row, by)
    let_go = ringing_back.change(transaction, row, PutBack("taken over"))
    ringing_back.take(transaction, let_go, by)
    transaction.note(
        TimelineWord.TAKEN_OVER, contact=row.contact_id, callback=callback_id, detail=former, by=by
    )
    transaction.audit(AuditAction.TAKE_OVER, AuditKind.CALLBACK, callback_id, by=by)
    who = staff_member.first_name(transaction, by)
    asked = row.callback.opened_at.astimezone(ZoneInfo(transaction.settings.centre.line.timezone))
    words = transaction.text("callback_taken_over", WHO=who, TIME=f"{asked:%H:%M}")
    staff_member.text(transaction, former, words)
    return Assigned()


def hand_callback_over(
    transaction: Transaction, callback_id: CallbackId, to: StaffId, by: StaffId
) -> NotHanded | None:
    """Give a callback of one's own to a colleague on shift, who is told; None if it is theirs now. It is theirs as if
    they had claimed it: who does nothing about it loses it to whoever is next in line."""
    row = callbacks.get(transaction.tx, callback_id)
    if row is None or row.callback.owner != by or row.callback.status is not CallbackStatus.TAKEN:
        return NotHanded.NOT_YOURS
    if to == by or to not in threads.colleagues(transaction, Subject.CALLBACK):
        return NotHanded.NOT_ON
    ringing_back.settle_escalation(transaction, row, by)
    let_go = ringing_back.change(transaction, row, PutBack("handed over"))
    ringing_back.take(transaction, let_go, to)
    transaction.note(
        TimelineWord.CALLBACK_HANDED, contact=row.contact_id, callback=callback_id, detail=to, by=by
    )
    transaction.audit(AuditAction.HAND_OVER, AuditKind.CALLBACK, callback_id, by=by, detail=to)
    promised = row.callback.promised_at.astimezone(ZoneInfo(transaction.settings.centre.line.timezone))
    who = staff_member.first_name(transaction, by)
    staff_member.text(transaction, to, transaction.text("callback_handed", WHO=who, TIME=f"{promised:%H:%M}"))
    return None


def call_now(
    transaction: Transaction,
    callback_id: CallbackId,
    by: StaffId,
    *,
    ring_after: timedelta = timedelta(0),
) -> Acceptance | Ringing:
    """Claim it if need be, then ring one's own phone, `ring_after` they have put it down; pressing 1 there rings the
    caller."""
    result = claim(transaction, callback_id, by)
    row = callbacks.get(transaction.tx, callback_id)
    if not isinstance(result, Assigned) or row is None:
        return result
    if row.callback.status is not CallbackStatus.TAKEN:
        return Ringing()
    open_one = escalations.open_for_callback(transaction.tx, callback_id)
    if open_one is not None and open_one.escalation.subject is Subject.CALLBACK:
        if one_ring.rings(transaction, open_one, by) is not Rings.NOT:
            reaching.ring(transaction, open_one, by)
            return Ringing()
        reaching.tell(transaction, open_one, reach.Closed(by))
    about = ringing_back.about(row)
    opened = reaching.open_for(transaction, Subject.CALLBACK, about, _only(by), ring_after=ring_after)
    callbacks.save(transaction.tx, replace(row, escalation_id=opened.escalation.id))
    transaction.audit(AuditAction.CALL, AuditKind.CALLBACK, callback_id, by=by)
    return Ringing()


def call_them(
    transaction: Transaction, contact_id: ContactId, by: StaffId, *, agreed: bool = False
) -> Acceptance | Ringing | NoCalls:
    """Ring one's own phone, and then whoever this contact is, from the number of ours that they used.

    What they are owed already is what is kept by it; else it becomes a callback of one's own. Over: there is no number.
    `agreed`: they want this call, whatever they had asked for before.
    """
    row = contacts.get(transaction.tx, contact_id)
    number = flow_state.reachable_at(row) if row is not None else None
    if row is None or number is None or not transaction.settings.centre.line.reaches(number):
        return Over()
    owed = _owed_to(transaction, number, by)
    if owed is not None:
        return call_now(transaction, owed.callback.id, by)
    since = consent.no_calls_since(transaction, number)
    if since is not None and not agreed:
        return NoCalls(since)
    promised = ringing_back.promise(transaction, row, _wanted(row, number)).callback.id
    if row.callback_id is None:
        row = contacts.save(transaction.tx, replace(row, callback_id=promised))
    admissions_talk.raise_owed(transaction, row, by)
    return call_now(transaction, promised, by)


def _owed_to(transaction: Transaction, number: PhoneNumber, by: StaffId) -> CallbackRow | None:
    """What somebody with this number is owed already, one's own first; an emergency is nothing that was asked for."""
    asked = callbacks.open_for(transaction.tx, number)
    owed = [one for one in asked if one.callback.line is not Line.EMERGENCY]
    return min(owed, key=lambda one: one.callback.owner != by, default=None)


def _wanted(row: ContactRow, number: PhoneNumber) -> PromiseCallback:
    line = row.line if row.line in (Line.ADMISSIONS, Line.FAMILY) else Line.PERSON
    return PromiseCallback(line, number, ready=True, text_safe=flow_state.read(row).text_safe is True)


@dataclass(frozen=True, slots=True)
class Planned:
    """They are called at the time that was written down."""


def plan_call(
    transaction: Transaction, contact_id: ContactId, at: datetime, by: StaffId, *, agreed: bool = False
) -> Acceptance | Planned | NoCalls:
    """Call whoever this contact is at a time to come that they have named (UTC): whoever is on then is rung for it.

    What they are owed already is for that time from now on, unless somebody else has it, or they are being called now.
    Over: there is no number. `agreed`: as in `call_them`.
    """
    row = contacts.get(transaction.tx, contact_id)
    number = flow_state.reachable_at(row) if row is not None else None
    if row is None or number is None or not transaction.settings.centre.line.reaches(number):
        return Over()
    owed = _owed_to(transaction, number, by)
    since = consent.no_calls_since(transaction, number) if owed is None else None
    if since is not None and not agreed:
        return NoCalls(since)
    if owed is None:
        owed = ringing_back.promise(transaction, row, _wanted(row, number))
    holder = owed.callback.owner
    if holder is not None and (holder != by or owed.callback.is_with_caller):
        return TakenByOther(holder)
    if owed.callback.status is not CallbackStatus.WAITING:
        ringing_back.settle_escalation(transaction, owed, by)
        owed = ringing_back.change(transaction, owed, OutcomeSet(Outcome.CALL_LATER, by))
    owed = ringing_back.change(transaction, owed, TimeChosen(at))
    about = owed.callback.id
    transaction.note(TimelineWord.CALL_PLANNED, contact=row.id, callback=about, by=by)
    transaction.audit(AuditAction.CALL_PLANNED, AuditKind.CALLBACK, about, by=by)
    return Planned()


def _only(person: StaffId) -> Policy:
    rung = Rung(who=(f"staff:{person}",), how=(How.CALL,), together=True, wait=_RING_FOR)
    return Policy(subject=Subject.CALLBACK, rungs=(rung,), pause=_RING_FOR)


def set_outcome(
    transaction: Transaction,
    callback_id: CallbackId,
    outcome: Outcome,
    by: StaffId,
    *,
    later: datetime | None = None,
    details: OutcomeDetails = NOTHING_MORE,
) -> bool:
    """Say how a callback ended, or correct it; whether it was theirs to say.

    `later`: when they asked to be called, if that is how it ended (UTC). `details`: what was said with it.
    """
    row = callbacks.get(transaction.tx, callback_id)
    if row is None or (row.callback.is_open and row.callback.owner not in (None, by)):
        return False
    if outcome is Outcome.ASKED_TO_STOP and row.number is not None:
        stopping.stop(transaction, row.number, row.contact_id, by)
        row = callbacks.get(transaction.tx, callback_id) or row
    talk = TalkOf(row.contact_id, callback_id, row.callback.opened_at)
    booking.said(transaction, talk, outcome, by, details)
    after = ringing_back.change(transaction, row, OutcomeSet(outcome, by))
    if outcome is Outcome.CALL_LATER and later is not None:
        after = ringing_back.change(transaction, after, TimeChosen(later))
    if after.callback.status is not row.callback.status:
        ringing_back.settle_escalation(transaction, after, by)
        ringing_back.stop_calling(transaction, row)
    transaction.note(
        TimelineWord.OUTCOME, contact=row.contact_id, callback=callback_id, detail=outcome, by=by
    )
    transaction.audit(AuditAction.OUTCOME, AuditKind.CALLBACK, callback_id, by=by, detail=outcome)
    return True


def said_lately(transaction: Transaction, row: CallbackRow, by: StaffId) -> Outcome | None:
    """What they have said a moment ago of a callback that waits since then for its next try, and may correct as long as
    nobody has it; None: nothing."""
    if row.callback.status is not CallbackStatus.WAITING:
        return None
    told = timeline.of_kinds(transaction.tx, [row.contact_id], [TimelineWord.OUTCOME])
    theirs = [one for one in told if one.callback_id == row.callback.id]
    if not theirs or theirs[-1].by_staff != by or transaction.now >= theirs[-1].at + UNDONE_WITHIN:
        return None
    return next((one for one in POSTPONING if one.value == theirs[-1].detail), None)


@dataclass(frozen=True, slots=True)
class OpenAgain:
    """It is open again, and theirs."""

    unblocked: bool = False
    """The block that had closed it has ended with that."""
    others: int = 0
    """How many more callbacks that block had closed: they are open again, too, with whoever had them."""


def undo(transaction: Transaction, callback_id: CallbackId, by: StaffId) -> OpenAgain | None:
    """Open a callback again that was closed a moment ago, and give it to them; None if there was none.

    A block that closed it ends with it, and all that it closed is open again. That somebody asked us to stop is undone
    by nobody but them.
    """
    row = callbacks.get(transaction.tx, callback_id)
    if row is None or not undoing.may_be_undone(transaction, row):
        return None
    blocked = row.number if row.callback.outcome is Outcome.BLOCKED else None
    others = undoing.closed_with(transaction, row)
    unblocked = blocked is not None and _put_through(transaction, blocked, row.contact_id, by)
    undoing.open_again(transaction, row, by, by)
    for one in others:
        undoing.open_again(transaction, one, one.callback.owner, by)
    return OpenAgain(unblocked, len(others))


def _put_through(
    transaction: Transaction, number: PhoneNumber, contact: ContactId | None, by: StaffId
) -> bool:
    done = blocking.unblock(transaction.tx, number, transaction.now, by=by)
    if done and contact is not None:
        transaction.note(TimelineWord.UNBLOCKED, contact=contact, by=by)
    return done


def unblock(
    transaction: Transaction, number: PhoneNumber, contact: ContactId | None, by: StaffId, *, bring_back: bool
) -> Sequence[CallbackRow] | None:
    """Put a number through again; None if it was not blocked. Else the callbacks that the block had closed and nothing
    has taken the place of: with `bring_back` they are open again, due when they were, with whoever had them or in line.

    `contact`: on whose card or page it is done.
    """
    closed = undoing.closed_by_block(transaction, number)
    if not _put_through(transaction, number, contact, by):
        return None
    for one in closed if bring_back else ():
        undoing.open_again(transaction, one, one.callback.owner, by)
        if one.contact_id != contact:
            transaction.note(TimelineWord.UNBLOCKED, contact=one.contact_id, by=by)
    return closed


@dataclass(frozen=True, slots=True)
class BlockEnds:
    """What ends with a block, and what doesn't."""

    lines: tuple[Line, ...]
    """Of the callbacks that are closed by it."""
    texted: bool
    """They wrote, and somebody is to read it, or has it: that stays open."""


def block_ends(transaction: Transaction, number: PhoneNumber) -> BlockEnds:
    """What would end if this number were blocked now."""
    owed = callbacks.open_for(transaction.tx, number)
    lines = tuple(one.callback.line for one in owed if one.callback.line is not Line.EMERGENCY)
    texts = (row for row in escalations.all_open(transaction.tx) if row.escalation.subject is Subject.THREAD)
    origins = (contacts.get(transaction.tx, row.contact_id) for row in texts if row.contact_id)
    return BlockEnds(lines, texted=any(one is not None and one.caller == number for one in origins))


def block(
    transaction: Transaction, number: PhoneNumber, reason: str, lasting: timedelta, by: StaffId
) -> BlockEnds:
    """Keep a number from being put through for a while, and owe it nothing more; what that ended.

    Emergencies are put through, and stay open, whatever is blocked. Raises NotBlocked.
    """
    line = transaction.settings.centre.line
    ours = (*line.numbers, line.failsafe_number)
    blocking.block(transaction.tx, number, reason, transaction.now, lasting=lasting, by=by, ours=ours)
    ended = block_ends(transaction, number)
    for row in callbacks.open_for(transaction.tx, number):
        if row.callback.line is not Line.EMERGENCY:
            ringing_back.settle_escalation(transaction, row, by)
            ringing_back.change(transaction, row, OutcomeSet(Outcome.BLOCKED, by))
            transaction.note(TimelineWord.BLOCKED, contact=row.contact_id, callback=row.callback.id, by=by)
    _owe_nothing_for_calls_going_on(transaction, number)
    return ended


def _owe_nothing_for_calls_going_on(transaction: Transaction, number: PhoneNumber) -> None:
    """Whoever is on the line at this moment and hangs up without a talk is not called back either."""
    for row in contacts.ongoing(transaction.tx):
        calls = row.channel is Channel.VOICE and not row.outbound and row.caller == number
        if calls and row.line is not Line.EMERGENCY and row.reached_at is None:
            state = replace(flow_state.read(row), blocked=True)
            contacts.save(transaction.tx, replace(row, data=flow_state.written(state)))


# --- what is live ----------------------------------------------------------------------------------------------


def accept(transaction: Transaction, escalation_id: EscalationId, by: StaffId) -> Acceptance:
    """Take an emergency, a holding caller or a text. Where a talk is needed, one's own phone rings for it."""
    row = escalations.get(transaction.tx, escalation_id)
    if row is None or row.second_of is not None:
        return Over()
    handed_over = row.escalation.offered_to == by
    row, result = responder.accept(transaction, row, by)
    if not isinstance(result, Assigned):
        return result
    transaction.audit(AuditAction.ACCEPT, AuditKind.ESCALATION, escalation_id, by=by)
    helps = row.escalation.subject is Subject.HELP
    there = any(page.staff_id == by for page in conference.staff_in(transaction.tx, row.room))
    if there or ((handed_over or helps) and not connect.on_the_line(transaction, row)):
        # They talk with them now; or whoever gives it, or has it, has, and it is theirs to read first.
        calling_off.call_off(transaction, row, by)
    elif row.escalation.subject is Subject.THREAD:
        # Nobody is to be connected: their phone needn't ring on for what they have.
        calling_off.call_off(transaction, row, by)
    elif _is_to_be_met(transaction, row):
        reaching.ring(transaction, row, by)
    return result


def take_over(transaction: Transaction, escalation_id: EscalationId, by: StaffId) -> Acceptance:
    """Take an emergency or a text from whoever has it, at once: they are told, and their phone stops ringing for it.

    Nobody's talk is cut: who is on the line with the caller stays there. Whose right it is, the caller has checked.
    """
    row = escalations.get(transaction.tx, escalation_id)
    if row is None or row.escalation.subject not in (Subject.EMERGENCY, Subject.THREAD):
        return Over()
    former = row.escalation.accepted_by
    if former is None or former == by:
        return accept(transaction, escalation_id, by)
    row = reaching.tell(transaction, row, reach.TakenOver(by))
    calling_off.call_off(transaction, row, by)
    transaction.note(
        TimelineWord.TAKEN_OVER, contact=row.contact_id, escalation=escalation_id, detail=former, by=by
    )
    transaction.audit(AuditAction.TAKE_OVER, AuditKind.ESCALATION, escalation_id, by=by)
    return Assigned()


def _is_to_be_met(transaction: Transaction, row: EscalationRow) -> bool:
    return row.escalation.subject is not Subject.THREAD and connect.can_be_met(transaction, row)


def phone(transaction: Transaction, escalation_id: EscalationId, by: StaffId) -> OwnPhone:
    """What their own phone does about it, now that it is theirs."""
    row = escalations.get(transaction.tx, escalation_id)
    if row is None:
        return OwnPhone(Rings.NOT)
    rings = one_ring.rings(transaction, row, by)
    if any(page.staff_id == by for page in conference.staff_in(transaction.tx, row.room)):
        rings = Rings.TALKS
    gone = row.escalation.subject is not Subject.THREAD and not connect.can_be_met(transaction, row)
    return OwnPhone(rings, gone=gone and rings is not Rings.TALKS)


def answer_holding(transaction: Transaction, contact_id: ContactId, by: StaffId) -> Acceptance:
    """Take a caller who holds."""
    contact = contacts.get(transaction.tx, contact_id)
    live = contact is not None and contact.ended_at is None and contact.escalation_id is not None
    if contact is None or not live or contact.escalation_id is None:
        return Over()
    return accept(transaction, contact.escalation_id, by)


def close(
    transaction: Transaction, escalation_id: EscalationId, by: StaffId, *, was_them: bool = False
) -> bool:
    """Close an emergency or a thread: only a human does that. Whether there was one to close.

    `was_them`: they say, too, that whoever answered our last call was the person in the emergency.
    """
    row = escalations.get(transaction.tx, escalation_id)
    if row is None or not row.escalation.is_open:
        return False
    match row.escalation.subject:
        case Subject.EMERGENCY:
            if was_them:
                right_person.was_them(transaction, row, by)
            closing.close_emergency(transaction, row, by)
        case Subject.THREAD:
            closing.close_thread(transaction, row, by)
        case _:
            return False
    transaction.audit(AuditAction.CLOSE, AuditKind.ESCALATION, escalation_id, by=by)
    return True


def is_beside_emergency(transaction: Transaction, row: EscalationRow) -> bool:
    """Whether it is a thread in which an emergency is open, too: one isn't closed with the other."""
    there = conference.open_escalation(transaction.tx, row.room, Subject.EMERGENCY)
    return row.escalation.subject is Subject.THREAD and there is not None


def touch(transaction: Transaction, escalation_id: EscalationId, by: StaffId) -> bool:
    """Still working on it: an emergency of one's own isn't paged again for a while."""
    row = escalations.get(transaction.tx, escalation_id)
    if row is None or row.escalation.accepted_by != by:
        return False
    escalations.save(transaction.tx, replace(row, touched_at=transaction.now))
    transaction.audit(AuditAction.KEEP, AuditKind.ESCALATION, escalation_id, by=by)
    return True


def ring_emergency_back(transaction: Transaction, escalation_id: EscalationId, by: StaffId) -> bool:
    """Ring somebody in an emergency back now, before their two minutes are over; whether there is whom to ring. What a
    colleague has is rung back by them, and by whoever helps them: another's press would ring into their talk."""
    row = escalations.get(transaction.tx, escalation_id)
    if (
        row is not None
        and row.escalation.accepted_by is not None
        and by not in helping.in_it(transaction, row)
    ):
        return False
    found = connect.callback_of(transaction, row) if row else None
    if row is None or found is None or not found.callback.is_open:
        return False
    ringing_back.dial_caller(transaction, found)
    transaction.audit(AuditAction.RING_BACK, AuditKind.ESCALATION, escalation_id, by=by)
    return True


def write_instead(transaction: Transaction, escalation_id: EscalationId, by: StaffId) -> bool:
    """Whoever has an emergency writes, and their phone isn't rung by the clock; whether it would have been."""
    row = escalations.get(transaction.tx, escalation_id)
    found = connect.callback_of(transaction, row) if row and row.escalation.accepted_by == by else None
    if row is None or found is None or not emergency_callbacks.write_instead(transaction, found, by):
        return False
    transaction.note(TimelineWord.RUNG_NO_MORE, contact=row.contact_id, escalation=escalation_id, by=by)
    transaction.audit(AuditAction.RINGS_NO_MORE, AuditKind.ESCALATION, escalation_id, by=by)
    return True
