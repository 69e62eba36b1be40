"""Who carries what: nights, weekends and holidays on duty, pages and minutes awake, by the clock on the wall.

What a night is, the centre says; a weekend is Saturday and Sunday. One counts for whoever was on in it for an hour at
least, once, on however many schedules.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from hotline.oncall.at_work.nights import Night
from hotline.oncall.staffing.work_limits import DutySpan, merged, within
from hotline.oncall.wall_clock import moment, shown

_DAY: Final = timedelta(days=1)
_COUNTS: Final = timedelta(hours=1)
_SATURDAY: Final = 5
_LONGEST_AWAKE: Final = timedelta(hours=4)
"""No longer is one page taken to keep anybody awake: a call whose end was never told is over by then."""
_QUARTER: Final = re.compile(r"(\d{4})-?Q([1-4])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Carried:
    """What duty some spans are."""

    hours: timedelta
    nights: int
    weekends: int
    holidays: int


@dataclass(frozen=True, slots=True)
class QuarterYear:
    """Three months of a year."""

    year: int
    number: int
    """From 1 to 4."""

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    def span(self, place: ZoneInfo) -> DutySpan:
        """From its first midnight until the next one's, by the clock of a place."""
        following = date(self.year + self.number // 4, self.number % 4 * 3 + 1, 1)
        first = date(self.year, self.number * 3 - 2, 1)
        return DutySpan(_midnight(first, place), _midnight(following, place))


def quarter_of(now: datetime, place: ZoneInfo) -> QuarterYear:
    """In which it is at `now` (aware) by the clock of a place."""
    today = shown(now, place)
    return QuarterYear(today.year, (today.month + 2) // 3)


def parse_quarter(written: str) -> QuarterYear:
    """Raises ValueError, which says how to write it."""
    found = _QUARTER.fullmatch(written.strip())
    if found is None or not 1970 <= int(found[1]) <= 9998:
        raise ValueError("write a quarter such as 2026-Q4")
    return QuarterYear(int(found[1]), int(found[2]))


def carried(each: Iterable[DutySpan], night: Night, holidays: Collection[date]) -> Carried:
    """What duty these spans are, by the clock of the nights' place; they may overlap. `holidays`: the days that are
    any."""
    place = night.place
    spans = merged(sorted(each))
    if not spans:
        return Carried(timedelta(0), 0, 0, 0)
    days = list(_days(spans, place))
    nights = (DutySpan(*night.of(day)) for day in days)
    free = [day for day in days if day.weekday() >= _SATURDAY]
    saturdays = dict.fromkeys(day - (day.weekday() - _SATURDAY) * _DAY for day in free)
    weekends = (DutySpan(_midnight(day, place), _midnight(day + 2 * _DAY, place)) for day in saturdays)
    off = (DutySpan(_midnight(day, place), _midnight(day + _DAY, place)) for day in days if day in holidays)
    return Carried(
        hours=sum((one.lasts for one in spans), timedelta(0)),
        nights=_counted(spans, nights),
        weekends=_counted(spans, weekends),
        holidays=_counted(spans, off),
    )


def _days(spans: Sequence[DutySpan], place: ZoneInfo) -> Iterator[date]:
    """Every day that they touch, and the one before, whose night may reach into the first."""
    found: dict[date, None] = {}
    for one in spans:
        day, last = shown(one.starts, place).date() - _DAY, shown(one.ends, place).date()
        while day <= last:
            found[day] = None
            day += _DAY
    yield from found


def awake(calls: Iterable[tuple[datetime, datetime | None]], now: datetime, night: Night) -> timedelta:
    """How long calls of ours kept somebody awake: from when their phone rang at night until that was over.

    None: it isn't yet. Two at once count once.
    """
    spans = (
        DutySpan(placed, max(placed, min(ended or now, placed + _LONGEST_AWAKE)))
        for placed, ended in calls
        if night.holds(placed)
    )
    return sum((one.lasts for one in merged(sorted(spans))), timedelta(0))


def _counted(spans: Sequence[DutySpan], each: Iterable[DutySpan]) -> int:
    return sum(within(spans, one) >= _COUNTS for one in each)


def _midnight(day: date, place: ZoneInfo) -> datetime:
    return moment(datetime.combine(day, time(0)), place)
