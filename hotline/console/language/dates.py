"""Days and times by the wall's clock of a place, as the page's language says them; the clock itself has 24 hours."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from babel.dates import get_day_names, get_month_names

from hotline.console.language import speech
from hotline.console.language.speech import gettext
from hotline.model import Language


def short_day(day: date) -> str:
    """The day of the week, as in "Sat"."""
    return _days(speech.language(), "abbreviated")[day.weekday()]


def long_day(day: date) -> str:
    """The same in full: "Saturday"."""
    return _days(speech.language(), "wide")[day.weekday()]


def short_month(day: date) -> str:
    """The month, as in "Dec"."""
    return _months(speech.language(), "abbreviated")[day.month - 1]


def long_month(day: date) -> str:
    """The same in full: "December"."""
    return _months(speech.language(), "wide")[day.month - 1]


def clock(at: datetime, place: ZoneInfo, now: datetime | None = None) -> str:
    """A time, as in "14:05"; with its weekday, if it isn't today at `now`, and with its date, too, if it is a week or
    more away: its weekday would be taken for a nearer one."""
    there = at.astimezone(place)
    days = abs((there.date() - now.astimezone(place).date()).days) if now is not None else 0
    if days >= 7:
        return day_clock(at, place)
    if days:
        return f"{short_day(there)} {there:%H:%M}"
    return f"{there:%H:%M}"


def day_clock(at: datetime, place: ZoneInfo) -> str:
    """A day and a time, as in "Sat 5 Dec 19:00"."""
    there = at.astimezone(place)
    return f"{short_day(there)} {there.day} {short_month(there)} {there:%H:%M}"


def span(starts: datetime, ends: datetime, place: ZoneInfo) -> str:
    """From when until when, as in "Sat 5 Dec 07:00-19:00"; an end on another day with that."""
    here, then = starts.astimezone(place), ends.astimezone(place)
    end = f"{then:%H:%M}" if then.date() == here.date() else day_clock(ends, place)
    return f"{day_clock(starts, place)}-{end}"


def whole_day(day: date) -> str:
    """A day without its year, as in "Saturday 5 December"."""
    return gettext("%(weekday)s %(day)s %(month)s", weekday=long_day(day), day=day.day, month=long_month(day))


def full(at: datetime, place: ZoneInfo) -> str:
    """The whole date and time, as in "Saturday 5 December 2026, 19:00:00 EST"."""
    there = at.astimezone(place)
    return f"{whole_day(there)} {there:%Y, %H:%M:%S %Z}"


@cache
def _days(language: Language, width: str) -> tuple[str, ...]:
    names = get_day_names(width, locale=language.value)  # type: ignore[arg-type]
    return tuple(names[number] for number in range(7))


@cache
def _months(language: Language, width: str) -> tuple[str, ...]:
    names = get_month_names(width, locale=language.value)  # type: ignore[arg-type]
    return tuple(names[number] for number in range(1, 13))
