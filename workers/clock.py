"""The clock: once a second, by SQL, whatever Redis does."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from time import monotonic

import structlog

from hotline.effects import Urgency
from hotline.model import ByWord
from hotline.operations import every_second
from hotline.operations.looking_back import recording_history, sentence_history
from hotline.operations.outbox import clock_leaps
from hotline.operations.watching import each_minute
from hotline.runtime.wiring import Wiring
from hotline.store.database import StoreError
from hotline.store.overviews.quiet_calls import QuietCall
from hotline.store.traffic.outbox import WakeUp
from hotline.telephony.rest import dispatch
from hotline.telephony.webhooks.read_back import read_back
from workers.application import opened
from workers.canary_flights import CanaryFlights
from workers.event_post import Events
from workers.lane import HANDS
from workers.list_reading import ListReading
from workers.looking_over import Checkups
from workers.senders import Senders

_log = structlog.get_logger("workers.clock")
_EVERY = 1.0
_LEAST = 0.25
"""Seconds from one beat to the next: the second is cut short where the wait of an escalation ends in it, so that
nobody waits for the clock beside the work itself."""
_LOOKS_AHEAD_EVERY = 60.0
"""Seconds between two looks at what is to come of duty."""
_QUESTIONS = 4
"""Threads that ask the carrier how calls stand."""


def tick(
    here: Wiring,
    carry_out: Callable[[WakeUp], None],
    ask: Callable[[QuietCall], object] | None = None,
    *,
    at_start: bool = False,
) -> datetime | None:
    """What is due, and then the wake-up for it; what nobody has claimed is handed to `carry_out`, calls of which
    nothing was heard to `ask` (else they are asked after here). `at_start`: the first tick of a process. When
    the next wait of an escalation is over (UTC), if anything waits.

    Raises Unavailable if the database can't be reached.
    """
    try:
        read_back(here.application, here.renderer, here.journal)
    except OSError as error:
        # A disk that fails must not keep emergencies waiting that the database knows of.
        _log.error("the journal can't be read", reason=type(error).__name__)
    if at_start:
        here.application.change(sentence_history.note)
        here.application.change(recording_history.note)
    beat = every_second.beat(here.application, at_start=at_start)
    here.application.wake_ups.ring(beat.to_ring)
    unheard = beat.to_ring if here.application.wake_ups.is_quiet else ()
    for wake_up in dict.fromkeys((*beat.neglected, *unheard)):
        carry_out(wake_up)
    for call in beat.to_ask:
        if ask is None:
            dispatch.ask(here.application, here.carrier, call)
        else:
            ask(call)
    return beat.next_rung


class Clock:
    """One clock. Two of them may run; both are harmless."""

    def __init__(self, here: Wiring, monotonic: Callable[[], float] = monotonic) -> None:
        """`monotonic`: seconds that only go forward, whatever is done to the time on the wall."""
        self._here = here
        self._monotonic = monotonic
        self._seen: tuple[datetime, float] | None = None
        # Lanes of their own here, too: what is slow and ordinary holds up no emergency.
        each = {lane: Senders(here, hands, f"clock-{lane}") for lane, hands in HANDS.items()}
        self._senders = ByWord(each, unknown=each[Urgency.EMERGENCY])
        # Whoever must be rung doesn't wait for an answer about somebody else's call.
        self._questions = ThreadPoolExecutor(_QUESTIONS, thread_name_prefix="asking")
        self._at_start = True
        self._looked_ahead: float | None = None

    def tick(self) -> float:
        """One second's work; after how many seconds to come again. Never raises for a database that is away: the next
        second asks again."""
        try:
            self._look_for_a_leap()
            following = tick(self._here, self._carry_out, self._ask, at_start=self._at_start)
            self._at_start = False
            self._look_ahead()
        except StoreError as error:
            _log.error("the clock can't reach the database", reason=type(error).__name__)
            return _EVERY
        if following is None:
            return _EVERY
        return min(_EVERY, max(_LEAST, (following - self._here.application.clock()).total_seconds()))

    def _look_ahead(self) -> None:
        """What is to be seen ahead about duty; if that fails, everything else goes on."""
        steady = self._monotonic()
        if self._looked_ahead is not None and steady - self._looked_ahead < _LOOKS_AHEAD_EVERY:
            return
        self._looked_ahead = steady
        each_minute.look(self._here.application)

    def _look_for_a_leap(self) -> None:
        now, steady = self._here.application.clock(), self._monotonic()
        try:
            if self._seen is None:
                clock_leaps.at_start(self._here.application)
            else:
                by = now - self._seen[0] - timedelta(seconds=steady - self._seen[1])
                if abs(by) >= clock_leaps.LEAP:
                    clock_leaps.leapt(self._here.application, by)
        except StoreError:
            raise  # the next tick finds it again
        except Exception:
            _log.exception("what is open was not moved along")
        self._seen = (now, steady)

    def _carry_out(self, wake_up: WakeUp) -> None:
        self._senders[wake_up.urgency].carry_out(wake_up.id)

    def _ask(self, call: QuietCall) -> None:
        self._questions.submit(self._asked, call)

    def _asked(self, call: QuietCall) -> None:
        try:
            dispatch.ask(self._here.application, self._here.carrier, call)
        except StoreError as error:
            _log.warning("an answer was not noted", reason=type(error).__name__)
        except Exception:
            _log.exception("a call could not be asked after")

    def stop(self) -> None:
        """Let what is under way come to its end."""
        self._questions.shutdown(wait=True, cancel_futures=True)
        for senders in self._senders.values():
            senders.stop()


def run(opened: Callable[[], Wiring] = opened) -> None:
    """Tick every second, or sooner where somebody waits for it, until told to stop."""
    stopping = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: stopping.set())
    here = opened()
    with suppress(OSError):
        here.journal.take_up_again()
    here.journal.take_room()
    the_clock, beside = Clock(here), (Checkups(here), Events(here), ListReading(here), CanaryFlights(here))
    for thread in beside:
        thread.start()
    wait = _EVERY
    while not stopping.wait(wait):
        wait = the_clock.tick()
    for thread in beside:
        thread.stop()
    the_clock.stop()
