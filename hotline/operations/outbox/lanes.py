"""Whose turn it is to leave: each urgency has a lane of its own, and calls share what the account may start.

    emergency   pages of emergencies, and calls back to callers in one: several senders of their own
    urgent      everything that somebody waits for
    ordinary    everything that can be read later

A call that must wait for the account waits in the outbox: it holds neither a sender nor anybody behind it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hotline.effects import PlaceCall, Urgency
from hotline.model import OutboxId
from hotline.operations.transaction import Transaction
from hotline.store.traffic import outbox, pace
from hotline.store.traffic.outbox import OutboxRow


class Paced(Exception):
    """The account may start no further call now, or a more pressing one waits. Nothing was claimed."""


@dataclass(frozen=True, slots=True)
class LaneWork:
    """What a lane's senders can carry out now."""

    ids: tuple[OutboxId, ...]
    again_at: datetime | None
    """When more can, though no hint comes for it: a call waits for the account. None: none does."""


def may_leave(transaction: Transaction, row: OutboxRow) -> None:
    """Take the account's next call for this row, if it is one. Raises Paced, whereupon its claim must be undone."""
    if not isinstance(row.effect, PlaceCall):
        return
    if outbox.more_pressing_call_waits(transaction.tx, row.urgency, transaction.now):
        raise Paced
    if not pace.take(transaction.tx, transaction.now, transaction.settings.centre.carrier.calls_per_second):
        raise Paced


def waiting(transaction: Transaction, lane: Urgency, at_most: int) -> LaneWork:
    """What waits in this lane and is due, the oldest first; of calls only as many as may start now."""
    others = outbox.waiting(transaction.tx, lane, transaction.now, at_most, calls=False)
    calls = outbox.waiting(transaction.tx, lane, transaction.now, at_most, calls=True)
    if not calls:
        return LaneWork(others, None)
    per_second = transaction.settings.centre.carrier.calls_per_second
    free, free_at = pace.left(transaction.tx, transaction.now, per_second)
    if outbox.more_pressing_call_waits(transaction.tx, lane, transaction.now):
        free = 0
    again_at = None if len(calls) <= free else free_at
    return LaneWork((*calls[:free], *others)[:at_most], again_at)
