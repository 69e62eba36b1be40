"""What is due: found by SQL, once a second, without Redis. Two clocks may run; both are harmless.

Each thing that is due is one transaction of its own, so that one that fails can't hold up the others.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil

import structlog

from hotline.effects import Urgency
from hotline.model import ByWord, ContactId, EscalationId, OutboxId, RoomName, Subject
from hotline.oncall import escalation as reach
from hotline.oncall.escalation import EscalationStatus
from hotline.operations.callbacks import booking, due_callbacks
from hotline.operations.conversation import caller
from hotline.operations.due_work import Work, each
from hotline.operations.outbox import delivery, quiet_calls_asked, stale
from hotline.operations.paging import helping, next_in_queue, pager, reaching, trial_pages
from hotline.operations.staff import gone
from hotline.operations.texts import threads
from hotline.operations.transaction import Application, Transaction
from hotline.store.cases import contacts, escalations
from hotline.store.cases.escalations import EscalationRow
from hotline.store.database import StoreError, Unavailable
from hotline.store.overviews import conference, due, telephones
from hotline.store.overviews.due import Due, Times
from hotline.store.overviews.quiet_calls import QuietCall
from hotline.store.traffic.outbox import WakeUp
from hotline.store.upkeep import heartbeats, lateness
from hotline.triage.contact import ContactState
from hotline.triage.texts.self_service import QUESTIONS

_log = structlog.get_logger("hotline.clock")

GOES_ON_WITHIN = timedelta(minutes=1)
"""How long whoever has an emergency has to go on with it, when they didn't take the call to their own phone."""
UNANSWERED_QUESTION = timedelta(minutes=10)
"""A texter who was asked something and wrote no more: a person looks at it."""
_ASKED = frozenset({ContactState.TEXT_SAFE, *QUESTIONS})
_IDLE = frozenset({ContactState.TEXT_MENU, ContactState.TEXT_STOPPED})
_CLOCK = "clock"
_SHOWN_EVERY = timedelta(seconds=3)
"""Between two signs of life of the clock's own; health asks for one within ten."""
BELL_LOST = timedelta(seconds=2)
NEGLECTED = ByWord(
    {
        Urgency.EMERGENCY: timedelta(seconds=2),
        Urgency.URGENT: timedelta(seconds=4),
        Urgency.ORDINARY: timedelta(seconds=15),
    },
    unknown=timedelta(seconds=2),
)
"""How long a worker has to claim what it was rung for. How pressing this version doesn't know, is pressing."""


@dataclass(frozen=True, slots=True)
class Beat:
    """What one look at the database found."""

    handled: int
    failed: int
    to_ring: tuple[WakeUp, ...]
    """Effects that have become due, whose wake-up was lost, or whose provider must be asked."""
    neglected: tuple[WakeUp, ...]
    """Effects that no worker has claimed though it had time to, or whose worker died with them: the clock carries
    them out itself."""
    to_ask: tuple[QuietCall, ...]
    """Calls of which nothing was heard for too long."""
    next_rung: datetime | None = None
    """When the next wait of an escalation is over (UTC); None if nothing waits."""


def beat(application: Application, *, at_start: bool = False, stands_in: bool = False) -> Beat:
    """One second's work; `at_start`: the first one of a process. `stands_in`: of another process, while the clock is
    dead: it shows no sign of life of the clock's, and asks after no call. Raises Unavailable if the database can't be
    reached at all."""
    found, work = application.look(_find)
    rungs_due = [one.at2 for one in found.found.get(due.RUNG, ())]
    handled = failed = 0
    for one in work:
        try:
            application.change(one)
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
    if rungs_due:
        late = [application.clock() - at for at in rungs_due]
        application.change(lambda transaction: lateness.add(transaction.tx, late))
    if not found.some(due.BEATEN) and not stands_in:
        application.change(_show)
    if work:
        found = application.look(_look)  # what was due a moment ago is over, or under way
    to_ring, neglected = _waiting(application, found)
    to_ask = () if stands_in else _to_ask(application, found, at_start=at_start)
    return Beat(handled, failed, to_ring, neglected, to_ask, found.next_rung)


def _show(transaction: Transaction) -> None:
    heartbeats.beat(transaction.tx, _CLOCK, transaction.now, transaction.application.machine)


def _to_ask(application: Application, found: Due, *, at_start: bool) -> tuple[QuietCall, ...]:
    quiet = (
        application.look(quiet_calls_asked.running)
        if at_start
        else quiet_calls_asked.among(found, application.clock())
    )
    if quiet:
        application.change(lambda transaction: quiet_calls_asked.note(transaction, quiet))
    return quiet


def times(transaction: Transaction) -> Times:
    """Before when something must have been to be due now."""
    now, waits = transaction.now, transaction.settings.centre.waits
    return Times(
        now=now,
        untouched=now - waits.emergency_untouched,
        not_taken=now - min(waits.emergency_untouched, GOES_ON_WITHIN),
        resting=now - waits.claim_lease,
        asked=now - UNANSWERED_QUESTION,
        long_ago=now - transaction.settings.centre.texts.thread_quiet,
        ring=now - waits.staff_ring - stale.RING_LOST,
        alone=now - stale.ALONE,
        call=now - stale.STALE_CALL,
        dial=now - stale.STALE_DIAL,
        talk=now - stale.STALE_TALK,
        quiet=now - quiet_calls_asked.WAITED_FOR,
        question=now - quiet_calls_asked.AGAIN_AFTER,
        settled=now - telephones.LATELY,
        beat=now - _SHOWN_EVERY,
        clock=heartbeats.on(_CLOCK, transaction.application.machine),
    )


def look(transaction: Transaction, by: Times) -> Due:
    """What is due by these times, as the clock looks for it."""
    return due.look(transaction.tx, by, asked=_ASKED, idle=_IDLE)


def _look(transaction: Transaction) -> Due:
    return look(transaction, times(transaction))


def _find(transaction: Transaction) -> tuple[Due, list[Work]]:
    found = _look(transaction)
    work = [
        *each(delivery.expired, found.expired),
        *(next_in_queue.found(transaction) if found.some(due.HOLDS) else ()),
        *each(_next_rung, found.rungs),
        *stale.found(found),
        *pager.found(transaction, found.untold),
        *each(_quiet, [ContactId(one) for one in found.ids(due.THREADS)]),
        *threads.found(found),
        *each(_page_anew, [EscalationId(one) for one in found.ids(due.UNTOUCHED)]),
        *booking.found(found),
        *due_callbacks.found(transaction, found),
    ]
    return found, work


def _waiting(application: Application, found: Due) -> tuple[tuple[WakeUp, ...], tuple[WakeUp, ...]]:
    now = application.clock()
    to_ring: list[WakeUp] = []
    neglected: list[WakeUp] = []
    # A call that waits for the account is not neglected: the most pressing ones are tried, as many as may start.
    calls = ceil(application.settings.centre.carrier.calls_per_second)
    for one in found.effects:
        if one.is_call and not one.unsure:
            calls -= 1
            if calls < 0:
                continue
        waited = now - one.due_at
        wake_up = WakeUp(OutboxId(one.id), one.urgency)
        if waited >= NEGLECTED[one.urgency] or delivery.was_left_behind(one.error):
            neglected.append(wake_up)
        elif waited >= BELL_LOST or one.due_at > one.created_at or one.unsure:
            to_ring.append(wake_up)
    return tuple(to_ring), tuple(neglected)


# --- escalations -----------------------------------------------------------------------------------------------


def _next_rung(transaction: Transaction, due_now: tuple[EscalationId, RoomName]) -> None:
    escalation_id, room = due_now
    row = escalations.get_in(transaction.tx, room, escalation_id)
    if row is None:
        return
    if row.escalation.subject is Subject.CALLBACK and due_callbacks.round_is_over(transaction, row):
        due_callbacks.nobody_took(transaction, row)
    elif row.escalation.subject is Subject.TEST:
        trial_pages.go_on(transaction, row)
    elif helping.rests_beside(transaction, row) is not None:
        reaching.rest(transaction, row)
    elif gone.is_gone(transaction, row) and gone.everybody_was_told(transaction, row):
        gone.rest(transaction, row)
    else:
        reaching.tell(transaction, row, reach.WaitOver())


def _page_anew(transaction: Transaction, escalation_id: EscalationId) -> None:
    """Nobody has done anything about an emergency; whoever talks with the caller at this moment does, and whoever has
    it and waits in the room while the caller's phone rings."""
    row = escalations.get(transaction.tx, escalation_id)
    if row is None:
        return
    if row.escalation.status is not EscalationStatus.ACCEPTED:
        reaching.tell(transaction, row, reach.Untouched())
    elif gone.is_gone(transaction, row):
        gone.untouched(transaction, row)
    elif _is_attended(transaction, row):
        escalations.save(transaction.tx, replace(row, touched_at=transaction.now))
    else:
        reaching.tell(transaction, row, reach.Untouched())


def _is_attended(transaction: Transaction, row: EscalationRow) -> bool:
    """Whether the caller is with somebody, or whoever has it waits for them in the room."""
    if any(one.state == ContactState.IN_ROOM for one in contacts.ongoing_in(transaction.tx, row.room)):
        return True
    inside = conference.staff_in(transaction.tx, row.room)
    return any(one.staff_id == row.escalation.accepted_by for one in inside)


# --- texts -----------------------------------------------------------------------------------------------------


def _quiet(transaction: Transaction, contact_id: ContactId) -> None:
    row = contacts.get(transaction.tx, contact_id)
    if row is not None and row.ended_at is None:
        caller.went_quiet(transaction, row)
