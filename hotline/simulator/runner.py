"""Real time: a thread that runs events when they are due, and a few more that post webhooks."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from types import TracebackType

from hotline.simulator.engine import EndlessEvents, Simulator

LONGEST_NAP = 1.0


def _report(done: Future[None]) -> None:
    """A mistake in a poster's thread is to be seen, not to vanish with the thread."""
    if not done.cancelled() and (error := done.exception()) is not None:
        traceback.print_exception(error)


class Runner:
    """Use it as a context manager, or `start()` and `stop()`. One slow webhook doesn't hold up the others."""

    def __init__(self, simulator: Simulator, clock: Callable[[], datetime], posters: int = 16) -> None:
        self._simulator = simulator
        self._clock = clock
        self._posters = ThreadPoolExecutor(max_workers=posters, thread_name_prefix="webhook")
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="simulator", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Stop running events; webhooks under way are finished first."""
        self._stopping.set()
        self._simulator.kernel.agenda.changed.set()
        self._thread.join(timeout=5)
        self._posters.shutdown(wait=True, cancel_futures=True)

    def __enter__(self) -> Runner:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _run(self) -> None:
        changed = self._simulator.kernel.agenda.changed
        while not self._stopping.is_set():
            changed.clear()
            try:
                self._simulator.run_due(self._clock(), self._hand_out)
            except EndlessEvents:
                traceback.print_exc()
            changed.wait(self._nap())

    def _hand_out(self, errand: Callable[[], None]) -> None:
        self._posters.submit(errand).add_done_callback(_report)

    def _nap(self) -> float:
        due = self._simulator.next_due()
        if due is None:
            return LONGEST_NAP
        return min(max((due - self._clock()).total_seconds(), 0.0), LONGEST_NAP)
