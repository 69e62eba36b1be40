"""A fair lock: threads of one process pass one at a time, in the order in which they came.

SQLite lets one writer in and makes the others poll, so an unlucky one may wait far longer than its turn.
Within a process we queue instead, and only the first in line polls against other processes.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable


def _no_more() -> float:
    return 0.0


class FairLock:
    """A lock that is fair and never waits longer than it is told."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._busy = False

    def enter(self, seconds: float, more: Callable[[], float] = _no_more) -> bool:
        """Wait for our turn for at most `seconds`; False if it did not come. Pair a True with `leave`.

        `more`: asked when that time is over, for how many seconds it is worth waiting still, in the same place.
        """
        with self._guard:
            if not self._busy:
                self._busy = True
                return True
            turn = threading.Event()
            self._waiting.append(turn)
        if turn.wait(seconds) or turn.wait(more()):
            return True
        with self._guard:
            if turn.is_set():  # it was handed to us just as we stopped waiting
                return True
            self._waiting.remove(turn)
        return False

    def leave(self) -> None:
        """Hand over to the next in line."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._busy = False
