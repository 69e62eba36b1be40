"""Which time a report is about: whole days by the centre's clock, and as many days before it to compare with. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from hotline.model import Line
from hotline.store.database.periods import Period
from hotline.store.reports.splits import Place
from hotline.worded import worded

LONGEST: Final = 92
"""Days in one report: a quarter. `hotline report` counts more."""
_DAY: Final = timedelta(days=1)


class NoSuchPeriod(ValueError):
    """Not a time that can be reported on; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class ReportDays:
    """What a report was asked for."""

    first: date
    last: date
    """The last day of it, where the centre is; of today, until now."""
    zone: ZoneInfo
    period: Period
    before: Period
    """As many days before it, to the same time of day."""
    line: Line | None = None

    @property
    def days(self) -> int:
        """How many days it touches."""
        return (self.last - self.first).days + 1

    @property
    def place(self) -> Place:
        """What it is counted over."""
        return Place(self.period, self.zone, self._lines)

    @property
    def place_before(self) -> Place:
        """What it is compared with."""
        return Place(self.before, self.zone, self._lines)

    @property
    def _lines(self) -> tuple[Line, ...]:
        return (self.line,) if self.line else ()


def last_days(number: int, now: datetime, zone: ZoneInfo, line: Line | None = None) -> ReportDays:
    """So many days until now, today among them. `now` is aware. Raises NoSuchPeriod."""
    today = now.astimezone(zone).date()
    return from_to(today - (number - 1) * _DAY, today, now, zone, line)


def month(year: int, number: int, now: datetime, zone: ZoneInfo, line: Line | None = None) -> ReportDays:
    """A month, as far as it has come. Compared with the month before it, as far as that had come then.

    Raises NoSuchPeriod.
    """
    first = date(year, number, 1)
    following = (first + 31 * _DAY).replace(day=1)
    asked = from_to(first, following - _DAY, now, zone, line)
    earlier = (first - _DAY).replace(day=1)
    whole = asked.last == following - _DAY and asked.period.until <= now and asked.last < _today(now, zone)
    until = _midnight(first, zone) if whole else _moved(asked.period.until, zone, earlier - first)
    before = Period(_midnight(earlier, zone), min(until, _midnight(first, zone)))
    return ReportDays(first, asked.last, zone, asked.period, before, line)


def from_to(first: date, last: date, now: datetime, zone: ZoneInfo, line: Line | None = None) -> ReportDays:
    """From the morning of one day to the evening of another, or until now. Raises NoSuchPeriod."""
    today = _today(now, zone)
    if first > last:
        raise NoSuchPeriod(worded("The first day comes after the last one: choose them the other way round."))
    if first > today:
        raise NoSuchPeriod(worded("That has not begun yet: choose today or a day before."))
    last = min(last, today)
    if (last - first).days >= LONGEST:
        raise NoSuchPeriod(
            worded(
                "That is more than %(longest)s days: choose fewer, or have `hotline report --days` count them.",
                longest=LONGEST,
            )
        )
    until = min(_midnight(last + _DAY, zone), now.astimezone(UTC))
    back = (first - last) - _DAY
    return ReportDays(
        first,
        last,
        zone,
        Period(_midnight(first, zone), until),
        Period(_midnight(first + back, zone), _moved(until, zone, back)),
        line,
    )


def _today(now: datetime, zone: ZoneInfo) -> date:
    return now.astimezone(zone).date()


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(0), tzinfo=zone).astimezone(UTC)


def _moved(at: datetime, zone: ZoneInfo, by: timedelta) -> datetime:
    """The same time of day, by the clock of the place, some days off."""
    return (at.astimezone(zone).replace(tzinfo=None) + by).replace(tzinfo=zone).astimezone(UTC)
