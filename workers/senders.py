"""Several hands that carry effects out side by side, so that nothing waits for another's slow request."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import structlog

from hotline.model import OutboxId
from hotline.runtime.wiring import Wiring
from hotline.store.database import StoreError
from hotline.telephony.rest import dispatch

_log = structlog.get_logger("workers.senders")


class Senders:
    """Threads of one process. What is under way is taken on once."""

    def __init__(self, here: Wiring, hands: int, name: str) -> None:
        self._here = here
        self._hands = hands
        self._pool = ThreadPoolExecutor(hands, thread_name_prefix=name)
        self._under_way: set[OutboxId] = set()
        self._guard = threading.Lock()

    @property
    def free(self) -> int:
        """How many hands have nothing to do."""
        with self._guard:
            return max(0, self._hands - len(self._under_way))

    def carry_out(self, outbox_id: OutboxId, after: Callable[[], None] = lambda: None) -> None:
        """Carry this out as soon as a hand is free, unless it is under way already; `after` that, say so."""
        with self._guard:
            if outbox_id in self._under_way:
                return
            self._under_way.add(outbox_id)
        self._pool.submit(self._deliver, outbox_id, after)

    def stop(self) -> None:
        """Let what is under way come to its end; what has not begun stays in the outbox."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _deliver(self, outbox_id: OutboxId, after: Callable[[], None]) -> None:
        try:
            dispatch.deliver(self._here.application, self._here.carrier, outbox_id)
        except StoreError as error:
            # The clock finds the row, or its lease, later.
            _log.warning("not delivered now", outbox=outbox_id, reason=type(error).__name__)
        except Exception:
            _log.exception("not delivered", outbox=outbox_id)
        finally:
            with self._guard:
                self._under_way.discard(outbox_id)
            after()
