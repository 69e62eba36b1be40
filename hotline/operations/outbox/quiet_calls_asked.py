"""Calls of which nothing was heard for a while: the carrier is asked how they stand.

It tells each end once, and what it tells can be lost. Whoever is taken for being on the telephone is rung for nothing,
and a callback that is taken for being talked about goes on for nobody: so a call without news is asked after, sooner
where it keeps somebody waiting, and at every start.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from hotline.effects import Origin, OriginKind
from hotline.model import ContactId, Outcome, PageId
from hotline.operations.conversation import caller, their_leg
from hotline.operations.staff import confirming, listening
from hotline.operations.transaction import Transaction
from hotline.store.cases import contacts
from hotline.store.overviews import due, quiet_calls, telephones
from hotline.store.overviews.due import Due
from hotline.store.overviews.quiet_calls import QuietCall
from hotline.store.traffic import calls_seen

QUIET: Final = timedelta(seconds=40)
"""A call in a loop of ours comes round to us at least every half minute, and a phone rings no longer."""
WAITED_FOR: Final = timedelta(seconds=15)
"""While somebody waits who may be kept from being rung by it."""
AGAIN_AFTER: Final = timedelta(seconds=15)
"""Between two questions about the same call."""
_AT_MOST: Final = 20
"""Questions at one beat of the clock."""


@dataclass(frozen=True, slots=True)
class CallStanding:
    """How the carrier says that a call stands."""

    over: bool
    ended_at: datetime | None = None
    """When it ended (UTC), if it says so."""
    outcome: Outcome | None = None
    """What that says of a call of ours that nobody took."""


def running(transaction: Transaction) -> tuple[QuietCall, ...]:
    """All that run, to be asked after at the start: their news may have come while nobody was here."""
    since = transaction.now - telephones.LATELY
    return tuple(quiet_calls.running(transaction.tx, transaction.now - AGAIN_AFTER, since))


def among(found: Due, now: datetime) -> tuple[QuietCall, ...]:
    """Calls to ask after now; sooner while anybody waits for a human."""
    quiet = WAITED_FOR if found.some(due.CALLBACKS) or found.some(due.REACHED_FOR) else QUIET
    calls = (
        QuietCall(one.sid, Origin(OriginKind(one.kind), one.whose), one.last_sign, one.doubted)
        for one in found.quiet
    )
    return tuple(call for call in calls if call.doubted or call.last_sign + quiet <= now)[:_AT_MOST]


def note(transaction: Transaction, calls: tuple[QuietCall, ...]) -> None:
    """They are being asked after: nobody else need."""
    for call in calls:
        calls_seen.asked(transaction.tx, call.sid, call.last_sign, transaction.now)


def told(transaction: Transaction, call: QuietCall, standing: CallStanding) -> None:
    """The carrier's answer: the call runs, or it is over, and what depends on that goes on."""
    if not standing.over:
        calls_seen.heard(transaction.tx, call.sid, transaction.now)
        return
    calls_seen.over(transaction.tx, call.sid, transaction.now)
    # What follows counts from the end itself: how long they talked, when they are rung back.
    then = replace(transaction, now=_between(call.last_sign, standing.ended_at, transaction.now))
    match call.whose.kind:
        case OriginKind.PAGE:
            confirming.leg_lost(then, PageId(call.whose.id), call.sid)
        case OriginKind.CONTACT:
            row = contacts.get(transaction.tx, ContactId(call.whose.id))
            if row is not None:
                caller.hung_up(then, row, standing.outcome, unheard=True)
        case OriginKind.LISTENER:
            listening.leg_over(then, call.whose.id, call.sid)
        case _:
            their_leg.outsiders_leg_over(then, call.whose, call.sid)


def _between(first: datetime, told: datetime | None, last: datetime) -> datetime:
    return last if told is None else min(max(first, told), last)
