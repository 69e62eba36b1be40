"""Reading the carrier's own lists beside the clock: what it knows and we don't is taken up."""

from __future__ import annotations

import threading
from time import monotonic
from typing import Final

import structlog

from hotline.runtime.wiring import Wiring
from hotline.store.database import StoreError
from hotline.telephony.rest import recovering
from hotline.telephony.rest.listing import NotListed, Pace

_log = structlog.get_logger("workers.lists")
_SOON: Final = 20.0
"""Seconds until the next look where the lists could not be read, or something on them was too new."""


class ListReading(threading.Thread):
    """A thread of its own, for it waits for the carrier. Ends with its process; two are harmless."""

    def __init__(self, here: Wiring) -> None:
        super().__init__(name="lists", daemon=True)
        self._here = here
        self._stopping = threading.Event()
        self._lists = here.carrier.lists(Pace(steady=monotonic, wait=self._stopping.wait))
        self._every = here.application.settings.centre.recovery.every.total_seconds()

    def run(self) -> None:
        """At once, and again and again until told to stop; not at all if the centre wants none."""
        wait = 0.0
        while self._every and not self._stopping.wait(wait):
            wait = self.look()

    def look(self) -> float:
        """Read them once; after how many seconds to look again. Never raises for what can be away."""
        try:
            found = recovering.look(self._here.application, self._here.renderer, self._lists)
        except (NotListed, StoreError) as error:
            _log.warning("the carrier's lists were not read", reason=type(error).__name__, detail=str(error))
        except Exception:
            _log.exception("the carrier's lists were not read")
        else:
            if not found.soon:
                return self._every
        return min(self._every, _SOON)

    def stop(self) -> None:
        """No new look; one that is under way is left alone: it is done again by whoever starts next."""
        self._stopping.set()
