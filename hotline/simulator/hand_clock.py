"""A clock that is moved by hand, for tests and rehearsals."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hotline.simulator.engine import Simulator


def wall_clock() -> datetime:
    """The real time, aware, in UTC."""
    return datetime.now(UTC)


class HandClock:
    """Stands still until it is moved; call it to read it. Times are aware, in UTC."""

    def __init__(self, start: datetime = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)) -> None:
        self.now = start

    def __call__(self) -> datetime:
        return self.now

    def let_pass(self, simulator: Simulator, seconds: float = 0.0) -> None:
        """Move on, stopping at every event on the way so that each happens at its own time."""
        until = self.now + timedelta(seconds=seconds)
        while (due := simulator.next_due()) is not None and due <= until:
            self.now = max(self.now, due)
            simulator.run_due(self.now)
        self.now = until
