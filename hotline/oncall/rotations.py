"""A rotation: people, or groups of them, who take turns, and hand over at the same time by the wall's clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from hotline.model import KeptWord, StaffId
from hotline.oncall import public_holidays
from hotline.oncall.wall_clock import moment, shown
from hotline.oncall.week_hours import Hours

HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)


class Days(KeptWord):
    """On which days a rotation counts."""

    ALL = "all"
    HOLIDAYS = "holidays"
    OTHERS = "other days"


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Where a schedule lives: its clock and its holidays."""

    place: ZoneInfo
    holidays: str | None = None
    """A place's public holidays, such as US-MA."""
    own_holidays: frozenset[date] = frozenset()
    day_begins: time = time(0)
    """When a day begins, for what is a holiday: 07:00 makes the night after it a part of it."""

    def is_holiday(self, now: datetime) -> bool:
        """Whether `now` (aware) is in a holiday of this place."""
        return self._holiday(self._day(now))

    def edges(self, start: datetime, end: datetime) -> Iterator[datetime]:
        """The moments (UTC) between `start` and `end` at which a holiday begins or ends."""
        day, last = self._day(start), self._day(end) + _DAY
        before = self._holiday(day)
        while day <= last:
            is_one = self._holiday(day)
            if is_one != before:
                yield moment(datetime.combine(day, self.day_begins), self.place)
            day, before = day + _DAY, is_one

    def _holiday(self, day: date) -> bool:
        by_law = self.holidays is not None and day in public_holidays.of_year(self.holidays, day.year)
        return by_law or day in self.own_holidays

    def _day(self, now: datetime) -> date:
        today = shown(now, self.place).date()
        return today if moment(datetime.combine(today, self.day_begins), self.place) <= now else today - _DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """Who is on in turn. Raises ValueError, in an operator's words, for one that can't turn.

    Hand-offs are at `starts`, and every `every` after it *by the wall's clock*: a turn that begins at 07:00 begins at
    07:00 the whole year. In the nights in which clocks are set, a turn is an hour shorter or longer. A hand-off at a
    time that comes twice is at the first of the two; at a time that never comes, when the clock leaps over it.
    """

    turns: tuple[tuple[StaffId, ...], ...]
    """Who is on together, turn by turn; in each, in the order in which they are asked. A turn without anybody is a
    hole that others still have to fill: their own turns stay where they are."""
    every: timedelta
    """How long a turn is: whole hours."""
    starts: datetime
    """When the first turn begins, by the wall's clock (no zone). Nobody is on by this rotation before it."""
    ends: datetime | None = None
    """When it is over, by the wall's clock; None if never."""
    hours: tuple[Hours, ...] = ()
    """At which hours of the week it counts; at all of them if there are none."""
    days: Days = Days.ALL
    instead: bool = False
    """While it counts, it stands for everything that is before it in the schedule, and isn't added to it."""

    def __post_init__(self) -> None:
        if not any(self.turns):
            raise ValueError('turns: name at least one person, such as ["Ana Lima", "Ben Ortiz"]')
        if self.every < HOUR or self.every % HOUR:
            raise ValueError('every: write whole hours, days or weeks, such as "12h", "1d" or "7d"')
        if self.starts.tzinfo is not None or (self.ends is not None and self.ends.tzinfo is not None):
            raise ValueError(
                "starts: write the wall's clock, without a time zone, such as 2026-12-01T07:00:00"
            )
        if self.ends is not None and self.ends <= self.starts:
            raise ValueError("ends: must be after starts")

    def on(self, now: datetime, calendar: Calendar) -> tuple[StaffId, ...] | None:
        """Whose turn it is at `now` (aware), which may be nobody's; None while the rotation doesn't count."""
        place = calendar.place
        if now < moment(self.starts, place) or (self.ends is not None and now >= moment(self.ends, place)):
            return None
        if self.hours and not any(hours.hold(now, place) for hours in self.hours):
            return None
        if self.days is (Days.OTHERS if calendar.is_holiday(now) else Days.HOLIDAYS):
            return None
        return self.turns[self._turn(now, place) % len(self.turns)]

    def _turn(self, now: datetime, place: ZoneInfo) -> int:
        """How many hand-offs there have been since the first turn began. `now` isn't before it."""
        number = (shown(now, place) - self.starts) // self.every
        while moment(self._handed_over(number), place) > now:
            number -= 1
        while moment(self._handed_over(number + 1), place) <= now:
            number += 1
        return number

    def _handed_over(self, number: int) -> datetime:
        return self.starts + number * self.every

    def edges(self, start: datetime, end: datetime, calendar: Calendar) -> Iterator[datetime]:
        """The moments (UTC) between `start` and `end` at which who is on by it may change; some others, too."""
        place = calendar.place
        yield moment(self.starts, place)
        if self.ends is not None:
            yield moment(self.ends, place)
        first, last = shown(start, place), shown(end, place)
        if len(self.turns) > 1:
            number = max(0, (first - self.starts) // self.every)
            while self._handed_over(number) <= last + _DAY:
                yield moment(self._handed_over(number), place)
                number += 1
        for hours in self.hours:
            for both in hours.between(first.date(), last.date(), place):
                yield from both
        if self.days is not Days.ALL:
            yield from calendar.edges(start, end)
