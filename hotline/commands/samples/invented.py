"""Invented calls: who called when, what they wanted, and what came of it. The same for the same days. Pure.

The numbers are made up, in about the proportions that admissions lines report: a third of the calls come at night or
at the weekend, and more of those are lost; Mondays are the busiest. No person stands behind any of it: the telephone
numbers are of the ranges that were set aside for films and examples (555-0100 to 555-0199).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from random import Random  # noqa: TID251 - seeded by the day: the same each time
from typing import Final
from zoneinfo import ZoneInfo

from hotline.model import Language, Line, Outcome, PhoneNumber

_BY_HOUR: Final = (4, 3, 2, 2, 2, 3, 5, 9, 16, 24, 28, 27, 24, 26, 28, 27, 25, 22, 20, 19, 17, 14, 10, 6)
_BY_WEEKDAY: Final = (1.35, 1.15, 1.05, 1.0, 1.05, 0.75, 0.65)
_CALLS_A_DAY: Final = 44
_AREAS: Final = ("857", "781", "339", "508", "774", "978", "351", "413")
"""Of Massachusetts, but for 617: those numbers are the demo's own phones."""


class Fate(StrEnum):
    """What became of a call or a text, as it is drawn."""

    LEFT = "left"
    """Hung up at the menu."""
    LIVE = "live"
    GAVE_UP = "gave_up"
    """Hung up while they waited, with their number withheld: nobody can ring them back."""
    PROMISED = "promised"
    """Hung up, or chose so, with a promise to be rung back."""
    EMERGENCY = "emergency"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class InventedStory:
    """One invented contact. Times are UTC."""

    n: int
    at: datetime
    fate: Fate
    line: Line | None
    language: Language
    number: PhoneNumber
    wait: timedelta
    """Until a human was there, or until they gave up; of a promise, until their phone rang."""
    talk: timedelta
    late: bool
    """The promise was not kept in time."""
    outcome: Outcome | None
    """Of the talk, as somebody said."""
    far: bool
    """The intake is more than 48 hours away."""
    came: bool
    lot: float
    """Between 0 and 1, for whatever else is to differ."""


def invented(first: date, last: date, zone: ZoneInfo) -> Iterator[InventedStory]:
    """The stories of these days, both included, in the order in which they began."""
    n, day = 0, first
    while day <= last:
        lots = Random(f"sample months, {day}")  # noqa: S311 - nothing is secret here
        moments = sorted(_moments(day, zone, lots))
        for at in moments:
            n += 1
            yield _story(n, at, at.astimezone(zone), lots)
        day += timedelta(days=1)


def _moments(day: date, zone: ZoneInfo, lots: Random) -> Iterator[datetime]:
    for hour, weight in enumerate(_BY_HOUR):
        expected = _CALLS_A_DAY * _BY_WEEKDAY[day.weekday()] * weight / sum(_BY_HOUR)
        for _ in range(_poisson(expected, lots)):
            minute, second = lots.randrange(60), lots.randrange(60)
            yield datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=zone).astimezone(UTC)


def _poisson(expected: float, lots: Random) -> int:
    """Knuth's way: how many there are in an hour with so many on average."""
    limit, product, found = math.exp(-expected), lots.random(), 0
    while product > limit:
        product *= lots.random()
        found += 1
    return found


def _story(n: int, at: datetime, local: datetime, lots: Random) -> InventedStory:
    quiet = local.hour < 8 or local.hour >= 20 or local.weekday() >= 5
    fates = (Fate.LEFT, Fate.LIVE, Fate.GAVE_UP, Fate.PROMISED, Fate.EMERGENCY, Fate.TEXT)
    (fate,) = lots.choices(fates, (13, 30, 8, 33, 7, 9) if quiet else (9, 55, 4, 18, 5, 9))
    chosen = lots.choices((Line.ADMISSIONS, Line.FAMILY, Line.PERSON), (64, 24, 12))[0]
    line = Line.EMERGENCY if fate is Fate.EMERGENCY else None if fate is Fate.LEFT else chosen
    seconds = {
        Fate.LIVE: 8 + lots.expovariate(1 / (26 if quiet else 14)),
        Fate.GAVE_UP: 15 + lots.expovariate(1 / 70),
        Fate.PROMISED: 60 * (2 + lots.expovariate(1 / (7 if quiet else 4))),
        Fate.EMERGENCY: 10 + lots.expovariate(1 / 18),
    }.get(fate, 30.0)
    late = fate is Fate.PROMISED and lots.random() < (0.14 if quiet else 0.05)
    outcomes = (
        Outcome.REACHED,
        Outcome.BOOKED_INTAKE,
        Outcome.NOT_ADMITTED,
        Outcome.REFERRED,
        Outcome.DECLINED,
    )
    weights = (46, 33, 8, 10, 3) if line is Line.ADMISSIONS else (80, 2, 0, 14, 4)
    far = lots.random() < 0.35
    return InventedStory(
        n=n,
        at=at,
        fate=fate,
        line=line,
        language=lots.choices(tuple(Language), (80, 11, 6, 3))[0],
        number=PhoneNumber(f"+1{lots.choice(_AREAS)}55501{lots.randrange(100):02}"),
        wait=timedelta(seconds=round(min(seconds, 1500) + (1200 if late else 0))),
        talk=timedelta(seconds=round(120 + lots.gammavariate(2.2, 190))),
        late=late,
        outcome=lots.choices(outcomes, weights)[0],
        far=far,
        came=lots.random() < (0.52 if far else 0.72),
        lot=lots.random(),
    )
