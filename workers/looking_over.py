"""Looking everything over beside the clock: by itself every few hours, and when somebody on the console asks."""

from __future__ import annotations

import threading
from typing import Final

import structlog

from hotline.runtime.examining.examine import examine_if_due
from hotline.runtime.wiring import Wiring
from hotline.store.database import StoreError

_log = structlog.get_logger("workers.checkups")
_SETTLES: Final = 60.0
"""Seconds after a start before anything is looked at: what starts together is up by then."""
_EVERY: Final = 5.0
"""Seconds between two looks at whether somebody has asked."""


class Checkups(threading.Thread):
    """A thread of its own, for it waits for whatever doesn't answer. Ends with its process; two are harmless."""

    def __init__(self, here: Wiring) -> None:
        super().__init__(name="checkups", daemon=True)
        self._here = here
        self._stopping = threading.Event()

    def run(self) -> None:
        """Until told to stop."""
        wait = _SETTLES
        while not self._stopping.wait(wait):
            wait = _EVERY
            try:
                examine_if_due(self._here.application)
            except StoreError as error:
                _log.warning("nothing was looked over", reason=type(error).__name__)
            except Exception:
                _log.exception("nothing was looked over")

    def stop(self) -> None:
        """No new look; one that is under way is left alone."""
        self._stopping.set()
