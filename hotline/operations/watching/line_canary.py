"""The canary: the line calls and texts itself through the carrier, and a supervisor is rung when that fails or is late.

It is well only if it was answered: her call has heard our first words to their end, for only then the carrier asks what
comes next; and the carrier has delivered our answer to her text. An answer that the carrier can't read is neither.

What comes from its number is no caller's: no contact is made of it, nobody sees it, and nothing counts it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from hotline.carrier_words import NOT_OUR_NUMBER
from hotline.effects import Urgency
from hotline.model import Language, PhoneNumber, RoomName, Subject
from hotline.oncall.escalation import EscalationStatus
from hotline.operations import staff_member
from hotline.operations.paging import duty, reaching
from hotline.operations.transaction import Application, Transaction, new_id
from hotline.store.cases import escalations
from hotline.store.upkeep import canary_runs, tallies
from hotline.store.upkeep.canary_runs import CanaryRun

LATE: Final = timedelta(seconds=30)
"""After which a call or a text of ours to ourselves comes late."""
LOST: Final = timedelta(minutes=3)
"""After which it is taken for lost."""
OVERDUE: Final = 2
"""After so many times its period without one, nobody watches the line by it any more."""
TALLY: Final = "canary failed"
_BODY: Final = "canary "
_ANSWER: Final = "heard: canary "
_REPLY: Final = "answer to its text"
_CODES: Final = re.compile(r"\((\w+)\)")
"""What the carrier said, behind each thing that did not leave."""


@dataclass(frozen=True, slots=True)
class Flight:
    """What is to leave now: a call and a text."""

    run: str
    from_: PhoneNumber
    to: PhoneNumber
    body: str


@dataclass(frozen=True, slots=True)
class Awaited:
    """An answer to her text that is still to be seen at the carrier."""

    run: str
    from_: PhoneNumber
    to: PhoneNumber
    body: str
    since: datetime
    """UTC."""


@dataclass(frozen=True, slots=True)
class CanaryState:
    """How it stands. Times are UTC."""

    is_on: bool
    last: CanaryRun | None = None
    """The last of which is known how it went."""
    amiss: str | None = None
    """What is wrong, in words; None: nothing."""
    slip: bool = False
    """What is wrong is her own number: callers meet nothing of that."""


def is_hers(transaction: Transaction, number: PhoneNumber | None) -> bool:
    """Whether what comes from this number is the canary's."""
    return number is not None and number == transaction.settings.centre.canary.number


def fly(transaction: Transaction) -> Flight | None:
    """The next one, if it is on, and time for it; each is given out once."""
    canary, line = transaction.settings.centre.canary, transaction.settings.centre.line
    run = new_id()
    if canary.number is None or not canary_runs.begin(transaction.tx, run, transaction.now, canary.every):
        return None
    return Flight(run, canary.number, line.numbers[0], f"{_BODY}{run}")


def refused(transaction: Transaction, flight: Flight, why: str) -> None:
    """The carrier took the call, or the text, not. `why`: in words."""
    canary_runs.refused(transaction.tx, flight.run, why)


def called(transaction: Transaction) -> None:
    """Her call came in."""
    last = canary_runs.newest(transaction.tx)
    if last is not None and transaction.now - last.began_at < LOST:
        canary_runs.called(transaction.tx, last.id, transaction.now)


def heard(transaction: Transaction) -> None:
    """Her call has heard what callers hear first, to its end."""
    last = canary_runs.newest(transaction.tx)
    if last is not None and last.call_at is not None and transaction.now - last.began_at < LOST:
        canary_runs.heard(transaction.tx, last.id, transaction.now)


def texted(transaction: Transaction, body: str) -> str:
    """Her text came in; what it is answered."""
    run = body.strip().removeprefix(_BODY)
    canary_runs.texted(transaction.tx, run, transaction.now)
    return f"{_ANSWER}{run}"


def awaited(transaction: Transaction) -> Awaited | None:
    """The answer that the carrier is to be asked about now, if any."""
    canary, line = transaction.settings.centre.canary, transaction.settings.centre.line
    last = canary_runs.newest(transaction.tx)
    if canary.number is None or last is None or last.judged_at or last.text_at is None:
        return None
    if last.reply_at or _is_refused(last, _REPLY):
        return None
    return Awaited(last.id, line.numbers[0], canary.number, f"{_ANSWER}{last.id}", last.began_at)


def answered(transaction: Transaction, awaited: Awaited) -> None:
    """The carrier has delivered the answer to her text."""
    canary_runs.answered(transaction.tx, awaited.run, transaction.now)


def not_delivered(transaction: Transaction, awaited: Awaited, code: str) -> None:
    """The carrier could not deliver the answer to her text. `code`: its own, or the status it gives."""
    last = canary_runs.newest(transaction.tx)
    if last is None or last.id != awaited.run:
        # Another has left meanwhile: this one is judged by what it lacks.
        return
    why = f"the {_REPLY} was not delivered ({code})"
    canary_runs.refused(transaction.tx, last.id, f"{last.refused}; {why}" if last.refused else why)


def judge(application: Application) -> None:
    """Say how the last one went, as soon as that is known. To be called every minute or so. Raises StoreError."""
    if application.settings.centre.canary.number is not None and application.look(_due) is not None:
        application.change(_judged)


def _due(transaction: Transaction) -> CanaryRun | None:
    last = canary_runs.newest(transaction.tx)
    if last is None or last.judged_at is not None:
        return None
    over = transaction.now - last.began_at >= LOST
    came = all(at is not None or _is_refused(last, what) for what, at in _both(last))
    return last if over or (came and not list(_unanswered(last))) else None


def _judged(transaction: Transaction) -> None:
    run = _due(transaction)
    if run is None:
        return
    before, slip = canary_runs.newest_judged(transaction.tx), _is_slip(run)
    trouble = "; ".join(_troubles(run)) or None
    if not canary_runs.judge(transaction.tx, run.id, trouble, transaction.now):
        return
    transaction.tx.board_changed = True
    if trouble is None:
        return
    tallies.count(transaction.tx, TALLY)
    if before is None or before.trouble is None:
        _tell(transaction, trouble, rings=not slip)


def _troubles(run: CanaryRun) -> Iterator[str]:
    if run.refused is not None:
        yield run.refused
    if _is_slip(run):
        yield "[canary] number is no number of this account that can call and text"
    for what, at in _both(run):
        if at is None and not _is_refused(run, what):
            yield f"its {what} never reached us"
        elif at is not None and at - run.began_at > LATE:
            yield f"its {what} took {int((at - run.began_at).total_seconds())} seconds"
    yield from _unanswered(run)


def _both(run: CanaryRun) -> tuple[tuple[str, datetime | None], ...]:
    return ("call", run.call_at), ("text", run.text_at)


def _unanswered(run: CanaryRun) -> Iterator[str]:
    if run.call_at is not None and run.heard_at is None:
        yield "its call came in, but our first words were not heard to their end"
    if run.text_at is not None and run.reply_at is None and not _is_refused(run, _REPLY):
        yield "its text came in, but no answer to it was delivered"


def _is_refused(run: CanaryRun, what: str) -> bool:
    return run.refused is not None and what in run.refused


def _is_slip(run: CanaryRun) -> bool:
    """Whether she could not leave for her own number's sake: callers meet nothing of that."""
    codes = _CODES.findall(run.refused or "")
    return bool(codes) and NOT_OUR_NUMBER.issuperset(codes)


def _tell(transaction: Transaction, trouble: str, *, rings: bool) -> None:
    """Once for an outage: a text that says what, and, if callers may meet the same, a phone that rings."""
    words = transaction.text("supervisor_canary", WHAT=trouble)
    for person in duty.supervisors(transaction):
        staff_member.text(transaction, person, words, urgency=Urgency.URGENT)
    if not rings:
        return
    open_now = (row.escalation for row in escalations.all_open(transaction.tx))
    if any(one.subject is Subject.SUPERVISOR and one.status is EscalationStatus.REACHING for one in open_now):
        return
    about = reaching.About(RoomName(new_id()), None, Language.EN)
    reaching.open_for(transaction, Subject.SUPERVISOR, about)


def state(transaction: Transaction) -> CanaryState:
    """How it stands now."""
    canary = transaction.settings.centre.canary
    if canary.number is None:
        return CanaryState(is_on=False)
    last, newest = canary_runs.newest_judged(transaction.tx), canary_runs.newest(transaction.tx)
    amiss, slip = (last.trouble, _is_slip(last)) if last is not None else (None, False)
    if newest is not None and transaction.now - newest.began_at > OVERDUE * canary.every:
        slip = False
        amiss = f"none has left since {_hours(transaction.now - newest.began_at)} ago: does the clock run?"
    return CanaryState(is_on=True, last=last, amiss=amiss, slip=slip)


def _hours(lasts: timedelta) -> str:
    return f"{lasts / timedelta(hours=1):.1f} hours"


def age(found: CanaryState, now: datetime) -> timedelta | None:
    """How long ago the last one went well or not; None before the first."""
    return now - found.last.began_at if found.last is not None else None
