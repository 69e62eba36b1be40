"""When somebody wants to be rung, in their own few words: "tonight", "tmrw 9am", "en la tarde", "demen maten".

A message is a time only if every word of it belongs to one, or is small talk around one: "not tomorrow", "after the
funeral" and whatever else holds a word that isn't known here is for a person to read. Hours without a.m. or p.m. are
read as an hour of the day, never of the night; only who names the night is rung in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import Enum
from typing import Final

from hotline.lettering import folded
from hotline.model import Language
from hotline.triage.texts.time_words import FILLERS, GREETINGS, NUMBERS, PATTERNS, WEEKDAYS, Says

FARTHEST: Final = timedelta(days=7)
"""What is farther ahead is for a person to note."""
_DAY: Final = range(8, 21)
"""Hours in which nobody has to say that they mean it; `callbacks.daytime` says why these."""
_LEAST: Final = timedelta(minutes=30)
"""Who says "this afternoon" in the afternoon doesn't mean now, and needs so much of it to be left."""
_HALF_PAST: Final = re.compile(r"\bhalf past (\d{1,2})\b")
_TOLD_APART: Final = re.compile(r"\b(\d{1,2}) (15|30)\b(?! ?m)")
"""An hour and its minutes, as they are said: "four thirty"."""
_LONGEST: Final = 160
"""Letters; who writes more says more than a time."""


class PartOfDay(Enum):
    """A part of the day: when it begins and ends, by the caller's clock."""

    MORNING = (8, 12)
    NOON = (12, 13)
    AFTERNOON = (12, 17)
    EVENING = (17, 21)

    @property
    def is_late(self) -> bool:
        """Whether its hours are p.m."""
        return self is not PartOfDay.MORNING


@dataclass(frozen=True, slots=True)
class Understood:
    """A moment that the caller has named."""

    at: datetime
    """Aware, UTC, after now."""
    zone: tzinfo
    """In which it is told back to them."""
    meant: bool
    """They named the very moment: it holds even outside the daytime."""
    by_hour: bool = True
    """They named an hour, and not only a part of a day."""


@dataclass(frozen=True, slots=True)
class _Read:
    """What the words held."""

    day: int | None = None
    """Days from today."""
    weekday: int | None = None
    part: PartOfDay | None = None
    hour: int | None = None
    minute: int = 0
    late: bool | None = None
    """p.m. or a.m., if they said."""
    ahead: timedelta | None = None

    @property
    def says_when(self) -> bool:
        named = (self.weekday, self.part, self.hour, self.ahead)
        return any(one is not None for one in named) or bool(self.day)


def understood(
    words: str, now: datetime, zones: tuple[tzinfo, ...], language: Language = Language.EN
) -> Understood | None:
    """The moment that these words name, in the caller's zone; None if they name none, or more than that.

    `zones`: all that they may be in; the latest of the moments counts, so that it is no earlier anywhere. `language`:
    in which number words are read, for "de" is two in one and nothing in the others. Other words are read in all four.
    """
    read = _read(words, language)
    if read is None or not read.says_when:
        return None
    found = [one for zone in zones if (one := _moment(read, now, zone)) is not None]
    if len(found) < len(zones) or not found:
        return None
    latest = replace(
        max(found, key=lambda one: one.at), by_hour=read.hour is not None or read.ahead is not None
    )
    return latest if now < latest.at <= now + FARTHEST else None


# --- reading ---------------------------------------------------------------------------------------------------


def _read(words: str, language: Language) -> _Read | None:
    if len(words) > _LONGEST:
        return None
    text = _folded(words, language)
    read: _Read | None = _Read()
    at = 0
    while at < len(text) and read is not None:
        if text[at] == " ":
            at += 1
            continue
        found = next(_matches(text, at), None)
        if found is None:
            word = text[at:].split(" ", 1)[0]
            if word not in FILLERS:
                return None
            at += len(word)
            continue
        at, says, match = found
        read = _with(read, says, match)
    return read


def _folded(words: str, language: Language) -> str:
    bare = folded(words)
    bare = GREETINGS.sub(" ", bare.replace("i'll", "i will").replace("i’ll", "i will"))
    bare = re.sub(r"\b([ap])\.? ?m\b\.?", r"\1m", bare.replace("'", "").replace("’", ""))
    bare = re.sub(r"(?<=\d)\.(?=\d)", ":", bare)
    bare = re.sub(r"[^a-z0-9:\-–]+|(?<!\d):|:(?!\d)|(?<![\d ])-|-(?![\d ])", " ", bare).replace("–", "-")
    numbers = NUMBERS[language]
    in_figures = " ".join(numbers.get(word, word) for word in bare.split())
    return _HALF_PAST.sub(r"\1:30", _TOLD_APART.sub(r"\1:\2", in_figures))


def _matches(text: str, at: int) -> Iterator[tuple[int, Says, re.Match[str]]]:
    for says, pattern in PATTERNS:
        match = pattern.match(text, at)
        if match is not None:
            yield match.end(), says, match


def _with(read: _Read, says: Says, match: re.Match[str]) -> _Read | None:
    """What is known after these words too; None if they contradict what was said before."""
    match says:
        case Says.AHEAD:
            ahead = _ahead(match.groupdict())
            return None if read.ahead or ahead is None else replace(read, ahead=ahead)
        case Says.TODAY | Says.TOMORROW | Says.DAY_AFTER:
            day = {Says.TODAY: 0, Says.TOMORROW: 1, Says.DAY_AFTER: 2}[says]
            return None if read.day not in (None, day) else replace(read, day=day)
        case Says.WEEKDAY:
            weekday = WEEKDAYS[match["weekday"]]
            return None if read.weekday not in (None, weekday) else replace(read, weekday=weekday)
        case Says.TONIGHT | Says.THIS_AFTERNOON | Says.THIS_MORNING:
            part = {
                Says.TONIGHT: PartOfDay.EVENING,
                Says.THIS_AFTERNOON: PartOfDay.AFTERNOON,
                Says.THIS_MORNING: PartOfDay.MORNING,
            }[says]
            return replace(read, day=0, part=part) if read.day in (None, 0) and read.part is None else None
        case Says.MORNING | Says.NOON | Says.AFTERNOON | Says.EVENING:
            part = PartOfDay[says.name]
            return replace(read, part=part) if read.part in (None, part) else None
        case Says.HOUR:
            return _with_hour(read, match.groupdict())


def _ahead(given: Mapping[str, str | None]) -> timedelta | None:
    if given["half"] or given["half_hour"]:
        return timedelta(minutes=30)
    number = int(given["number"] or 1)
    length = timedelta(minutes=number) if given["minutes"] else timedelta(hours=number)
    return length if timedelta(0) < length <= FARTHEST else None


def _with_hour(read: _Read, given: Mapping[str, str | None]) -> _Read | None:
    hour, minute = int(given["hour"] or 0), int(given["minute"] or ("30" if given["half"] else "0"))
    if read.hour is not None or hour > 23 or minute > 59 or (hour == 0 and given["minute"] is None):
        return None
    meridiem = given["meridiem"] or given["until_meridiem"]
    if meridiem is None:
        return replace(read, hour=hour, minute=minute)
    late = "p" in meridiem
    if not 1 <= hour <= 12:
        # "18 pm" is the evening all the same; "18 am" is nothing.
        return replace(read, hour=hour, minute=minute) if late and hour > 12 else None
    return replace(read, hour=hour, minute=minute, late=late)


# --- the moment ------------------------------------------------------------------------------------------------


def _moment(read: _Read, now: datetime, zone: tzinfo) -> Understood | None:
    if read.ahead is not None:
        alone = read.hour is None and read.part is None and read.weekday is None and not read.day
        return Understood(now + read.ahead, zone, meant=True) if alone else None
    local = now.astimezone(zone)
    days = _days(read, local)
    if days is None:
        return None
    for day in days:
        for at, meant in _times(read, day, now, zone):
            if at > now:
                return Understood(at, zone, meant)
    return None


def _days(read: _Read, local: datetime) -> list[date] | None:
    today = local.date()
    if read.weekday is not None:
        ahead = (read.weekday - today.weekday()) % 7
        if read.day is not None and read.day != ahead:
            return None
        return [today + timedelta(days=ahead), today + timedelta(days=ahead + 7)]
    if read.day is not None:
        return [today + timedelta(days=read.day)]
    return [today, today + timedelta(days=1)]


def _times(read: _Read, day: date, now: datetime, zone: tzinfo) -> Iterator[tuple[datetime, bool]]:
    """The moments of this day that may be meant, the likeliest first, each with whether it was named as such."""
    if read.hour is None:
        begins, ends = (read.part or PartOfDay.MORNING).value
        start, end = _at(day, time(begins), zone), _at(day, time(ends), zone)
        if start > now:
            yield start, False
        elif now + 2 * _LEAST <= end:
            yield now + _LEAST, False
        return
    hours, meant = _hours(read)
    for hour in hours:
        later = day + timedelta(days=1) if hour >= 24 else day
        yield _at(later, time(hour % 24, read.minute), zone), meant or hour not in _DAY


def _hours(read: _Read) -> tuple[tuple[int, ...], bool]:
    """The hours of the day (24 and more: of the night after it) that may be meant, and whether they were named."""
    hour = read.hour or 0
    if read.late is not None:
        return ((hour % 12 + 12 * read.late,), True)
    if hour > 12 or hour == 0:
        return ((hour,), True)
    if read.part is PartOfDay.EVENING:
        # "12 at night" is midnight, and "2 at night" the small hours after it.
        return ((hour + 12 if 4 < hour < 12 else hour % 12 + 24,), True)
    if read.part is not None:
        return ((hour % 12 + 12 * read.part.is_late,) if hour != 12 else (12,), True)
    both = (hour % 12, hour % 12 + 12)
    by_day = tuple(one for one in both if one in _DAY)
    # Of a certain day that is half over, the other half is meant.
    return (by_day + tuple(one for one in both if one not in by_day) if read.day == 0 else by_day, False)


def _at(day: date, at: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


# --- telling it back -------------------------------------------------------------------------------------------

_MONTHS: Final = {
    Language.EN: "January February March April May June July August September October November December",
    Language.ES: "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    Language.PT: "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    Language.HT: "janvye fevriye mas avril me jen jiyè out septanm oktòb novanm desanm",
}


def told(
    at: datetime, now: datetime, zone: tzinfo, language: Language, *, aloud: bool = False
) -> tuple[str, tuple[tuple[str, str], ...]]:
    """How a moment is told to the caller: the prompt ("later_today", ...) and its values, by their own clock.

    `aloud`: as it is said on a telephone, without the letters of its zone.
    """
    local = at.astimezone(zone)
    values = (("TIME", _clock(local, language, aloud=aloud)),)
    match (local.date() - now.astimezone(zone).date()).days:
        case 0:
            return "later_today", values
        case 1:
            return "later_tomorrow", values
        case _:
            return "later_date", (("DATE", _date(local.date(), language, aloud=aloud)), *values)


def _clock(local: datetime, language: Language, *, aloud: bool) -> str:
    written = f"{local.hour % 12 or 12}:{local.minute:02} {'PM' if local.hour >= 12 else 'AM'}"
    if language is Language.PT:
        written = f"{local.hour}:{local.minute:02}"
    zone = "" if aloud else local.tzname() or ""
    return f"{written} {zone}" if zone.isascii() and zone.isalpha() else written


def _date(day: date, language: Language, *, aloud: bool) -> str:
    """Portuguese months have letters that would cost a second piece: in a text, numbers are usual there anyway."""
    if language is Language.PT and not aloud:
        return f"{day.day}/{day.month}"
    month = _MONTHS[language].split()[day.month - 1]
    match language:
        case Language.ES | Language.PT:
            return f"{day.day} de {month}"
        case Language.HT:
            return f"{day.day} {month}"
        case _:
            return f"{month} {day.day}"
