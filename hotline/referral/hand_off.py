"""A warm hand-off: a caller is put through to somebody else while whoever talked with them tells who comes. Pure.

`step(status, event) -> (status, requests)` for every status and event. The caller and whoever hands them over go on
talking while the other side is rung; only when somebody has picked up there, the two speak alone, and the caller holds.
Whatever goes wrong, and whoever wants it, ends where it began: the caller and whoever talked with them are together.
Once all are together, whoever handed over may leave; the caller is alone in no room.

RINGING -> ANSWERED (somebody is on the line there, and waits) -> ASIDE (they are told) -> JOINED (all together) ->
OVER, and from each of the first three to UNREACHED, LEFT or CALLED_OFF.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hotline.model import KeptWord


class HandOffStatus(KeptWord):
    """Where a hand-off stands."""

    RINGING = "ringing"
    ANSWERED = "answered"
    """Somebody is on the line there; whoever hands over is being fetched to them."""
    ASIDE = "aside"
    """Those two speak; the caller holds."""
    JOINED = "joined"
    UNREACHED = "unreached"
    """Nobody answered, the line was busy, or a machine did."""
    LEFT = "left"
    """They hung up before the caller was put through."""
    CALLED_OFF = "called_off"
    OVER = "over"
    """They were together, and one side has hung up."""


RUNNING: Final = (
    HandOffStatus.RINGING,
    HandOffStatus.ANSWERED,
    HandOffStatus.ASIDE,
    HandOffStatus.JOINED,
)
_BEFORE: Final = (HandOffStatus.RINGING, HandOffStatus.ANSWERED, HandOffStatus.ASIDE)


class HandOffEvent(StrEnum):
    """What can happen to it."""

    ANSWERED = "answered"
    """A person there has pressed 1; or their menu has answered, where they have one."""
    CAME_ASIDE = "came aside"
    """Whoever hands over is with them."""
    TOGETHER = "together"
    """Whoever hands over brings everybody together."""
    CALLED_OFF = "called off"
    """Whoever hands over does so no more."""
    WANTED_BACK = "wanted back"
    """The caller, who holds, wants the person back with whom they talked, or has an emergency."""
    THEIR_LEG_OVER = "their leg over"
    HANDER_LEFT = "hander left"
    """Whoever hands over has hung up."""
    CALLER_LEFT = "caller left"


class HandOffRequest(StrEnum):
    """What is asked of the operations."""

    FETCH_ASIDE = "fetch aside"
    """Take whoever hands over out of the room, to the other side."""
    HOLD_CALLER = "hold caller"
    """Unless somebody else of ours is with them, who stays."""
    BRING_CALLER = "bring caller"
    """Back into the room, if they hold."""
    BRING_THEM = "bring them"
    """The other side, into the caller's room."""
    LET_THEM_GO = "let them go"
    """The other side: call off what rings, and thank whoever is there."""
    TELL = "tell"
    """Whoever hands over is told what came of it, and is back in the caller's room."""
    CALLER_ALONE = "caller alone"
    """The caller is told that the other person has left, unless somebody is with them."""


@dataclass(frozen=True, slots=True)
class HandOffStep:
    """What comes of an event."""

    status: HandOffStatus
    requests: tuple[HandOffRequest, ...] = ()


def step(status: HandOffStatus, event: HandOffEvent) -> HandOffStep:
    """What comes of this. Total: what comes late or twice changes nothing, and asks for nothing."""
    if status is HandOffStatus.JOINED:
        return _joined(event)
    if status not in _BEFORE:
        return HandOffStep(status)
    return _before(status, event) or HandOffStep(status)


def _joined(event: HandOffEvent) -> HandOffStep:
    if event is HandOffEvent.THEIR_LEG_OVER:
        return HandOffStep(HandOffStatus.OVER, (HandOffRequest.CALLER_ALONE,))
    if event is HandOffEvent.CALLER_LEFT:
        # The room ends with the caller, and each leg that is left in it hears so by itself.
        return HandOffStep(HandOffStatus.OVER)
    return HandOffStep(HandOffStatus.JOINED)


def _before(status: HandOffStatus, event: HandOffEvent) -> HandOffStep | None:
    way = _ONWARD.get(event)
    if way is not None:
        return HandOffStep(way[1], way[2]) if status is way[0] else None
    return _ended(event, status, aside=status is HandOffStatus.ASIDE)


_ONWARD: Final = {
    HandOffEvent.ANSWERED: (HandOffStatus.RINGING, HandOffStatus.ANSWERED, (HandOffRequest.FETCH_ASIDE,)),
    HandOffEvent.CAME_ASIDE: (HandOffStatus.ANSWERED, HandOffStatus.ASIDE, (HandOffRequest.HOLD_CALLER,)),
    HandOffEvent.TOGETHER: (
        HandOffStatus.ASIDE,
        HandOffStatus.JOINED,
        (HandOffRequest.BRING_CALLER, HandOffRequest.BRING_THEM),
    ),
}
"""Each step forward: from where, to where, and what is asked."""


def _ended(event: HandOffEvent, status: HandOffStatus, *, aside: bool) -> HandOffStep | None:
    """It comes to nothing; the caller is fetched from where they hold, if they hold."""
    back = (HandOffRequest.BRING_CALLER,) if aside else ()
    told = (HandOffRequest.TELL,) if aside else ()
    match event:
        case HandOffEvent.THEIR_LEG_OVER:
            ended = HandOffStatus.UNREACHED if status is HandOffStatus.RINGING else HandOffStatus.LEFT
            return HandOffStep(ended, (HandOffRequest.TELL, *back))
        case HandOffEvent.CALLED_OFF:
            return HandOffStep(HandOffStatus.CALLED_OFF, (HandOffRequest.LET_THEM_GO, *back))
        case HandOffEvent.WANTED_BACK:
            # The caller's own line, which has just told us so, comes round to the room by itself.
            return HandOffStep(_OFF, (HandOffRequest.LET_THEM_GO, *told)) if aside else None
        case HandOffEvent.HANDER_LEFT:
            alone = (HandOffRequest.CALLER_ALONE,) if aside else ()
            return HandOffStep(_OFF, (HandOffRequest.LET_THEM_GO, *alone))
        case _:
            return HandOffStep(_OFF, (HandOffRequest.LET_THEM_GO, *told))


_OFF: Final = HandOffStatus.CALLED_OFF
