"""The wall's clock of a place: which moment it is when it shows a time, also where it leaps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hotline.worded import joined, worded

_SECOND = timedelta(seconds=1)
_DAYS: Final = (
    worded("Mon"),
    worded("Tue"),
    worded("Wed"),
    worded("Thu"),
    worded("Fri"),
    worded("Sat"),
    worded("Sun"),
)
_MONTHS: Final = (
    worded("Jan"),
    worded("Feb"),
    worded("Mar"),
    worded("Apr"),
    worded("May"),
    worded("Jun"),
    worded("Jul"),
    worded("Aug"),
    worded("Sep"),
    worded("Oct"),
    worded("Nov"),
    worded("Dec"),
)
"""As a page's own dates have them, in each language."""


@lru_cache(maxsize=256)
def zone(name: str) -> ZoneInfo:
    """The IANA zone of this name. Raises ValueError, in an operator's words, if there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        problem = f"timezone: {name!r} is no time zone; write one such as America/New_York"
        raise ValueError(problem) from None


def shown(moment: datetime, place: ZoneInfo) -> datetime:
    """What the wall's clock shows at this moment, without a zone. Raises ValueError for a naive `moment`."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(place).replace(tzinfo=None, fold=0)


def said(at: datetime, place: ZoneInfo) -> str:
    """A day and a time by the wall's clock, as in "Sat 5 Dec 19:00"."""
    here = shown(at, place)
    day, month = _DAYS[here.weekday()], _MONTHS[here.month - 1]
    return joined((day, str(here.day), month, f"{here:%H:%M}"))


def said_span(starts: datetime, ends: datetime, place: ZoneInfo) -> str:
    """From when until when by the wall's clock, as in "Sat 5 Dec 07:00-19:00"; an end on another day with that."""
    here, then = shown(starts, place), shown(ends, place)
    end = f"{then:%H:%M}" if then.date() == here.date() else said(ends, place)
    return joined((said(starts, place), end), "-")


@lru_cache(maxsize=65536)
def moment(shows: datetime, place: ZoneInfo) -> datetime:
    """The first moment (UTC) at which the wall's clock shows this time, or a later one.

    So a time that comes twice, when clocks are set back, is the first of the two; one that never comes, when clocks are
    set forward, is the moment of the leap; and a later time on the wall is never an earlier moment. Raises ValueError
    for a time that has a zone.
    """
    if shows.tzinfo is not None:
        raise ValueError("what a wall's clock shows has no time zone")
    here = shows.replace(tzinfo=place, fold=0)
    first = here.astimezone(UTC)
    if shown(first, place) == shows:
        return first
    late, early = first, here.replace(fold=1).astimezone(UTC)
    while late - early > _SECOND:
        middle = early + (late - early) // 2
        early, late = (middle, late) if shown(middle, place) < shows else (early, middle)
    return late.replace(microsecond=0)
