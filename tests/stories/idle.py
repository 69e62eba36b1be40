"""When a story may pass over time in which nothing happens: as fast as it can be told, and as truly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from hotline.effects import Urgency
from hotline.operations import every_second
from hotline.operations.outbox import quiet_calls_asked
from hotline.operations.transaction import Transaction, WakeUps
from hotline.store.overviews import due
from hotline.store.traffic.outbox import WakeUp

_NOTHING_TO_DO = frozenset({due.BEATEN, due.NEXT, due.REACHED_FOR, due.QUIET})
"""Neither that phones ring for somebody nor that a call is quiet is anything to do: both say how long the clock waits
before it asks the carrier."""


def nothing() -> None:
    """Nothing befalls the application."""


@dataclass
class Bell:
    """The real wake-up queue; and in which of its lanes anything was put since somebody came."""

    queue: WakeUps
    rung: set[Urgency] = field(default_factory=set)

    def ring(self, waiting: Sequence[WakeUp]) -> None:
        """Pass it on."""
        self.rung.update(one.urgency for one in waiting)
        self.queue.ring(waiting)

    @property
    def is_quiet(self) -> bool:
        """Whether the queue could not be rung a moment ago."""
        return self.queue.is_quiet


def nothing_due_until(transaction: Transaction, end: datetime) -> bool:
    """Whether no tick from now to `end` would find anything to do, if nobody else does anything meanwhile.

    It is the clock's own question, asked once for all of that time: what is due at any moment of it either is at its
    end, too, or is over by then, as a talk is that ended lately, and then counts from now.
    """
    by = every_second.times(replace(transaction, now=end))
    found = every_second.look(transaction, replace(by, settled=every_second.times(transaction).settled))
    return set(found.found) <= _NOTHING_TO_DO and not quiet_calls_asked.among(found, end)
