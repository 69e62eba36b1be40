"""The caller's own day: which zones their number may be in, and when it is a decent hour in all of them.

An area code may lie in two zones. It is daytime for its callers only when it is daytime in both.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from phonenumbers import timezone

from hotline.model import PhoneNumber, When

DAY_STARTS: Final = time(8)
DAY_ENDS: Final = time(21)
"""Nobody is tried outside [08:00, 21:00) of their own day, unless they asked for now: the hours in which the FCC
lets anybody ring a home at all (47 CFR 64.1200(c)(1))."""

Zones = tuple[tzinfo, ...]
"""One or more; all that a number may be in."""

_MOST: Final = 4
"""More zones than any area code lies in: such a number (toll-free, say) belongs to no place."""
_TIMES: Final = {
    When.AFTERNOON: (time(12), time(17)),
    When.EVENING: (time(17), DAY_ENDS),
    When.MORNING: (DAY_STARTS, time(12)),
}
_NIGHT: Final = timedelta(hours=4)
"""So long after midnight it is still yesterday to whoever is awake."""
_LEAST: Final = timedelta(hours=1)
"""A time of day is offered as long as this much of it is left."""


def zones_of(number: PhoneNumber, fallback: tzinfo) -> Zones:
    """The zones that the number's area code lies in; `fallback` for one that belongs to no place."""
    try:
        names = timezone.time_zones_for_number(phonenumbers.parse(number.e164))
        zones = tuple(ZoneInfo(name) for name in names if name != timezone.UNKNOWN_TIMEZONE)
    except (phonenumbers.NumberParseException, ZoneInfoNotFoundError):
        return (fallback,)
    return zones if 0 < len(zones) <= _MOST else (fallback,)


def in_daytime(at: datetime, zones: Zones) -> datetime:
    """`at` itself if it is daytime in every zone, else the first moment after it that is; in UTC."""
    for _ in range(2 * len(zones) + 1):
        moved = max(_in_day_of(at, zone) for zone in zones)
        if moved == at:
            break
        at = moved
    return at


def _in_day_of(at: datetime, zone: tzinfo) -> datetime:
    local = at.astimezone(zone)
    if DAY_STARTS <= local.time() < DAY_ENDS:
        return at
    day = local.date() if local.time() < DAY_STARTS else local.date() + timedelta(days=1)
    return _moment(day, DAY_STARTS, zone)


def offered_times(now: datetime, zones: Zones) -> tuple[When, ...]:
    """What is still ahead of the caller's day, and always the next morning; the soonest first."""
    starts = {when: start_of(when, now, zones) for when in _TIMES}
    ahead = {when: start for when, start in starts.items() if start is not None}
    return tuple(sorted(ahead, key=ahead.__getitem__))


def start_of(when: When, now: datetime, zones: Zones) -> datetime | None:
    """When that time of day begins in every zone (UTC): `now` if it has begun; None if too little of it is left."""
    if when is When.NOW:
        return now
    begins, ends = _TIMES[when]
    if when is When.MORNING:
        # Somebody who can't sleep means the coming one.
        day = min((now - _NIGHT).astimezone(zone).date() for zone in zones) + timedelta(days=1)
    else:
        day = min(now.astimezone(zone).date() for zone in zones)
    start = max(_moment(day, begins, zone) for zone in zones)
    end = min(_moment(day, ends, zone) for zone in zones)
    start = max(start, now)
    return start if start + _LEAST <= end else None


def _moment(day: date, at: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
