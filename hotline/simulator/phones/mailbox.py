"""A voicemail box: greets, beeps, records what it hears, and hangs up on silence. It never presses a key."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from hotline.simulator.agenda import Appointment
from hotline.simulator.kernel import Kernel


class Mailbox:
    """`greeting` and `patience` (silence before it hangs up) in seconds, `longest` is the longest message.

    `beeps` says whether its greeting ends in a beep, or just ends.

    `recorded` are the captions that began after the beep: what the owner finds later.
    """

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self.greeting = 5.0
        self.patience = 6.0
        self.longest = 180.0
        self.beeps = True
        self.recorded: list[str] = []
        self._beep_at: datetime | None = None
        self._quiet_from: datetime | None = None
        self._alarm: Appointment | None = None

    def opens(self, hang_up: Callable[[], None], in_company: Callable[[], bool]) -> None:
        """The machine answers. `in_company` says whether a person is on the line, who is never silent."""
        self._beep_at = self._quiet_from = self._kernel.now() + timedelta(seconds=self.greeting)
        self._listen(hang_up, in_company)

    def takes_in(self, words: str, now: datetime, until: datetime) -> None:
        """Something is being said, until about `until`."""
        if self._beep_at is None or self._quiet_from is None:
            return
        if now >= self._beep_at:
            self.recorded.append(words)
        self._quiet_from = max(self._quiet_from, until)

    def silence_from(self, now: datetime) -> None:
        """What was being said has stopped."""
        if self._beep_at is not None:
            self._quiet_from = max(self._beep_at, now)

    def closes(self) -> None:
        """The line is gone."""
        self._beep_at = self._quiet_from = None
        if self._alarm is not None:
            self._alarm.cancel()

    def _listen(self, hang_up: Callable[[], None], in_company: Callable[[], bool]) -> None:
        now = self._kernel.now()
        if self._beep_at is None or self._quiet_from is None:
            return
        full = self._beep_at + timedelta(seconds=self.longest)
        quiet_from = now if in_company() else self._quiet_from
        until = min(full, quiet_from + timedelta(seconds=self.patience))
        if now >= until:
            hang_up()
            return
        self._alarm = self._kernel.agenda.at(until, lambda: self._listen(hang_up, in_company))
