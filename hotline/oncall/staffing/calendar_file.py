"""Shifts as iCalendar (RFC 5545): written for people's own calendars, and read from a schedule kept elsewhere.

What is written holds schedules and names of the staff, and nothing else that Hotline knows.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar as ICalendar
from icalendar import Event as IEvent
from recurring_ical_events import InvalidCalendar

from hotline.lettering import folded_name
from hotline.model import StaffId
from hotline.oncall.wall_clock import moment, said

_PRODUCT: Final = "-//Hotline//On call//EN"
_READ_AGAIN: Final = timedelta(hours=1)
_OTHERS: Final = ("VTODO", "VJOURNAL", "VFREEBUSY")
_MOST: Final = 2000
"""Events of one file, their repeats counted: more is no schedule of people."""


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One event to be written; both ends UTC."""

    key: str
    """The same each time it is written."""
    starts: datetime
    ends: datetime
    title: str


def written(name: str, entries: Iterable[CalendarEntry], stamp: datetime) -> bytes:
    """A calendar of this name. The same entries and `stamp` (UTC) are the same bytes."""
    calendar = ICalendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", _READ_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for one in entries:
        event = IEvent()
        event.add("uid", f"{hashlib.sha256(one.key.encode()).hexdigest()[:32]}@hotline")
        event.add("dtstamp", stamp)
        event.add("dtstart", one.starts.astimezone(UTC))
        event.add("dtend", one.ends.astimezone(UTC))
        event.add("summary", one.title)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


@dataclass(frozen=True, slots=True)
class ReadShift:
    """Somebody's shift as a calendar has it; both ends UTC."""

    person: StaffId
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class CalendarRead:
    """What a calendar says of people's shifts."""

    shifts: tuple[ReadShift, ...]
    """In order, each once."""
    not_understood: tuple[str, ...]
    """What was left out, and why, in words."""


def read(
    text: str, people: Mapping[str, StaffId], place: ZoneInfo, start: datetime, end: datetime
) -> CalendarRead:
    """The shifts from `start` until before `end` (both aware), repeats written out.

    An event is of whoever on the staff its title names, else of those whom it invites (`people`: ids by name). Whole
    days, and times without a zone, are by the clock of `place`. Raises ValueError, in an operator's words, for what is
    no calendar.
    """
    try:
        calendar = ICalendar.from_ical(text)
    except ValueError as broken:
        raise ValueError(f"it is no calendar in the form of iCalendar (.ics): {broken}") from None
    if calendar.name != "VCALENDAR":
        raise ValueError("it is no calendar in the form of iCalendar (.ics): no VCALENDAR in it")
    known = {folded_name(name): person for name, person in people.items()}
    shifts: list[ReadShift] = []
    wrong: list[str] = list(_other_things(calendar))
    span = place, start.astimezone(UTC), end.astimezone(UTC)
    try:
        found = list(_events(calendar, *span, all_of_it=True))
    except InvalidCalendar as broken:
        found = list(_events(calendar, *span, all_of_it=False))
        wrong.append(f"an event or a series that can't be ({broken}): it is left out")
    except (
        TypeError,
        AttributeError,
        KeyError,
    ) as broken:  # what the library meets in files that nobody checked
        raise ValueError("an event in it can't be read") from broken
    for event in found:
        title = str(event.get("SUMMARY", "")).strip() or "(no title)"
        begins, ends = _time(event, "DTSTART", place), _end(event, place)
        where = f'"{title}", {said(begins, place)}' if begins is not None else f'"{title}"'
        named = [known[one] for one in _named(event, known)]
        if begins is None or ends is None or ends <= begins:
            wrong.append(f"{where}: it has no beginning, or no end after it")
        elif str(event.get("STATUS", "")).upper() == "CANCELLED":
            wrong.append(f"{where}: it is cancelled")
        elif not named:
            wrong.append(f"{where}: it names nobody on the staff")
        elif ends > start:
            shifts += [ReadShift(person, begins, ends) for person in named]
    return CalendarRead(tuple(sorted(set(shifts), key=_order)), tuple(dict.fromkeys(wrong)))


def _order(one: ReadShift) -> tuple[datetime, datetime, StaffId]:
    return one.starts, one.ends, one.person


def _other_things(calendar: Any) -> Iterator[str]:
    found = Counter(one.name for one in calendar.walk() if one.name in _OTHERS)
    for name, times in found.items():
        yield f"{times} {name}: only events (VEVENT) are shifts"


def _events(
    calendar: Any, place: ZoneInfo, start: datetime, end: datetime, *, all_of_it: bool
) -> Iterator[Any]:
    """Every event of this time, repeats written out, in order; no more than a schedule of people has."""
    occurrences = recurring_ical_events.of(calendar, skip_bad_series=not all_of_it)
    for number, event in enumerate(occurrences.after(start)):
        begins = _time(event, "DTSTART", place)
        if begins is not None and begins >= end:
            return
        if number >= _MOST:
            raise ValueError(f"it has more than {_MOST} events: import a shorter time")
        yield event


def _named(event: Any, known: Mapping[str, StaffId]) -> list[str]:
    """Whom the title names; else who is invited by a name."""
    title = f" {folded_name(_plain(str(event.get('SUMMARY', ''))))} "
    named = [name for name in known if f" {name} " in title]
    # "Ana" is not meant where "Ana Lima" is written.
    named = [one for one in named if not any(one != other and f" {one} " in f" {other} " for other in named)]
    return named or [name for name in _invited(event) if name in known]


def _plain(title: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "'-" else " " for letter in title)


def _invited(event: Any) -> list[str]:
    given = event.get("ATTENDEE", [])
    each = given if isinstance(given, list) else [given]
    return [folded_name(str(one.params.get("CN", ""))) for one in each if hasattr(one, "params")]


def _time(event: Any, key: str, place: ZoneInfo) -> datetime | None:
    found = event.get(key)
    return None if found is None else _moment(found.dt, place)


def _end(event: Any, place: ZoneInfo) -> datetime | None:
    """An event without an end lasts as long as it says, or, if it is of days, its day."""
    end = _time(event, "DTEND", place)
    if end is not None:
        return end
    begins, lasts = event.get("DTSTART"), event.get("DURATION")
    if begins is None:
        return None
    if lasts is not None:
        return _moment(begins.dt + lasts.dt, place)
    return None if isinstance(begins.dt, datetime) else _moment(begins.dt + timedelta(days=1), place)


def _moment(given: date, place: ZoneInfo) -> datetime:
    if not isinstance(given, datetime):
        return moment(datetime(given.year, given.month, given.day), place)
    return given.astimezone(UTC) if given.tzinfo is not None else moment(given, place)
