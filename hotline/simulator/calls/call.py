"""A call: one leg between Twilio and one telephone; and what there must be at its two ends."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal, Protocol

from hotline.simulator.agenda import Appointment
from hotline.simulator.kernel import API_VERSION, Kernel, new_sid

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


Mode = Literal["", "Enable", "DetectMessageEnd"]


@dataclass(frozen=True)
class Detection:
    """No `mode`: none is done. `in_background` the call goes on meanwhile, and `report_to` is told in the end.

    After `timeout` seconds without a result it is `unknown`.
    """

    mode: Mode = ""
    in_background: bool = False
    report_to: str = ""
    timeout: float = 30.0


class Handset(Protocol):
    """The telephone at the end of a call, as far as the network knows it."""

    number: str
    detected_as: str
    detected_after: float | None

    @property
    def greeting_seconds(self) -> float | None:
        """How long its machine speaks before its beep; None where a person answers."""

    @property
    def beeps(self) -> bool:
        """Whether that machine beeps."""

    def receives(self, call: Call) -> None:
        """A call arrives here."""

    def picked_up(self, call: Call) -> None:
        """The line is open."""

    def line_gone(self, call: Call) -> None:
        """The call is over."""

    def hears(self, words: str, seconds: float, by: str = "", language: str = "") -> None:
        """A caption begins."""

    def hears_nothing(self) -> None:
        """What was being spoken is over, or was cut off."""


class Activity(ABC):
    """One thing that a leg does. It ends by itself, by `stop` or by `leg_gone`, and only once."""

    @abstractmethod
    def start(self) -> None:
        """Begin; called once."""

    @abstractmethod
    def stop(self) -> None:
        """Something else takes over this leg: leave without a word to the application."""

    def leg_gone(self) -> None:
        """The telephone at the end of this leg is gone."""
        self.stop()

    def key(self, digit: str) -> bool:
        """A key was pressed; False if nobody listened. Outside of a Gather keys are lost."""
        return False

    def speech(self, words: str, confidence: float) -> bool:
        """Something was said; False if no machine listened."""
        return False

    def partners(self) -> tuple[Call, ...]:
        """The legs whose people hear this one's and are heard by it."""
        return ()

    def heard_by(self) -> tuple[Call, ...]:
        """The legs whose people hear this one's: also those who can't be heard themselves."""
        return self.partners()

    def hears(self) -> tuple[Call, ...]:
        """The legs whose people are heard at this one."""
        return self.partners()


class Program(Protocol):
    """What Twilio does with a leg, document by document."""

    activity: Activity | None
    on_finished: Callable[[], None]

    def begin(self, url: str, twiml: str) -> None:
        """Start with a URL, or with TwiML that was given by REST."""

    def fetch(self, url: str, extra: Mapping[str, str] | None = None, *, last_resort: bool = False) -> None:
        """Ask `url` what to do next."""

    def complete(self) -> None:
        """The document is at its end: so is the call."""

    def interrupt(self) -> None:
        """Drop what is being done, and what is being fetched."""

    def hung_up(self) -> None:
        """The leg is over."""

    def key(self, digit: str) -> bool:
        """A key was pressed; False if nobody listened."""

    def speech(self, words: str, confidence: float) -> bool:
        """Something was said; False if no machine listened."""


@dataclass(eq=False)
class Call:
    """`from_` is as shown to the called side (`anonymous` where withheld); all times are aware.

    `created_by` says whose doing it was: the REST API's, a telephone's or a <Dial>'s.
    """

    direction: Direction
    from_: str
    to: str
    handset: Handset
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
    queue_seconds: float = 0.0
    """How long it waits for its turn of the account's calls per second."""
    sid: str = field(default_factory=lambda: new_sid("CA"))
    status: CallStatus = CallStatus.QUEUED
    started_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    answered_by: str | None = None
    sequence: int = 0
    script: Program = field(init=False)
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
