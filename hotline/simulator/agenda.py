"""What is to happen and when: the queue of everything that time will bring."""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

Act = Callable[[], None]
Errand = Callable[[], Act]


@dataclass(order=True)
class Appointment:
    """One thing due at `at`: an act of the engine, or an errand to the outside world.

    An errand runs without the engine's lock and returns the act that takes its result back in.
    """

    at: datetime
    order: int
    act: Act | None = field(compare=False)
    errand: Errand | None = field(compare=False)
    cancelled: bool = field(default=False, compare=False)

    def cancel(self) -> None:
        """It will not happen; cancelling what has happened changes nothing."""
        self.cancelled = True


class Agenda:
    """Appointments in order of time, and among equal times in the order in which they were made.

    Not thread-safe by itself: the kernel's lock is held around every call.
    """

    def __init__(self) -> None:
        self._waiting: list[Appointment] = []
        self._made = 0
        self.changed = threading.Event()

    def at(self, when: datetime, act: Act) -> Appointment:
        """Run `act` under the engine's lock once `when` has come."""
        return self._add(when, act, None)

    def errand(self, when: datetime, errand: Errand) -> Appointment:
        """Run `errand` without the lock once `when` has come, then what it returns with the lock."""
        return self._add(when, None, errand)

    def next_due(self) -> datetime | None:
        """When the earliest appointment is, or None when nothing is planned."""
        while self._waiting and self._waiting[0].cancelled:
            heapq.heappop(self._waiting)
        return self._waiting[0].at if self._waiting else None

    def pop_due(self, now: datetime) -> Appointment | None:
        """Take out the earliest appointment that is due at `now`."""
        due = self.next_due()
        if due is None or due > now:
            return None
        return heapq.heappop(self._waiting)

    def _add(self, when: datetime, act: Act | None, errand: Errand | None) -> Appointment:
        self._made += 1
        appointment = Appointment(when, self._made, act, errand)
        heapq.heappush(self._waiting, appointment)
        self.changed.set()
        return appointment
