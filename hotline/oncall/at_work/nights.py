"""Nights, by the clock on a wall: from when until when people should be let sleep, if anybody else can be rung."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hotline.model import StaffId
from hotline.oncall.wall_clock import moment, shown

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Night:
    """From when until when it is night, by the clock of a place; one that begins after midnight lies within a day."""

    begins: time
    ends: time
    place: ZoneInfo

    def __str__(self) -> str:
        return f"{self.begins:%H:%M} to {self.ends:%H:%M}"

    def of(self, day: date) -> tuple[datetime, datetime]:
        """The night that begins on this day: both ends in UTC."""
        after = day if self.ends > self.begins else day + _DAY
        begins, ends = datetime.combine(day, self.begins), datetime.combine(after, self.ends)
        return moment(begins, self.place), moment(ends, self.place)

    def last(self, at: datetime) -> tuple[datetime, datetime]:
        """The night that this moment (aware) is in, or else the last one before it: both ends in UTC."""
        today = shown(at, self.place).date()
        begun = moment(datetime.combine(today, self.begins), self.place) <= at
        return self.of(today if begun else today - _DAY)

    def holds(self, at: datetime) -> bool:
        """Whether a moment (aware) is in a night."""
        starts, ends = self.last(at)
        return starts <= at < ends


def spared(
    on: Mapping[str, tuple[StaffId, ...]], tired: Collection[StaffId], busy: Collection[StaffId] = ()
) -> dict[str, tuple[StaffId, ...]]:
    """Who is on by each name, without those who were rung so often tonight; but all of them where nobody else is whose
    phone can be had."""

    def awake(people: tuple[StaffId, ...]) -> tuple[StaffId, ...]:
        fresh = tuple(one for one in people if one not in tired)
        return fresh if any(one not in busy for one in fresh) else people

    return {name: awake(people) for name, people in on.items()}
