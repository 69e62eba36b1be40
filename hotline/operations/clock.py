"""What is due: found by SQL, once a second, without Redis. Two clocks may run; both are harmless.

Each thing that is due is one transaction of its own, so that one that fails can't hold up the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from hotline.callbacks.callback import Status
from hotline.callbacks.events import LeaseEnded, NobodyTook
from hotline.callbacks.promise import is_late, priority
from hotline.effects import Urgency
from hotline.model import CallbackId, ContactId, EscalationId, Line, Subject
from hotline.oncall import events as reach
from hotline.oncall.policy import late_policy
from hotline.operations import caller, delivery, duty, lost, reaching, ringing_back
from hotline.operations.house import Desk, House
from hotline.operations.work import Work, each
from hotline.store import beats, callbacks, contacts, escalations, outbox
from hotline.store.failures import StoreError, Unavailable
from hotline.store.outbox import Bell
from hotline.triage.contact import State

_log = structlog.get_logger("hotline.clock")

UNANSWERED_QUESTION = timedelta(minutes=10)
"""A texter who was asked something and wrote no more: a person looks at it."""
BELL_LOST = timedelta(seconds=2)
NEGLECTED = {Urgency.URGENT: timedelta(seconds=4), Urgency.ORDINARY: timedelta(seconds=15)}
"""How long a worker has to claim what it was rung for."""
_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class Beat:
    """What one look at the database found."""

    handled: int
    failed: int
    to_ring: tuple[Bell, ...]
    """Effects that have become due, whose bell was lost, or whose provider must be asked."""
    neglected: tuple[Bell, ...]
    """Effects that no worker has claimed though it had time to: the clock carries them out itself."""


def beat(house: House) -> Beat:
    """One second's work. Raises Unavailable if the database can't be reached at all."""
    found = house.look(_find)
    handled = failed = 0
    for work in found:
        try:
            house.change(work)
            handled += 1
        except Unavailable:
            raise
        except StoreError as error:
            failed += 1
            _log.warning("left for the next beat", reason=type(error).__name__)
        except Exception:
            # One row that can't be handled must not stop the clock for all the others.
            failed += 1
            _log.exception("one due row could not be handled")
    house.change(lambda desk: beats.beat(desk.tx, "clock", desk.now))
    to_ring, neglected = house.look(_waiting)
    return Beat(handled, failed, to_ring, neglected)


def _find(desk: Desk) -> list[Work]:
    work: list[Work] = []
    for kind in (_expired, _escalations, lost.found, _threads, _leases, _late, _untouched, _due):
        work += kind(desk)
    return work


def _waiting(desk: Desk) -> tuple[tuple[Bell, ...], tuple[Bell, ...]]:
    to_ring: list[Bell] = []
    neglected: list[Bell] = []
    unsure = outbox.to_look_up(desk.tx, desk.now, _AT_MOST)
    for row in (*unsure, *outbox.due(desk.tx, desk.now, _AT_MOST)):
        waited = desk.now - row.due_at
        bell = Bell(row.id, row.urgency)
        if waited >= NEGLECTED[row.urgency]:
            neglected.append(bell)
        elif waited >= BELL_LOST or row.due_at > row.created_at or row.status is outbox.Status.UNSURE:
            to_ring.append(bell)
    return tuple(to_ring), tuple(neglected)


def _expired(desk: Desk) -> Sequence[Work]:
    return each(delivery.expired, outbox.expired(desk.tx, desk.now))


# --- escalations -----------------------------------------------------------------------------------------------


def _escalations(desk: Desk) -> Sequence[Work]:
    ids = [row.escalation.id for row in escalations.due(desk.tx, desk.now)]
    return each(_next_rung, ids)


def _next_rung(desk: Desk, escalation_id: EscalationId) -> None:
    row = escalations.get(desk.tx, escalation_id)
    if row is None:
        return
    if row.escalation.subject is not Subject.CALLBACK:
        reaching.tell(desk, row, reach.WaitOver())
        return
    last = row.escalation.rung >= len(row.escalation.policy.rungs) - 1 and not row.escalation.queue
    if not last and not row.escalation.nobody:
        reaching.tell(desk, row, reach.WaitOver())
    elif row.escalation.next_at is not None and row.escalation.next_at <= desk.now:
        _nobody_took(desk, row)


def _nobody_took(desk: Desk, row: escalations.EscalationRow) -> None:
    """Every phone rang in vain: quiet for a moment, then again. One's own phone after "call now" rings once."""
    reaching.tell(desk, row, reach.Closed(None))
    found = callbacks.get(desk.tx, row.callback_id) if row.callback_id else None
    if found is not None and found.callback.status is Status.RINGING:
        ringing_back.change(desk, found, NobodyTook(desk.now))


def _untouched(desk: Desk) -> Sequence[Work]:
    before = desk.now - desk.settings.centre.waits.emergency_untouched
    ids = [row.escalation.id for row in escalations.untouched(desk.tx, before)]
    return each(_page_anew, ids)


def _page_anew(desk: Desk, escalation_id: EscalationId) -> None:
    row = escalations.get(desk.tx, escalation_id)
    if row is not None:
        reaching.tell(desk, row, reach.Untouched())


# --- texts -----------------------------------------------------------------------------------------------------


def _threads(desk: Desk) -> Sequence[Work]:
    asked = contacts.quiet_threads(desk.tx, desk.now - UNANSWERED_QUESTION)
    long_ago = desk.now - desk.settings.centre.texts.thread_quiet
    quiet = [
        row.id
        for row in asked
        if row.state == State.TEXT_SAFE
        or (row.last_turn_at < long_ago and row.state in (State.TEXT_MENU, State.TEXT_STOPPED))
    ]
    return each(_quiet, quiet)


def _quiet(desk: Desk, contact_id: ContactId) -> None:
    row = contacts.get(desk.tx, contact_id)
    if row is not None and row.ended_at is None:
        caller.went_quiet(desk, row)


# --- callbacks -------------------------------------------------------------------------------------------------


def _leases(desk: Desk) -> Sequence[Work]:
    over = [row.callback.id for row in callbacks.leases_over(desk.tx, desk.now)]
    return each(_lease_over, over)


def _lease_over(desk: Desk, callback_id: CallbackId) -> None:
    row = callbacks.get(desk.tx, callback_id)
    if row is not None:
        ringing_back.settle_escalation(desk, row, None)
        ringing_back.change(desk, row, LeaseEnded())


def _late(desk: Desk) -> Sequence[Work]:
    late = [row.callback.id for row in callbacks.late(desk.tx, desk.now)]
    return each(_tell_supervisors, late)


def _tell_supervisors(desk: Desk, callback_id: CallbackId) -> None:
    """Past its promise: the supervisors on duty are told, once."""
    row = callbacks.get(desk.tx, callback_id)
    if row is None or row.told_supervisor or not is_late(row.callback, desk.now):
        return
    on = duty.people(desk, late_policy()).on.get("schedule:supervisors", ())
    words = desk.text("supervisor_callback", REF=callback_id[:4].upper())
    for person in on:
        reaching.text_staff(desk, person, words)
    callbacks.save(desk.tx, replace(row, told_supervisor=True))
    desk.note("promise_broken", contact=row.contact_id, callback=callback_id)


def _due(desk: Desk) -> Sequence[Work]:
    due = callbacks.due(desk.tx, desk.now)
    ordered = sorted(due, key=lambda row: priority(row.callback, desk.now))[:_AT_MOST]
    emergencies = [row.callback.id for row in ordered if row.callback.line is Line.EMERGENCY]
    others = [row.callback.id for row in ordered if row.callback.line is not Line.EMERGENCY]
    # Only as many as there are people free to take one; the rest keep their places.
    free = _free_staff(desk) if others else 0
    return [*each(_dial_emergency, emergencies), *each(_ring_for, others[:free])]


def _free_staff(desk: Desk) -> int:
    people = duty.people(desk, late_policy())
    on = {person for crew in people.on.values() for person in crew}
    return len(on - people.busy)


def _dial_emergency(desk: Desk, callback_id: CallbackId) -> None:
    row = callbacks.get(desk.tx, callback_id)
    if row is not None and row.callback.status is Status.WAITING:
        ringing_back.dial_caller(desk, row)


def _ring_for(desk: Desk, callback_id: CallbackId) -> None:
    row = callbacks.get(desk.tx, callback_id)
    if row is None or row.callback.status is not Status.WAITING:
        return
    origin = contacts.get(desk.tx, row.contact_id)
    if origin is not None and origin.channel == "voice" and origin.ended_at is None:
        return
    late = is_late(row.callback, desk.now)
    pause = desk.settings.centre.retries.staff_round_pause
    policy = late_policy(pause) if late else duty.policy_for(desk, Subject.CALLBACK)
    people = duty.people(desk, policy)
    if any(set(crew) - people.busy for crew in people.on.values()):
        ringing_back.ring_staff(desk, row, policy)
