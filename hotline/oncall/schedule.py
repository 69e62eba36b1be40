"""Schedules: who is awake now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hotline.model import StaffId


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Some people who share a duty. Raises ValueError if `timezone` is not a known zone's name."""

    name: str
    timezone: str
    """The zone in which the schedule is written and read, such as America/New_York."""
    always: tuple[StaffId, ...]
    """On at every hour, in the order in which they are asked."""

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            problem = f"timezone: {self.timezone!r} is no time zone; write one such as America/New_York"
            raise ValueError(problem) from None


def who_is_on(schedule: Schedule, now: datetime) -> tuple[StaffId, ...]:
    """Everybody on duty at `now` (aware), in the order in which they are asked, nobody twice."""
    return tuple(dict.fromkeys(schedule.always))
