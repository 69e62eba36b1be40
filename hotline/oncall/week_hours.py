"""Hours of the week, as people write them: "Mon-Fri 08:00-20:00", "Sat,Sun 20:00-08:00", "Fri 20:00-Mon 08:00"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from hotline.oncall.wall_clock import moment, shown

DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAY = timedelta(days=1)
_TIME: Final = r"(\d{1,2}):(\d{2})"
_EACH_DAY: Final = re.compile(rf"(?:([A-Za-z]{{3}}(?:[-,][A-Za-z]{{3}})*)\s+)?{_TIME}\s*-\s*{_TIME}")
_ACROSS: Final = re.compile(rf"([A-Za-z]{{3}})\s+{_TIME}\s*-\s*([A-Za-z]{{3}})\s+{_TIME}")
_MOMENT: Final = re.compile(rf"(?:([A-Za-z]{{3}})\s+)?{_TIME}")
_RIGHT: Final = 'write hours such as "Mon-Fri 08:00-20:00", "20:00-08:00" or "Fri 20:00-Mon 08:00"'


@dataclass(frozen=True, slots=True)
class Hours:
    """A stretch of time that comes every week on some days, by the wall's clock."""

    days: frozenset[int]
    """On which days it begins; 0 is Monday."""
    begins: time
    lasts: timedelta
    """By the wall's clock; at most a week."""

    def __post_init__(self) -> None:
        if not self.days or not self.days <= frozenset(range(7)):
            raise ValueError(_RIGHT)
        if not timedelta(0) < self.lasts <= (7 * _DAY if len(self.days) == 1 else _DAY):
            raise ValueError(_RIGHT)

    def hold(self, now: datetime, place: ZoneInfo) -> bool:
        """Whether these hours hold at `now` (aware)."""
        today = shown(now, place).date()
        return any(begins <= now < ends for begins, ends in self.between(today, today, place))

    def between(self, first: date, last: date, place: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
        """Begin and end (UTC) of every stretch that may touch these days: the ones that began shortly before, too."""
        day = first - self.lasts // _DAY * _DAY - _DAY
        while day <= last:
            if day.weekday() in self.days:
                begins = datetime.combine(day, self.begins)
                yield moment(begins, place), moment(begins + self.lasts, place)
            day += _DAY

    def __str__(self) -> str:
        ends = datetime.combine(date.min, self.begins) + self.lasts
        hours = f"{self.begins:%H:%M}-{ends:%H:%M}"
        if self.lasts > _DAY:
            (day,) = self.days
            return f"{DAYS[day]} {self.begins:%H:%M}-{DAYS[(day + (ends.date() - date.min).days) % 7]} {ends:%H:%M}"
        return hours if len(self.days) == 7 else f"{_written_days(self.days)} {hours}"


def _written_days(days: frozenset[int]) -> str:
    """Three and more in a row as "Mon-Fri", also over the end of the week; the others one by one."""
    first = next((day for day in sorted(days) if (day - 1) % 7 not in days), 0)
    runs: list[list[int]] = []
    for day in (one for one in (*range(first, 7), *range(first)) if one in days):
        if runs and (runs[-1][-1] + 1) % 7 == day:
            runs[-1].append(day)
        else:
            runs.append([day])
    each = (run if len(run) < 3 else [run[0], run[-1]] for run in runs)
    joined = [
        ("-" if len(run) > 2 else ",").join(DAYS[day] for day in ends)
        for run, ends in zip(runs, each, strict=True)
    ]
    return ",".join(joined)


def parse_hours(written: str) -> Hours:
    """What was written. Raises ValueError, which says how to write it.

    An end that isn't after the begin is the next day's: "20:00-08:00" is a night, "08:00-08:00" a day and a night.
    """
    if found := _ACROSS.fullmatch(written.strip()):
        first, last = _day(found[1]), _day(found[4])
        begins, ends = _time(found[2], found[3]), _time(found[5], found[6])
        lasts = ((last - first) % 7) * _DAY + ends - begins
        if lasts <= timedelta(0):
            lasts += 7 * _DAY
        return _hours(frozenset({first}), begins, lasts)
    if found := _EACH_DAY.fullmatch(written.strip()):
        begins, ends = _time(found[2], found[3]), _time(found[4], found[5])
        lasts = ends - begins if ends > begins else ends - begins + _DAY
        return _hours(_several(found[1]), begins, lasts)
    raise ValueError(_RIGHT)


def next_time(written: str, now: datetime, place: ZoneInfo) -> datetime | None:
    """The next moment (UTC) after `now` (aware) at which the wall's clock of a place shows what is written, such as
    "Sat 03:00" or "03:00"; None if it is written otherwise."""
    found = _MOMENT.fullmatch(written.strip())
    name = (found[1] or "").capitalize() if found else ""
    if found is None or (name and name not in DAYS) or int(found[2]) > 23 or int(found[3]) > 59:
        return None
    today = shown(now, place).date()
    each = (today + ahead * _DAY for ahead in range(9))
    days = (day for day in each if not name or day.weekday() == DAYS.index(name))
    comes = (moment(datetime.combine(day, time(int(found[2]), int(found[3]))), place) for day in days)
    return next(at for at in comes if at > now)


def _hours(days: frozenset[int], begins: timedelta, lasts: timedelta) -> Hours:
    if begins >= _DAY:
        raise ValueError(_RIGHT)
    return Hours(days, (datetime.min + begins).time(), lasts)


def _several(written: str | None) -> frozenset[int]:
    if written is None:
        return frozenset(range(7))
    days: set[int] = set()
    for part in written.split(","):
        first, *more = part.split("-")
        if len(more) > 1:
            raise ValueError(_RIGHT)
        begin, end = _day(first), _day(more[0]) if more else _day(first)
        days |= {(begin + step) % 7 for step in range((end - begin) % 7 + 1)}
    return frozenset(days)


def _day(written: str) -> int:
    name = written.capitalize()
    if name not in DAYS:
        raise ValueError(f"there is no day {written!r}; use {', '.join(DAYS)}")
    return DAYS.index(name)


def _time(hour: str, minute: str) -> timedelta:
    if int(hour) > 24 or int(minute) > 59 or (int(hour) == 24 and int(minute)):
        raise ValueError(_RIGHT)
    return timedelta(hours=int(hour), minutes=int(minute))
