"""One page of the reports, as every section gives it; and words that they share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from hotline.console import page_words
from hotline.console.language import dates
from hotline.console.language.speech import Words, gettext
from hotline.console.reports.panels import Headline, Panel
from hotline.model import Language, Line
from hotline.store.reports.splits import By
from hotline.store.reports.waits import Percentiles

SPLITS: Final[Mapping[By, str]] = Words({By.LINE: "line", By.HOUR: "hour", By.LANGUAGE: "language"})
_VALUES: Final = Words(
    {
        "kept": "kept",
        "late": "late",
        "waiting": "waiting",
        "withdrawn": "withdrawn",
        "replaced": "replaced",
        "emergency": "emergency",
        "reached": "reached",
        "agreed": "agreed",
        "ended": "ended",
        "no calls": "no calls",
        "declined": "declined",
        "not asked": "not asked",
        "offered": "offered",
        "came": "came",
        "missed": "missed",
        "cancelled": "cancelled",
        "unsaid": "unsaid",
        "ahead": "ahead",
        "no answer": "no answer",
        "busy": "busy",
        "left message": "left message",
        "somebody else": "somebody else",
        "machine": "machine",
        "called off": "called off",
        "wrong number": "wrong number",
        "not in service": "not in service",
        "call later": "call later",
        "booked intake": "booked intake",
        "not admitted": "not admitted",
        "referred": "referred",
        "asked to stop": "asked to stop",
        "settled": "settled",
        "merged": "merged",
        "taken back": "taken back",
        "callback": "callback",
        "left early": "left early",
        "staff line": "staff line",
        "blocked": "blocked",
        "unreachable": "unreachable",
        "opted out": "opted out",
        "quiet": "quiet",
        "not over": "not over",
        "none": "none",
        "nobody rung": "nobody rung",
        "rung, nobody took it": "rung, nobody took it",
        "taken, not called in time": "taken, not called in time",
    }
)
"""What something became, by its own word for it."""
_MONDAY: Final = date(2026, 3, 2)


@dataclass(frozen=True, slots=True)
class Section:
    """What one page tells."""

    headlines: Sequence[Headline]
    panels: Sequence[Panel]
    note: str = ""
    """What it was reckoned with."""


def named(by: By, value: str | None) -> str:
    """A line, an hour or a language, as it is read."""
    match by:
        case By.LINE:
            return page_words.LINES[Line(value) if value else None]
        case By.HOUR:
            return f"{int(value or 0):02}:00"
        case By.LANGUAGE:
            return page_words.LANGUAGES[Language(value or "en")]
        case By.ALL:
            return gettext("All")


def days() -> list[str]:
    """The days of the week, as in "Mon"."""
    return [dates.short_day(_MONDAY + timedelta(days=number)) for number in range(7)]


def word(value: str) -> str:
    """What something became, as it is read: "no answer"."""
    english = value.replace("_", " ")
    return _VALUES.get(english, english)


def in_order(by: By, values: Iterable[str | None]) -> list[str | None]:
    """Hours by the clock, all else by its name."""
    if by is By.HOUR:
        return sorted(set(values), key=lambda one: int(one or 0))
    return sorted(set(values), key=lambda one: named(by, one))


def minutes(wait: timedelta) -> float:
    """For a plot."""
    return round(wait / timedelta(minutes=1), 2)


def whole(found: Sequence[Percentiles]) -> Percentiles | None:
    """The one that isn't split."""
    return found[0] if found else None


def share(part: int, of: int) -> float | None:
    """A part of a whole; None: of nothing."""
    return part / of if of else None
