"""What is due: found by SQL, once a second, without Redis. Two clocks may run; both are harmless.

Each thing that is due is one transaction of its own, so that one that fails can't hold up the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from math import ceil

import structlog

from hotline.effects import PlaceCall, Urgency
from hotline.model import ContactId, EscalationId, Subject
from hotline.oncall import escalation_events as reach
from hotline.oncall.escalation import Status
from hotline.operations.callbacks import due_callbacks
from hotline.operations.conversation import caller
from hotline.operations.due_work import Work, each
from hotline.operations.outbox import delivery, quiet_calls_asked, stale
from hotline.operations.paging import next_in_queue, pager, reaching
from hotline.operations.staff import gone
from hotline.operations.texts import threads
from hotline.operations.transaction import Application, Transaction
from hotline.store import beats, contacts, escalations, outbox
from hotline.store.failures import StoreError, Unavailable
from hotline.store.outbox import WakeUp
from hotline.store.quiet_calls import QuietCall
from hotline.triage.contact import State
from hotline.triage.texts.self_service import QUESTIONS

_log = structlog.get_logger("hotline.clock")

UNANSWERED_QUESTION = timedelta(minutes=10)
"""A texter who was asked something and wrote no more: a person looks at it."""
_ASKED = frozenset({State.TEXT_SAFE, *QUESTIONS})
BELL_LOST = timedelta(seconds=2)
NEGLECTED = {
    Urgency.EMERGENCY: timedelta(seconds=2),
    Urgency.URGENT: timedelta(seconds=4),
    Urgency.ORDINARY: timedelta(seconds=15),
}
"""How long a worker has to claim what it was rung for."""
_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class Beat:
    """What one look at the database found."""

    handled: int
    failed: int
    to_ring: tuple[WakeUp, ...]
    """Effects that have become due, whose bell was lost, or whose provider must be asked."""
    neglected: tuple[WakeUp, ...]
    """Effects that no worker has claimed though it had time to, or whose worker died with them: the clock carries
    them out itself."""
    to_ask: tuple[QuietCall, ...]
    """Calls of which nothing was heard for too long."""


def beat(application: Application, *, at_start: bool = False) -> Beat:
    """One second's work; `at_start`: the first one of a process. Raises Unavailable if the database can't be reached at
    all."""
    found = application.look(_find)
    handled = failed = 0
    for work in found:
        try:
            application.change(work)
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
    application.change(lambda transaction: beats.beat(transaction.tx, "clock", transaction.now))
    to_ring, neglected = application.look(_waiting)
    return Beat(handled, failed, to_ring, neglected, _to_ask(application, at_start=at_start))


def _to_ask(application: Application, *, at_start: bool) -> tuple[QuietCall, ...]:
    quiet = application.look(lambda transaction: quiet_calls_asked.found(transaction, at_start=at_start))
    if quiet:
        application.change(lambda transaction: quiet_calls_asked.note(transaction, quiet))
    return quiet


def _find(transaction: Transaction) -> list[Work]:
    work: list[Work] = []
    for kind in (
        _expired,
        next_in_queue.found,
        _escalations,
        stale.found,
        pager.found,
        _threads,
        threads.found,
        _untouched,
        due_callbacks.found,
    ):
        work += kind(transaction)
    return work


def _waiting(transaction: Transaction) -> tuple[tuple[WakeUp, ...], tuple[WakeUp, ...]]:
    to_ring: list[WakeUp] = []
    neglected: list[WakeUp] = []
    # A call that waits for the account is not neglected: the most pressing ones are tried, as many as may start.
    calls = ceil(transaction.settings.centre.carrier.calls_per_second)
    unsure = outbox.to_look_up(transaction.tx, transaction.now, _AT_MOST)
    for row in (*unsure, *outbox.due(transaction.tx, transaction.now, _AT_MOST)):
        if isinstance(row.effect, PlaceCall) and row.status is outbox.Status.WAITING:
            calls -= 1
            if calls < 0:
                continue
        waited = transaction.now - row.due_at
        wake_up = WakeUp(row.id, row.urgency)
        if waited >= NEGLECTED[row.urgency] or delivery.was_left_behind(row):
            neglected.append(wake_up)
        elif waited >= BELL_LOST or row.due_at > row.created_at or row.status is outbox.Status.UNSURE:
            to_ring.append(wake_up)
    return tuple(to_ring), tuple(neglected)


def _expired(transaction: Transaction) -> Sequence[Work]:
    return each(delivery.expired, outbox.expired(transaction.tx, transaction.now))


# --- escalations -----------------------------------------------------------------------------------------------


def _escalations(transaction: Transaction) -> Sequence[Work]:
    ids = [row.escalation.id for row in escalations.due(transaction.tx, transaction.now)]
    return each(_next_rung, ids)


def _next_rung(transaction: Transaction, escalation_id: EscalationId) -> None:
    row = escalations.get(transaction.tx, escalation_id)
    if row is None:
        return
    if row.escalation.subject is Subject.CALLBACK and due_callbacks.round_is_over(transaction, row):
        due_callbacks.nobody_took(transaction, row)
    elif gone.is_gone(transaction, row) and gone.everybody_was_told(transaction, row):
        gone.rest(transaction, row)
    else:
        reaching.tell(transaction, row, reach.WaitOver())


def _untouched(transaction: Transaction) -> Sequence[Work]:
    before = transaction.now - transaction.settings.centre.waits.emergency_untouched
    ids = [row.escalation.id for row in escalations.untouched(transaction.tx, before)]
    return each(_page_anew, ids)


def _page_anew(transaction: Transaction, escalation_id: EscalationId) -> None:
    """Nobody has done anything about an emergency; whoever talks with the caller at this moment does."""
    row = escalations.get(transaction.tx, escalation_id)
    if row is None:
        return
    together = any(one.state == State.IN_ROOM for one in contacts.ongoing_in(transaction.tx, row.room))
    if row.escalation.status is Status.ACCEPTED and gone.is_gone(transaction, row):
        gone.untouched(transaction, row)
    elif together and row.escalation.status is Status.ACCEPTED:
        escalations.save(transaction.tx, replace(row, touched_at=transaction.now))
    else:
        reaching.tell(transaction, row, reach.Untouched())


# --- texts -----------------------------------------------------------------------------------------------------


def _threads(transaction: Transaction) -> Sequence[Work]:
    asked = contacts.quiet_threads(transaction.tx, transaction.now - UNANSWERED_QUESTION)
    long_ago = transaction.now - transaction.settings.centre.texts.thread_quiet
    quiet = [
        row.id
        for row in asked
        if row.state in _ASKED
        or (row.last_turn_at < long_ago and row.state in (State.TEXT_MENU, State.TEXT_STOPPED))
    ]
    return each(_quiet, quiet)


def _quiet(transaction: Transaction, contact_id: ContactId) -> None:
    row = contacts.get(transaction.tx, contact_id)
    if row is not None and row.ended_at is None:
        caller.went_quiet(transaction, row)
