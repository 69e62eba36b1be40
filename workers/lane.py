"""One lane of the outbox: hints come in, several senders carry out what waits, and a call waits for its turn in SQL.

A hint is carried out at once if a sender is free. If none is, or if a call must wait for the account, the hint is
forgotten: as soon as a sender is free, or the account is, the lane looks into the outbox for what has waited longest.
"""

from __future__ import annotations

import threading
from functools import partial
from time import monotonic
from typing import Final

import structlog

from hotline.effects import Urgency
from hotline.model import OutboxId
from hotline.operations.outbox import lanes
from hotline.runtime.wiring import Wiring
from hotline.store.database import StoreError
from workers.senders import Senders

_log = structlog.get_logger("workers.lane")

HANDS: Final = {Urgency.EMERGENCY: 8, Urgency.URGENT: 8, Urgency.ORDINARY: 4}
_SOONEST: Final = 0.02
"""Seconds between two looks at a call that waits for the account: another process may have been quicker."""
_AFTER_FAILURE: Final = 1.0


class Lane:
    """The senders of one urgency in this process."""

    def __init__(self, here: Wiring, lane: Urgency) -> None:
        self._here = here
        self._lane = lane
        self._senders = Senders(here, HANDS[lane], lane)
        self._news = threading.Condition()
        self._look_at: float | None = None
        self._stopped = False
        self._feeder = threading.Thread(target=self._feed, name=f"{lane}-feeder", daemon=True)
        self._feeder.start()

    def hint(self, outbox_id: OutboxId) -> None:
        """This effect may wait."""
        if self._senders.free:
            self._senders.carry_out(outbox_id, self._has_finished)
        else:
            self._look(0.0)

    def stop(self) -> None:
        """Let what is under way come to its end."""
        with self._news:
            self._stopped = True
            self._news.notify()
        self._feeder.join()
        self._senders.stop()

    def _has_finished(self) -> None:
        """A sender is free. Whether a call was made or must wait: the outbox knows what is next."""
        self._look(0.0)

    def _look(self, after: float) -> None:
        """Look into the outbox after so many seconds, or sooner."""
        at = monotonic() + after
        with self._news:
            self._look_at = at if self._look_at is None else min(at, self._look_at)
            self._news.notify()

    def _feed(self) -> None:
        while self._is_time():
            free = self._senders.free
            if not free:
                continue  # whoever finishes says so
            try:
                found = self._here.application.look(partial(lanes.waiting, lane=self._lane, at_most=free))
            except StoreError as error:
                _log.warning("can't see what waits", reason=type(error).__name__)
                self._look(_AFTER_FAILURE)
                continue
            for outbox_id in found.ids:
                self._senders.carry_out(outbox_id, self._has_finished)
            if found.again_at is not None:
                ahead = (found.again_at - self._here.application.clock()).total_seconds()
                self._look(min(max(_SOONEST, ahead), _AFTER_FAILURE))

    def _is_time(self) -> bool:
        """Wait until there may be something to do; False when it is over."""
        with self._news:
            while not self._stopped:
                now = monotonic()
                if self._look_at is not None and self._look_at <= now:
                    self._look_at = None
                    return True
                self._news.wait(None if self._look_at is None else self._look_at - now)
        return False
