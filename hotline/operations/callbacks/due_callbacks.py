"""Callbacks that are due: who is rung for which, in what order, and what has gone on for too long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import islice

from hotline.callbacks.callback import CallbackStatus, LeaseEnded, NobodyTook, OutcomeAsked, PutBack, Watched
from hotline.callbacks.promise import is_late, priority
from hotline.model import CallbackId, Channel, EscalationId, Line, StaffId, Subject, TimelineWord
from hotline.oncall import escalation as reach
from hotline.oncall.attention import wanted
from hotline.oncall.escalation import EscalationStatus, People
from hotline.oncall.policy import Policy, late_policy
from hotline.operations import staff_member
from hotline.operations.callbacks import emergency_callbacks, ringing_back, spending
from hotline.operations.due_work import Work, each
from hotline.operations.paging import duty, hold_order, page_codes, reaching, whom_to_ask
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks, contacts, escalations, pages
from hotline.store.cases.callbacks import CallbackRow
from hotline.store.cases.escalations import EscalationRow
from hotline.store.overviews import due, known_number
from hotline.store.overviews.due import Due

_AT_MOST = 200


def found(transaction: Transaction, what: Due) -> list[Work]:
    """Every callback that something must be done about now."""
    leases = [CallbackId(one) for one in what.ids(due.LEASES)]
    late = [CallbackId(one) for one in what.ids(due.LATE)]
    silent = _silent_rounds(transaction) if what.some(due.SILENT) else []
    freed = [row.escalation.id for row in silent if _somebody_is_free_now(transaction, row)]
    return [
        *each(_lease_over, leases),
        *each(_tell_supervisors, late),
        *each(_round_begins_anew, freed),
        *(_to_ring(transaction, silent) if what.some(due.CALLBACKS) else ()),
    ]


def _lease_over(transaction: Transaction, callback_id: CallbackId) -> None:
    row = callbacks.get(transaction.tx, callback_id)
    if row is None:
        return
    if row.callback.status is CallbackStatus.UNSAID:
        _ask_how_it_ended(transaction, row)
        return
    if row.callback.is_forgotten:
        transaction.note(TimelineWord.CALLBACK_FORGOTTEN, contact=row.contact_id, callback=callback_id)
    if _goes_on(transaction, row):
        ringing_back.change(transaction, row, Watched(transaction.now + ringing_back.LOOKED_AT))
        return
    ringing_back.settle_escalation(transaction, row, None)
    ringing_back.change(transaction, row, PutBack("forgotten") if row.callback.is_forgotten else LeaseEnded())


def _ask_how_it_ended(transaction: Transaction, row: CallbackRow) -> None:
    """By text, once: a call without an outcome is not "reached"."""
    patience = transaction.settings.centre.waits.claim_lease
    ringing_back.change(transaction, row, OutcomeAsked(transaction.now + patience))
    if row.callback.owner is not None:
        minutes = str(max(1, round(patience / timedelta(minutes=1))))
        words = transaction.text("who_was_it", REF=row.callback.id[:4].upper(), MIN=minutes)
        staff_member.text(transaction, row.callback.owner, words)


def _goes_on(transaction: Transaction, row: CallbackRow) -> bool:
    """Whether phones still ring for it, or the call is still going on in which they talk."""
    match row.callback.status:
        case CallbackStatus.RINGING:
            ringing = escalations.get(transaction.tx, row.escalation_id) if row.escalation_id else None
            return ringing is not None and ringing.escalation.status is EscalationStatus.REACHING
        case CallbackStatus.TALKING | CallbackStatus.ANSWERED:
            call = contacts.get(transaction.tx, row.call_contact_id) if row.call_contact_id else None
            return call is not None and call.ended_at is None
        case _:
            return False


def _tell_supervisors(transaction: Transaction, callback_id: CallbackId) -> None:
    """Past its promise: the supervisors on duty are told, once."""
    row = callbacks.get(transaction.tx, callback_id)
    if row is None or row.told_supervisor or not is_late(row.callback, transaction.now):
        return
    urgent = row.callback.line is Line.EMERGENCY
    if urgent and _is_with_us(transaction, row):
        return
    words = (
        transaction.text("supervisor_emergency_callback")
        if urgent
        else transaction.text("supervisor_callback", REF=callback_id[:4].upper())
    )
    for person in duty.supervisors(transaction):
        staff_member.text(transaction, person, words)
    callbacks.save(transaction.tx, replace(row, told_supervisor=True))
    transaction.note(TimelineWord.PROMISE_BROKEN, contact=row.contact_id, callback=callback_id)


def _is_with_us(transaction: Transaction, row: CallbackRow) -> bool:
    """Whether they have come back to the line by themselves: nobody can dial them, nor need anybody."""
    own = ringing_back.own_call(transaction, row.number) if row.number is not None else None
    return own is not None or emergency_callbacks.is_on_the_line(transaction, row)


# --- rounds ----------------------------------------------------------------------------------------------------


def round_is_over(transaction: Transaction, row: EscalationRow) -> bool:
    """Whether the last phone of this round has rung in vain, and its pause is over."""
    rule = row.escalation
    last = rule.rung >= len(rule.policy.rungs) - 1 and not rule.queue
    return (last or rule.nobody) and rule.next_at is not None and rule.next_at <= transaction.now


def nobody_took(transaction: Transaction, row: EscalationRow) -> None:
    """Back in line, where the most pressing one is rung for next. One's own phone after "call now" rings once."""
    reaching.tell(transaction, row, reach.Closed(None))
    owed = callbacks.get(transaction.tx, row.callback_id) if row.callback_id else None
    if owed is not None and owed.callback.status is CallbackStatus.RINGING:
        ringing_back.change(transaction, owed, NobodyTook(transaction.now))


def _silent_rounds(transaction: Transaction) -> list[EscalationRow]:
    """What is in its pause: everybody was rung for it, and no phone rings now."""
    return [
        row
        for row in escalations.reaching(transaction.tx, [Subject.CALLBACK])
        if not row.escalation.ringing and _is_ringing(transaction, row)
    ]


def _is_ringing(transaction: Transaction, row: EscalationRow) -> bool:
    owed = callbacks.get(transaction.tx, row.callback_id) if row.callback_id else None
    return owed is not None and owed.callback.status is CallbackStatus.RINGING


def _rung_for(transaction: Transaction, row: EscalationRow) -> set[StaffId]:
    """Whose phone rang for it in vain; not theirs whose ring was called off for something more pressing."""
    paged = pages.of_escalation(transaction.tx, row.escalation.id)
    return {page.staff_id for page in paged if page.state is not pages.PageState.CALLED_OFF}


def _somebody_is_free_now(transaction: Transaction, row: EscalationRow) -> bool:
    """Somebody who was in a call when the phones rang has hung up: they need not wait for the pause to end."""
    wants, but = whom_to_ask.wanted_now(transaction, row), duty.themselves(transaction, row)
    policy, speaks = row.escalation.policy, duty.language_of(transaction, row)
    people = duty.people(
        transaction, policy, besides=row.escalation.id, language=speaks, wants=wants, but=but
    )
    return bool(_free(transaction, people) - _rung_for(transaction, row))


def _round_begins_anew(transaction: Transaction, escalation_id: EscalationId) -> None:
    row = escalations.get(transaction.tx, escalation_id)
    if row is not None and not row.escalation.ringing and _is_ringing(transaction, row):
        nobody_took(transaction, row)


# --- whose turn it is ------------------------------------------------------------------------------------------


def _to_ring(transaction: Transaction, silent: Sequence[EscalationRow]) -> list[Work]:
    waiting = callbacks.due(transaction.tx, transaction.now)
    ordered = sorted(waiting, key=lambda row: priority(row.callback, transaction.now))[:_AT_MOST]
    emergencies = [row.callback.id for row in ordered if row.callback.line is Line.EMERGENCY]
    others = [row for row in ordered if row.callback.line is not Line.EMERGENCY]
    # Beyond the day's cap they wait on the board: a person may call all the same.
    may_ring = bool(others) and spending.calls_left(transaction)
    # Phones are silent between two rounds, for whichever callback: who rang in vain for one isn't rung for another.
    resting = {person for row in silent for person in _rung_for(transaction, row)} if may_ring else set()
    # Only as many as there are people free to take one; the rest keep their places, and nothing is asked about them.
    free = len(_free(transaction, _crew(transaction, late_policy(), others[0])) - resting) if may_ring else 0
    ready = islice((row for row in others if not not_now(transaction, row)), free)

    def ring(transaction: Transaction, callback_id: CallbackId) -> None:
        _ring_for(transaction, callback_id, resting)

    return [*each(_dial_emergency, emergencies), *each(ring, [row.callback.id for row in ready])]


def _crew(transaction: Transaction, policy: Policy, row: CallbackRow) -> People:
    """Who is on, and who can't be had for this callback."""
    wants = wanted(Subject.CALLBACK, late=is_late(row.callback, transaction.now))
    but, speaks = duty.of_number(transaction, row.number), row.callback.language
    return duty.people(transaction, policy, language=speaks, wants=wants, but=but)


def _free(transaction: Transaction, people: People) -> frozenset[StaffId]:
    """Whose phones could ring for a callback, and are kept for nothing else."""
    return duty.everybody(people) - people.busy - hold_order.not_for_less(transaction, people)


def not_now(transaction: Transaction, row: CallbackRow) -> bool:
    """Whether nobody is rung for it at this moment: their own line is busy with us, or about to be, or an emergency of
    theirs comes first."""
    ongoing = known_number.busy(transaction.tx, row.number) if row.number else []
    return (
        any(one.channel is Channel.VOICE for one in ongoing)
        or emergency_callbacks.holds_up(transaction, row, ongoing)
        or _another_rings(transaction, row)
    )


def _another_rings(transaction: Transaction, row: CallbackRow) -> bool:
    """Whether staff phones ring at this moment for something else that this number has asked for: whoever takes it
    calls the same telephone. Between two rounds of it, it holds up nothing."""
    for other in callbacks.open_for(transaction.tx, row.number) if row.number is not None else []:
        if other.callback.id != row.callback.id and other.callback.status is CallbackStatus.RINGING:
            ring = escalations.get(transaction.tx, other.escalation_id) if other.escalation_id else None
            if ring is not None and ring.escalation.ringing:
                return True
    return False


def _dial_emergency(transaction: Transaction, callback_id: CallbackId) -> None:
    row = callbacks.get(transaction.tx, callback_id)
    if (
        row is not None
        and row.callback.status is CallbackStatus.WAITING
        and not emergency_callbacks.is_on_the_line(transaction, row)
    ):
        ringing_back.dial_caller(transaction, row)


def _ring_for(transaction: Transaction, callback_id: CallbackId, resting: set[StaffId]) -> None:
    row = callbacks.get(transaction.tx, callback_id)
    if row is None or row.callback.status is not CallbackStatus.WAITING or not_now(transaction, row):
        return
    page_codes.draw_ahead(transaction)
    late = is_late(row.callback, transaction.now)
    pause = transaction.settings.centre.retries.staff_round_pause
    policy = late_policy(pause) if late else duty.policy_for(transaction, Subject.CALLBACK)
    if _free(transaction, _crew(transaction, policy, row)) - resting:
        ringing_back.ring_staff(transaction, row, policy)
