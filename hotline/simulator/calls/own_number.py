"""The account calls a number of its own: two legs, of which each is the telephone at the other's end."""

from __future__ import annotations

from typing import Protocol

from hotline.simulator.calls.call import Call, CallStatus, Handset
from hotline.simulator.kernel import AccountNumber, Kernel


class Trunk(Protocol):
    """What the exchange does with legs."""

    kernel: Kernel

    def ring(self, call: Call) -> None: ...

    def answer(self, call: Call) -> None: ...

    def end(self, call: Call, status: CallStatus) -> None: ...

    def call_in(self, phone: Handset, number: AccountNumber, shown_as: str, stir: str | None) -> Call: ...


class OtherLeg:
    """The telephone at the end of one leg is the other leg: it answers when that one does, and ends with it."""

    greeting_seconds = None
    beeps = False

    def __init__(self, exchange: Trunk, number: str) -> None:
        self._exchange = exchange
        self.number = number
        self.detected_as = "human"
        self.detected_after: float | None = None
        self.other: Call | None = None

    def receives(self, call: Call) -> None:
        """The number is one of the account's: its own addresses are asked what to say."""
        exchange = self._exchange
        here = OtherLeg(exchange, call.from_)
        here.other = call
        exchange.ring(call)
        self.other = exchange.call_in(here, exchange.kernel.numbers[self.number], call.from_, None)

    def picked_up(self, call: Call) -> None:
        """The line is open at this end, and so it is at the other."""
        if self.other is not None and call.direction == "inbound":
            self._exchange.answer(self.other)

    def line_gone(self, call: Call) -> None:
        """And over, too."""
        if self.other is not None:
            over = CallStatus.COMPLETED if self.other.talking else CallStatus.NO_ANSWER
            self._exchange.end(self.other, over)

    def hears(self, words: str, seconds: float, by: str = "", language: str = "") -> None:
        """Nobody listens."""

    def hears_nothing(self) -> None:
        """Nobody listens."""
