"""A call: one leg between Twilio and one telephone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from .agenda import Appointment
from .detection import Detection
from .kernel import API_VERSION, Kernel, new_sid

if TYPE_CHECKING:
    from .phones import Phone
    from .script import Script

Direction = Literal["inbound", "outbound-api", "outbound-dial"]


class CallStatus(StrEnum):
    """Twilio's words for where a call is."""

    QUEUED = "queued"
    INITIATED = "initiated"
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    FAILED = "failed"
    NO_ANSWER = "no-answer"
    CANCELED = "canceled"


OVER = frozenset(
    {CallStatus.COMPLETED, CallStatus.BUSY, CallStatus.FAILED, CallStatus.NO_ANSWER, CallStatus.CANCELED}
)


@dataclass(frozen=True)
class Entry:
    """What runs when the call is answered: a URL, or TwiML given with the call; and the fallback."""

    url: str = ""
    twiml: str = ""
    fallback_url: str = ""


@dataclass(frozen=True)
class Progress:
    """Who is told about the call's progress, and of which events."""

    url: str = ""
    events: frozenset[str] = frozenset({"completed"})


@dataclass(eq=False)
class Call:
    """`from_` is as shown to the called side (`anonymous` where withheld); all times are aware.

    `created_by` says whose doing it was: the REST API's, a telephone's or a <Dial>'s.
    """

    direction: Direction
    from_: str
    to: str
    handset: Phone
    created_at: datetime
    entry: Entry = Entry()
    progress: Progress = Progress()
    parent: Call | None = None
    ring_seconds: float = 60.0
    time_limit: float = 14400.0
    detection: Detection = field(default_factory=Detection)
    rings_in: str = ""
    """The room in which it is heard ringing (early media)."""
    stir: str | None = None
    sid: str = field(default_factory=lambda: new_sid("CA"))
    status: CallStatus = CallStatus.QUEUED
    started_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    answered_by: str | None = None
    sequence: int = 0
    script: Script = field(init=False)
    alarms: list[Appointment] = field(default_factory=list)
    on_answer: Callable[[], None] | None = None
    on_end: Callable[[], None] | None = None
    on_taken_away: Callable[[], None] | None = None

    @property
    def created_by(self) -> Literal["rest", "phone", "dial"]:
        if self.direction == "outbound-api":
            return "rest"
        return "phone" if self.direction == "inbound" else "dial"

    @property
    def over(self) -> bool:
        return self.status in OVER

    @property
    def talking(self) -> bool:
        """The line is open."""
        return self.status is CallStatus.IN_PROGRESS

    @property
    def seconds(self) -> int:
        """How long the line was open; 0 while it is, and if it never was."""
        if self.answered_at is None or self.ended_at is None:
            return 0
        return round((self.ended_at - self.answered_at).total_seconds())

    def silence_alarms(self) -> None:
        for alarm in self.alarms:
            alarm.cancel()
        self.alarms.clear()


def voice_parameters(kernel: Kernel, call: Call) -> dict[str, str]:
    """What every voice webhook about this call carries."""
    parameters = {
        "CallSid": call.sid,
        "AccountSid": kernel.account_sid,
        "From": call.from_,
        "To": call.to,
        "Caller": call.from_,
        "Called": call.to,
        "CallStatus": call.status.value,
        "ApiVersion": API_VERSION,
        "Direction": call.direction,
    }
    if call.parent is not None:
        parameters["ParentCallSid"] = call.parent.sid
    if call.stir is not None:
        parameters["StirVerstat"] = call.stir
    if call.answered_by is not None and not call.detection.in_background:
        parameters["AnsweredBy"] = call.answered_by
    return parameters
