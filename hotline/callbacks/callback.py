"""A callback as data: a promise to ring somebody back. `callback_moves` says how it moves, and what always holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from hotline.model import CallbackId, KeptWord, Language, Line, Outcome, StaffId


class CallbackStatus(KeptWord):
    """Where a callback stands."""

    WAITING = "waiting"
    RINGING = "ringing"
    TAKEN = "taken"
    CALLING = "calling"
    TALKING = "talking"
    ANSWERED = "answered"
    UNSAID = "unsaid"
    ASKED = "asked"
    CLOSED = "closed"


UNDONE_WITHIN: Final = timedelta(minutes=5)
"""How long what was said of a callback, or of what came of it, can be taken back as if nothing had been said."""


class CallbackKind(KeptWord):
    """Why somebody is called."""

    ASKED = "asked"
    """They asked for it, or were to be called again."""
    MISSED_INTAKE = "missed_intake"
    """An intake was booked for them, and they didn't come, or nobody knows that they did."""
    FOLLOW_UP = "follow_up"
    """They agreed to it after an emergency."""
    UNHEARD = "unheard"
    """They called while nothing of ours could hear them."""


_AHEAD: Final = timedelta(hours=1)
"""Who calls that shortly before the time of their call has not waited for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """A promise to ring somebody back. Every datetime is aware and in UTC; `callback_moves` says what holds."""

    id: CallbackId
    line: Line
    language: Language
    status: CallbackStatus
    opened_at: datetime
    """For a dropped emergency: when the caller hung up."""
    due_at: datetime | None
    promised_at: datetime
    attempts: int
    """How often the caller was dialled since they last asked."""
    owner: StaffId | None
    lease_until: datetime | None
    outcome: Outcome | None
    repeats: int
    """How often they contacted us again while it was open."""
    message_safe: bool
    text_safe: bool
    wanted_now: bool
    """They asked to be rung even outside the daytime."""
    asked_later: bool
    raised: bool = False
    """What was learned of them in a talk brings them before others of their line (`admissions.raise_reasons`)."""
    kind: CallbackKind = CallbackKind.ASKED

    @property
    def is_untouched(self) -> bool:
        """Whether nobody has claimed it or called them, nor have they asked for it themselves since."""
        return self.status is CallbackStatus.WAITING and not self.attempts and not self.repeats

    @property
    def is_closed_by_itself(self) -> bool:
        """Whether it ended with something else that was done: nobody says, corrects or undoes how it ended."""
        return self.outcome in (Outcome.MERGED, Outcome.TAKEN_BACK)

    @property
    def is_open(self) -> bool:
        """Whether anything is still owed."""
        return self.status is not CallbackStatus.CLOSED

    @property
    def is_taken(self) -> bool:
        """Whether somebody has it, and has not called yet."""
        return self.status is CallbackStatus.TAKEN

    @property
    def is_with_caller(self) -> bool:
        """Whether the caller's phone rings or the caller talks to us now."""
        return self.status in (CallbackStatus.CALLING, CallbackStatus.TALKING, CallbackStatus.ANSWERED)

    @property
    def is_unsaid(self) -> bool:
        """Whether a call is over, and its owner has yet to say who it was."""
        return self.status in (CallbackStatus.UNSAID, CallbackStatus.ASKED)

    @property
    def needs_supervisor(self) -> bool:
        """Whether nothing more happens by itself, and a supervisor must decide."""
        return self.status is CallbackStatus.WAITING and self.due_at is None

    def has_a_time_ahead(self, now: datetime) -> bool:
        """Whether it was agreed for a time more than an hour from `now` (UTC): a talk before then is another one."""
        return self.asked_later and self.due_at is not None and self.due_at > now + _AHEAD

    @property
    def is_forgotten(self) -> bool:
        """Whether nobody will ever look at it again by the clock, though it is open. Never true after a `step`."""
        if self.status is CallbackStatus.WAITING:
            return self.due_at is None and self.attempts == 0
        return self.is_open and self.lease_until is None


# --- what can happen to it, and what it asks for ----------------------------------------------------------------


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
class NotRungBefore:
    """The clock doesn't ring somebody in an emergency before `until`: they write with whoever has it, or whoever has
    just had them on the line is asked how it ended."""

    until: datetime


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
ByCaller = AskedAgain | HungUpAgain | NotRungBefore | ConnectedLive | DetailsGiven | TimeChosen | DialogueOver
Event = ByStaff | ByCarrier | ByCaller | OutcomeSet
