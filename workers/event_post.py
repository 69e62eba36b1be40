"""Telling another system what happened, beside the clock: a receiver that is slow keeps nobody waiting but itself."""

from __future__ import annotations

import threading
from typing import Final

import structlog

from hotline.outside.signed_post import EventPost
from hotline.runtime.wiring import Wiring
from hotline.store.database import StoreError

_log = structlog.get_logger("workers.events")
_EVERY: Final = 1.0
"""Seconds between two looks at what is due."""
_TIDIES_EVERY: Final = 3600
"""Looks between two at what is old."""


class Events(threading.Thread):
    """A thread of its own. Ends with its process; two are harmless."""

    def __init__(self, here: Wiring) -> None:
        super().__init__(name="events", daemon=True)
        self._post = EventPost(here.application)
        self._is_wanted = bool(here.application.settings.centre.events.address)
        self._stopping = threading.Event()

    def run(self) -> None:
        """Until told to stop; at once where nobody is to be told."""
        looks = 0
        while self._is_wanted and not self._stopping.wait(_EVERY):
            try:
                self._post.carry()
                if looks % _TIDIES_EVERY == 0:
                    self._post.tidy()
            except StoreError as error:
                _log.warning("no event was sent", reason=type(error).__name__)
            except Exception:
                _log.exception("no event was sent")
            looks += 1

    def stop(self) -> None:
        """No new look; one that is under way is left alone."""
        self._stopping.set()
