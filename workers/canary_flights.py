"""Letting the canary fly beside the clock: the line calls and texts itself, if it has a number to do it from."""

from __future__ import annotations

import threading
from functools import partial
from typing import Final

import structlog

from hotline.carrier_words import NOT_SENT, TextStatus
from hotline.operations.watching import line_canary
from hotline.runtime.wiring import Wiring
from hotline.store.database import StoreError
from hotline.telephony.rest.listing import NotListed, Pace

_log = structlog.get_logger("workers.canary")
_SETTLES: Final = 60.0
"""Seconds after a start before the first: what starts together is up by then."""
_LOOKS_EVERY: Final = 10.0
_ARRIVED: Final = frozenset({TextStatus.SENT, TextStatus.DELIVERED})


class CanaryFlights(threading.Thread):
    """A thread of its own, for it waits for the carrier. Ends with its process; two are harmless."""

    def __init__(self, here: Wiring) -> None:
        super().__init__(name="canary", daemon=True)
        self._here = here
        self._lists = here.carrier.lists(Pace())
        self._stopping = threading.Event()

    def run(self) -> None:
        """Until told to stop; not at all without a number."""
        wait = _SETTLES
        while self._here.application.settings.centre.canary.number and not self._stopping.wait(wait):
            wait = _LOOKS_EVERY
            try:
                self.look()
                self.listen()
            except (StoreError, NotListed) as error:
                _log.warning("the canary can't fly now", reason=type(error).__name__)
            except Exception:
                _log.exception("the canary can't fly")

    def look(self) -> bool:
        """Let one fly if it is time; whether it was. Raises StoreError."""
        application = self._here.application
        flight = application.change(line_canary.fly)
        if flight is None:
            return False
        refused = self._here.carrier.try_line(flight.from_, flight.to, flight.body)
        if refused:
            application.change(partial(line_canary.refused, flight=flight, why="; ".join(refused)))
        _log.info("the canary flies", refused=len(refused))
        return True

    def listen(self) -> None:
        """Ask the carrier what became of the answer to her text, if there is one. Raises NotListed and StoreError."""
        application = self._here.application
        awaited = application.look(line_canary.awaited)
        if awaited is None:
            return
        for one in self._lists.texts_from(awaited.from_, awaited.since):
            if (one.form["To"], one.form["Body"]) != (awaited.to.e164, awaited.body):
                continue
            if one.status in NOT_SENT:
                why = one.form.get("ErrorCode", one.status)
                application.change(partial(line_canary.not_delivered, awaited=awaited, code=why))
            elif one.status in _ARRIVED:
                application.change(partial(line_canary.answered, awaited=awaited))

    def stop(self) -> None:
        """No new one."""
        self._stopping.set()
