"""What a texter is owed, as it may be told to them: an open callback, and times by their own clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum

from hotline.model import Line


class CallbackStanding(StrEnum):
    """How an open callback stands, as it may be told to whoever waits for it."""

    IN_LINE = "in_line"
    LATE = "late"
    """In line past its promise: no minutes are told."""
    RINGING = "ringing"
    """Staff phones are ringing for it."""
    TAKEN = "taken"
    CALLING = "calling"
    """Their own phone is ringing, or they talk."""
    AT_TIME = "at_time"
    """At a time that they chose, or at which they are tried again."""
    UNREACHED = "unreached"
    """Every attempt was made: a supervisor decides what comes next."""


@dataclass(frozen=True, slots=True)
class OpenCallback:
    """The caller's open callback (none of an emergency's)."""

    line: Line
    standing: CallbackStanding
    minutes: int
    """Until it was promised, rounded up; of IN_LINE at least 1."""
    text_safe: bool
    at: datetime | None = None
    """Of AT_TIME: when (aware, UTC)."""


@dataclass(frozen=True, slots=True)
class Hour:
    """A moment by the caller's own clock."""

    at: datetime
    """Aware, UTC."""
    zone: tzinfo
