"""What a leg's program asks of the exchange."""

from __future__ import annotations

from typing import Protocol

from hotline.simulator.asking.postman import Postman
from hotline.simulator.calls.call import Call, CallStatus
from hotline.simulator.conference.conferences import Rooms
from hotline.simulator.kernel import Kernel
from hotline.simulator.twiml.document import Element


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
