"""The stage: people act by their own scripts, side by side, in one thread.

A script is a generator that yields how many seconds it waits for; `until` waits for something to happen.
"""

from __future__ import annotations

import heapq
import itertools
import threading
import time
import traceback
from collections.abc import Callable, Generator
from dataclasses import dataclass, field

Script = Generator[float, None, None]
GLANCE = 0.1
"""Seconds between two looks at one's telephone."""


def until(happened: Callable[[], bool], within: float) -> Generator[float, None, bool]:
    """Wait until it happened, at most so long; whether it did."""
    waited = 0.0
    while not happened():
        if waited >= within:
            return False
        yield GLANCE
        waited += GLANCE
    return True


@dataclass
class Stage:
    """Runs every script when its time has come."""

    troubles: list[str] = field(default_factory=list)
    """Scripts that failed: a fault of the harness."""
    _waiting: list[tuple[float, int, Script]] = field(default_factory=list)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)
    _guard: threading.Lock = field(default_factory=threading.Lock)
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def begin(self, script: Script, after: float = 0.0) -> None:
        """Start a script in so many seconds."""
        with self._guard:
            heapq.heappush(self._waiting, (time.monotonic() + after, next(self._numbers), script))

    def __enter__(self) -> Stage:
        self._thread = threading.Thread(target=self._run, name="stage", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_failure: object) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join(5)

    def _run(self) -> None:
        while not self._over.is_set():
            nap = self._next()
            if nap:
                self._over.wait(nap)

    def _next(self) -> float:
        with self._guard:
            if not self._waiting:
                return GLANCE
            due, _, script = self._waiting[0]
            left = due - time.monotonic()
            if left > 0:
                return min(left, GLANCE)
            heapq.heappop(self._waiting)
        try:
            self.begin(script, next(script))
        except StopIteration:
            pass
        except Exception:
            self.troubles.append(traceback.format_exc())
        return 0.0
