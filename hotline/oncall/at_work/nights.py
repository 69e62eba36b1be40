"""Nights, by the clock on a wall: from when until when people should be let sleep, if anybody else can be rung."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from hotline.model import StaffId
from hotline.oncall.wall_clock import moment, shown

_DAY = timedelta(days=1)


def last_night(at: datetime, place: ZoneInfo, begins: time, ends: time) -> tuple[datetime, datetime]:
    """The night that this moment (aware) is in, or else the last one before it: both ends in UTC."""
    today = shown(at, place).date()
    begun = moment(datetime.combine(today, begins), place) <= at
    day = today if begun else today - _DAY
    after = day if ends > begins else day + _DAY
    return moment(datetime.combine(day, begins), place), moment(datetime.combine(after, ends), place)


def spared(
    on: Mapping[str, tuple[StaffId, ...]], tired: Collection[StaffId], busy: Collection[StaffId] = ()
) -> dict[str, tuple[StaffId, ...]]:
    """Who is on by each name, without those who were rung so often tonight; but all of them where nobody else is whose
    phone can be had."""

    def awake(people: tuple[StaffId, ...]) -> tuple[StaffId, ...]:
        fresh = tuple(one for one in people if one not in tired)
        return fresh if any(one not in busy for one in fresh) else people

    return {name: awake(people) for name, people in on.items()}
