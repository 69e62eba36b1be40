"""One page of the reports, as every section gives it; and words that they share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from hotline.console import page_words
from hotline.console.reports.panels import Headline, Panel
from hotline.model import Language, Line
from hotline.store.reports.splits import By
from hotline.store.reports.waits import Percentiles

DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SPLITS: Final = {By.LINE: "line", By.HOUR: "hour", By.LANGUAGE: "language"}


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
            return "All"


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
