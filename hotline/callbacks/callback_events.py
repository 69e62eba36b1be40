"""What can happen to a callback. Every datetime is aware and in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hotline.model import Outcome, StaffId


@dataclass(frozen=True, slots=True)
class StaffRung:
    """Staff phones were set ringing."""

    look_at: datetime
    """When the clock looks whether they still do."""


@dataclass(frozen=True, slots=True)
class Watched:
    """The clock has looked: phones still ring for it, or they still talk."""

    look_at: datetime
    """When it looks again."""


@dataclass(frozen=True, slots=True)
class NobodyTook:
    """Every phone rang in vain."""

    again_at: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """Somebody pressed 1, or claimed it on the board."""

    by: StaffId
    lease_until: datetime


@dataclass(frozen=True, slots=True)
class CallerDialled:
    """The caller's phone was set ringing."""

    lease_until: datetime


@dataclass(frozen=True, slots=True)
class PickedUp:
    """Somebody or something has picked up, and is in the room with the owner."""

    look_at: datetime
    """When the clock looks whether they still are."""


@dataclass(frozen=True, slots=True)
class MessageBegun:
    """The owner has found a machine, and left: the message is being spoken."""

    lease_until: datetime


@dataclass(frozen=True, slots=True)
class CallerConfirmed:
    """The called person pressed 1."""

    look_at: datetime
    """When the clock looks whether they still talk."""


@dataclass(frozen=True, slots=True)
class AttemptEnded:
    """The call ended without anybody confirming, or without a talk. Outcomes that only a person can set are ignored."""

    outcome: Outcome


@dataclass(frozen=True, slots=True)
class TalkOver:
    """They have talked, or whoever it was has with the owner, and one of them hung up."""

    ask_at: datetime
    """When the owner is asked who it was, if they have not said so by then."""


@dataclass(frozen=True, slots=True)
class OutcomeSet:
    """A person said how it ended; `by` is None if it was the caller."""

    outcome: Outcome
    by: StaffId | None


@dataclass(frozen=True, slots=True)
class Undone:
    """A person took back, a moment later, that it was closed: it is theirs, as if nothing had been said."""

    by: StaffId
    lease_until: datetime


@dataclass(frozen=True, slots=True)
class OutcomeAsked:
    """The owner was asked by text how it ended."""

    until: datetime
    """When it counts as an attempt that failed."""


@dataclass(frozen=True, slots=True)
class LeaseEnded:
    """The clock found a lease in the past."""


@dataclass(frozen=True, slots=True)
class PutBack:
    """The owner let go of it, or was lost."""

    reason: str


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """The same caller asked for the same again."""


@dataclass(frozen=True, slots=True)
class HungUpAgain:
    """Somebody in an emergency has called by themselves, and hung up again."""

    due_at: datetime


@dataclass(frozen=True, slots=True)
class ConnectedLive:
    """The caller called again and reached a person."""


@dataclass(frozen=True, slots=True)
class DetailsGiven:
    """The caller said what is safe."""

    message_safe: bool
    text_safe: bool


@dataclass(frozen=True, slots=True)
class TimeChosen:
    """The caller said when to ring: at `at`, or (None) as soon as we can, by day or night."""

    at: datetime | None


@dataclass(frozen=True, slots=True)
class DialogueOver:
    """The caller has hung up after asking: staff may be rung now."""


ByStaff = StaffRung | NobodyTook | Taken | LeaseEnded | PutBack | Watched | OutcomeAsked | Undone
ByCarrier = CallerDialled | PickedUp | MessageBegun | CallerConfirmed | AttemptEnded | TalkOver
ByCaller = AskedAgain | HungUpAgain | ConnectedLive | DetailsGiven | TimeChosen | DialogueOver
Event = ByStaff | ByCarrier | ByCaller | OutcomeSet
