"""A callback as data: a promise to ring somebody back. `callback_moves` says how it moves, and what always holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hotline.model import CallbackId, Language, Line, Outcome, StaffId


class CallbackStatus(StrEnum):
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

    @property
    def is_open(self) -> bool:
        """Whether anything is still owed."""
        return self.status is not CallbackStatus.CLOSED

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

    @property
    def is_forgotten(self) -> bool:
        """Whether nobody will ever look at it again by the clock, though it is open. Never true after a `step`."""
        if self.status is CallbackStatus.WAITING:
            return self.due_at is None and self.attempts == 0
        return self.is_open and self.lease_until is None
