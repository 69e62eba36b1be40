"""How soon somebody is rung back: promises, retries, and which callback comes first.

Every datetime is aware and in UTC; the caller's daytime is reckoned in the plan's zones.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from hotline.callbacks.callback import Callback, CallbackKind
from hotline.callbacks.daytime import Zones, in_daytime
from hotline.model import CallbackId, Line, Outcome

REPEAT_LEAD = timedelta(minutes=10)
"""Each repeat contact is felt as if the promise had been made this much earlier..."""
COUNTED_REPEATS = 3
"""...but only so many times: somebody who calls a hundred times must not starve those who wait quietly."""
RAISED_LEAD = timedelta(hours=2)
"""Who is raised comes before others in the same place whose promise is up to this much earlier; not before everybody,
so that nobody waits for ever behind them."""

FOLLOW_UP_PROMISE = timedelta(hours=2)
"""How long after the time that they agreed to somebody is followed up at the latest."""

_DIALLED_WITHIN = timedelta(minutes=1)
_SORRY_AFTER = timedelta(minutes=15)

RANK: Final = {Line.EMERGENCY: 0, Line.PERSON: 1, Line.ADMISSIONS: 2, Line.FAMILY: 3}
"""Which line comes before which: the smallest is first."""

Priority = tuple[int, datetime, datetime, CallbackId]
"""Sorts ascending: the smallest is rung first. No two callbacks have the same one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackPlan:
    """What the centre has decided about ringing back.

    Raises ValueError if a line has no promise, or if emergencies have no times.
    """

    promises: Mapping[Line, timedelta]
    """Without a promise of its own, an emergency is promised its first time."""
    no_answer: tuple[timedelta, ...]
    """Delay after the first, second... attempt; after one attempt more than delays, a supervisor decides."""
    busy: tuple[timedelta, ...]
    emergency: tuple[timedelta, ...]
    """Counted from the hang-up (`opened_at`), not from the last attempt; ascending."""
    asked_later: timedelta
    zones: Zones
    """Where this caller lives, as far as we know."""

    def __post_init__(self) -> None:
        missing = [line for line in Line if line is not Line.EMERGENCY and line not in self.promises]
        if missing:
            raise ValueError(f"no promise for {', '.join(missing)}")
        if not self.emergency:
            raise ValueError("no times at which a dropped emergency is rung back")


def promise_for(line: Line, plan: CallbackPlan) -> timedelta:
    """How long somebody on this line waits at most."""
    return plan.promises.get(line, plan.emergency[0])


def promised_at(line: Line, opened_at: datetime, plan: CallbackPlan) -> datetime:
    """The time by which somebody who asks at `opened_at` has been rung."""
    return opened_at + promise_for(line, plan)


def owed_within(callback: Callback, plan: CallbackPlan) -> timedelta:
    """How long after it is due this callback is made at the latest."""
    return FOLLOW_UP_PROMISE if callback.kind is CallbackKind.FOLLOW_UP else promise_for(callback.line, plan)


def planned_for(callback: Callback, plan: CallbackPlan) -> datetime:
    """When its next call was to be made: what is promised is counted from there."""
    return callback.promised_at - owed_within(callback, plan)


def minutes_for(line: Line, plan: CallbackPlan) -> int:
    """The promise as it may be said aloud: whole minutes, rounded up, at least one."""
    return max(1, math.ceil(promise_for(line, plan) / timedelta(minutes=1)))


def retry_at(callback: Callback, outcome: Outcome, now: datetime, plan: CallbackPlan) -> datetime | None:
    """When to try again after an attempt that ended so, or None: a supervisor must decide.

    `callback.attempts` already counts the attempt that ended. Emergencies keep to their own times, day and
    night; others are tried in the caller's daytime, unless they asked for now.
    """
    match outcome:
        case Outcome.CALL_LATER:
            delay: timedelta | None = plan.asked_later
        case (
            Outcome.NO_ANSWER | Outcome.BUSY | Outcome.LEFT_MESSAGE | Outcome.SOMEBODY_ELSE | Outcome.MACHINE
        ):
            if callback.line is Line.EMERGENCY:
                return _next_emergency_attempt(callback, now, plan)
            delays = plan.busy if outcome is Outcome.BUSY else plan.no_answer
            made = max(1, callback.attempts)
            delay = delays[made - 1] if made <= len(delays) else None
        case _:
            delay = None
    if delay is None:
        return None
    if callback.line is Line.EMERGENCY or callback.wanted_now:
        return now + delay
    return in_daytime(now + delay, plan.zones)


def _next_emergency_attempt(callback: Callback, now: datetime, plan: CallbackPlan) -> datetime | None:
    ahead = [callback.opened_at + after for after in plan.emergency if callback.opened_at + after > now]
    if ahead:
        return min(ahead)
    # Staff were late, so times went by unused: whoever is in danger still gets every attempt.
    return now + plan.emergency[0] if callback.attempts < len(plan.emergency) else None


def priority(callback: Callback, now: datetime) -> Priority:
    """Which callback is rung first: sort by this, ascending.

    Dropped emergencies, then what is late, whatever its line, then a person, admissions, family; in each place by
    promise. The promise is *felt* `REPEAT_LEAD` earlier for each repeat contact (`COUNTED_REPEATS` at most). What is
    late stands among the person callbacks, and before every one whose felt promise is later: nothing but emergencies
    can be put before it for ever. Who is `raised` stands before those in the same place whose felt promise is up to
    `RAISED_LEAD` earlier.
    """
    felt = callback.promised_at - REPEAT_LEAD * min(callback.repeats, COUNTED_REPEATS)
    urgent = callback.line is Line.EMERGENCY
    rank = (
        RANK[Line.PERSON]
        if now > callback.promised_at and not urgent
        else RANK.get(callback.line, RANK[Line.PERSON])
    )
    placed = felt - RAISED_LEAD if callback.raised else felt
    return rank, placed, callback.opened_at, callback.id


def is_late(callback: Callback, now: datetime) -> bool:
    """Whether the time by which this callback's (next) attempt was promised has gone by without one.

    An emergency is promised the very second in which the clock is to dial it: the clock has a minute for that.
    """
    tried = callback.is_with_caller or callback.is_unsaid
    grace = _DIALLED_WITHIN if callback.line is Line.EMERGENCY else timedelta(0)
    return callback.is_open and not tried and now > callback.promised_at + grace


def owes_apology(callback: Callback, now: datetime) -> bool:
    """Whether they have waited so much longer than they were promised that the first words should be "sorry"."""
    return callback.kind is CallbackKind.ASKED and now - callback.promised_at > _SORRY_AFTER
