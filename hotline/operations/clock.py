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
from hotline.oncall import events as reach
from hotline.oncall.escalation import Status
from hotline.operations import asking, caller, delivery, due, freed, lost, pager, reaching, threads
from hotline.operations.house import Desk, House
from hotline.operations.work import Work, each
from hotline.store import beats, contacts, escalations, outbox
from hotline.store.failures import StoreError, Unavailable
from hotline.store.outbox import Bell
from hotline.store.quiet_calls import QuietCall
from hotline.triage.contact import State
from hotline.triage.self_service import QUESTIONS

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
    to_ring: tuple[Bell, ...]
    """Effects that have become due, whose bell was lost, or whose provider must be asked."""
    neglected: tuple[Bell, ...]
    """Effects that no worker has claimed though it had time to, or whose worker died with them: the clock carries
    them out itself."""
    to_ask: tuple[QuietCall, ...]
    """Calls of which nothing was heard for too long."""


def beat(house: House, *, at_start: bool = False) -> Beat:
    """One second's work; `at_start`: the first one of a process. Raises Unavailable if the database can't be reached at
    all."""
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
    return Beat(handled, failed, to_ring, neglected, _to_ask(house, at_start=at_start))


def _to_ask(house: House, *, at_start: bool) -> tuple[QuietCall, ...]:
    quiet = house.look(lambda desk: asking.found(desk, at_start=at_start))
    if quiet:
        house.change(lambda desk: asking.note(desk, quiet))
    return quiet


def _find(desk: Desk) -> list[Work]:
    work: list[Work] = []
    for kind in (
        _expired,
        freed.found,
        _escalations,
        lost.found,
        pager.found,
        _threads,
        threads.found,
        _untouched,
        due.found,
    ):
        work += kind(desk)
    return work


def _waiting(desk: Desk) -> tuple[tuple[Bell, ...], tuple[Bell, ...]]:
    to_ring: list[Bell] = []
    neglected: list[Bell] = []
    # A call that waits for the account is not neglected: the most pressing ones are tried, as many as may start.
    calls = ceil(desk.settings.centre.carrier.calls_per_second)
    unsure = outbox.to_look_up(desk.tx, desk.now, _AT_MOST)
    for row in (*unsure, *outbox.due(desk.tx, desk.now, _AT_MOST)):
        if isinstance(row.effect, PlaceCall) and row.status is outbox.Status.WAITING:
            calls -= 1
            if calls < 0:
                continue
        waited = desk.now - row.due_at
        bell = Bell(row.id, row.urgency)
        if waited >= NEGLECTED[row.urgency] or delivery.was_left_behind(row):
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
    if row.escalation.subject is Subject.CALLBACK and due.round_is_over(desk, row):
        due.nobody_took(desk, row)
    else:
        reaching.tell(desk, row, reach.WaitOver())


def _untouched(desk: Desk) -> Sequence[Work]:
    before = desk.now - desk.settings.centre.waits.emergency_untouched
    ids = [row.escalation.id for row in escalations.untouched(desk.tx, before)]
    return each(_page_anew, ids)


def _page_anew(desk: Desk, escalation_id: EscalationId) -> None:
    """Nobody has done anything about an emergency; whoever talks with the caller at this moment does."""
    row = escalations.get(desk.tx, escalation_id)
    if row is None:
        return
    together = any(one.state == State.IN_ROOM for one in contacts.ongoing_in(desk.tx, row.room))
    if together and row.escalation.status is Status.ACCEPTED:
        escalations.save(desk.tx, replace(row, touched_at=desk.now))
    else:
        reaching.tell(desk, row, reach.Untouched())


# --- texts -----------------------------------------------------------------------------------------------------


def _threads(desk: Desk) -> Sequence[Work]:
    asked = contacts.quiet_threads(desk.tx, desk.now - UNANSWERED_QUESTION)
    long_ago = desk.now - desk.settings.centre.texts.thread_quiet
    quiet = [
        row.id
        for row in asked
        if row.state in _ASKED
        or (row.last_turn_at < long_ago and row.state in (State.TEXT_MENU, State.TEXT_STOPPED))
    ]
    return each(_quiet, quiet)


def _quiet(desk: Desk, contact_id: ContactId) -> None:
    row = contacts.get(desk.tx, contact_id)
    if row is not None and row.ended_at is None:
        caller.went_quiet(desk, row)
