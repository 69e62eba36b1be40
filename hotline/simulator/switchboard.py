"""What a leg's program asks of the exchange."""

from __future__ import annotations

from typing import Protocol

from .calls import Call, CallStatus
from .conferences import Rooms
from .kernel import Kernel
from .twiml import Element
from .webhooks import Postman


class Switchboard(Protocol):
    """Places, opens and ends legs. Every method is called with the kernel's lock held."""

    kernel: Kernel
    postman: Postman
    rooms: Rooms

    def call_child(self, parent: Call, number: Element, caller_id: str, ring_seconds: float) -> Call:
        """A call made by a <Dial>."""

    def answer_line(self, call: Call) -> None:
        """The line is open from now on; harmless if it is already."""

    def end(self, call: Call, status: CallStatus) -> None:
        """The call is over; harmless if it was already."""

    def seconds_so_far(self, call: Call) -> int:
        """How long the line is, or was, open."""
