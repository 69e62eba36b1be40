"""When the clock is dead, the web stands in for it: what is due is found, and what is urgent is carried out.

What the web has set aside while the database was away it reads back in itself: a clock that runs on another machine
can't see this one's disk. Where one runs beside it, both read; each entry is taken once.

Each web process looks whether the clock still shows itself. That is measured by a clock of its own that only goes
forward: a time that is set, here or on the clock's machine, makes nobody dead. Two clocks are harmless, and so are
several that stand in.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from time import monotonic
from typing import Final

import structlog

from hotline.effects import Urgency
from hotline.operations import every_second
from hotline.operations.watching import clock_watch
from hotline.runtime.wiring import Wiring
from hotline.store.database import StoreError
from hotline.telephony.rest import dispatch
from hotline.telephony.webhooks.read_back import read_back

_log = structlog.get_logger("hotline.stand_in")
STAND_IN: Final = "hotline.stand_in"
"""Under which an application keeps its own."""
DEAD_AFTER: Final = 20.0
"""Seconds without a new sign of life: it shows itself every three."""
AFTER_AN_OUTAGE: Final = 10.0
"""Seconds in which a clock shows itself once the database can be used again."""
LOOKS_EVERY: Final = 5.0
"""Seconds: so a dead clock is seen within 25."""
ACTS_EVERY: Final = 1.0
"""Seconds, once it is dead."""
_URGENT: Final = (Urgency.EMERGENCY, Urgency.URGENT)


class StandIn:
    """One in each web process."""

    def __init__(self, here: Wiring, monotonic: Callable[[], float] = monotonic) -> None:
        self._here = here
        self._monotonic = monotonic
        self._seen: tuple[datetime | None, float] | None = None
        self._stopping = threading.Event()

    def look(self) -> bool:
        """Whether the clock is dead; if it is, a second's work is done in its place. Raises StoreError.

        As long as the database can't be used, no clock can show itself: it gets some seconds after that.
        """
        try:
            return self._stands_still()
        except StoreError:
            if self._seen is not None:
                last, since = self._seen
                self._seen = (last, max(since, self._monotonic() - DEAD_AFTER + AFTER_AN_OUTAGE))
            raise

    def _stands_still(self) -> bool:
        self._read_back()
        last, steady = clock_watch.last_beat(self._here.application), self._monotonic()
        if self._seen is None or self._seen[0] != last:
            self._seen = (last, steady)
        if steady - self._seen[1] < DEAD_AFTER:
            return False
        if clock_watch.tell(self._here.application, last):
            _log.critical("the clock stands still: the web stands in for it")
        self._act()
        return True

    def _read_back(self) -> None:
        try:
            read_back(self._here.application, self._here.renderer, self._here.journal)
        except OSError as error:
            # A disk that fails must not keep emergencies waiting that the database knows of.
            _log.error("the journal can't be read", reason=type(error).__name__)

    def _act(self) -> None:
        """As the clock would; but what can wait waits for it."""
        application = self._here.application
        beat = every_second.beat(application, stands_in=True)
        application.wake_ups.ring(beat.to_ring)
        unheard = beat.to_ring if application.wake_ups.is_quiet else ()
        for wake_up in dict.fromkeys((*beat.neglected, *unheard)):
            if wake_up.urgency in _URGENT:
                dispatch.deliver(application, self._here.carrier, wake_up.id)

    def start(self) -> threading.Thread:
        """Look again and again, in a thread that ends with the process."""
        thread = threading.Thread(target=self._run, name="stand-in", daemon=True)
        thread.start()
        return thread

    def stop(self) -> None:
        """Look no more."""
        self._stopping.set()

    def _run(self) -> None:
        dead = False
        self._here.journal.take_room()
        while not self._stopping.wait(ACTS_EVERY if dead else LOOKS_EVERY):
            with suppress(StoreError):
                dead = self._looked()

    def _looked(self) -> bool:
        try:
            return self.look()
        except StoreError:
            raise
        except Exception:
            # A fault of ours: telephones must be answered on, and the next look tries again.
            _log.exception("the web could not stand in for the clock")
            return True
