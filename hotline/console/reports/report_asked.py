"""What a report is asked for, read from the address: its days, its line, and whether it is to leave the house."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from hotline.console.language.speech import Words, gettext
from hotline.model import Line
from hotline.operations.reports import report_period
from hotline.operations.reports.enough_people import Aim
from hotline.operations.reports.report_period import NoSuchPeriod, ReportDays

WEEK, FOUR_WEEKS, MONTH, DAYS = "7", "28", "month", "days"
SPANS: Final[Mapping[str, str]] = Words(
    {
        WEEK: "Last 7 days",
        FOUR_WEEKS: "Last 28 days",
        MONTH: "A month",
        DAYS: "From day to day",
    }
)
_SHARE, _WITHIN, _WRITING_UP = 90, timedelta(seconds=20), timedelta(minutes=5)
_MONTH: Final = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class ReportWish:
    """What was chosen, as it is shown in the form again."""

    asked: ReportDays
    span: str
    month: str
    outside: bool
    wrong: str = ""
    """What is wrong with what was typed; the last seven days are shown instead."""

    @property
    def address(self) -> dict[str, str]:
        """The same, for another page of the reports."""
        asked = self.asked
        chosen = {"span": self.span}
        if self.span == MONTH:
            chosen["month"] = self.month
        if self.span == DAYS:
            chosen |= {"first": str(asked.first), "last": str(asked.last)}
        return chosen | ({"line": asked.line.value} if asked.line else {})


def read(given: Mapping[str, str], now: datetime, zone: ZoneInfo) -> ReportWish:
    """What the address says; what can't be read is said, and the last seven days taken."""
    line = next((one for one in Line if one.value == given.get("line")), None)
    span = given.get("span", WEEK)
    outside = given.get("for") == "outside"
    this_month = f"{now.astimezone(zone):%Y-%m}"
    month = given.get("month") or this_month
    try:
        asked, wrong = _asked(span, month, given, now, zone, line), ""
    except (NoSuchPeriod, ValueError) as error:
        own = isinstance(error, NoSuchPeriod)
        wrong = (
            str(error)
            if own
            else gettext("That is no day or month: choose them, or write them as 2026-03-09.")
        )
        asked, span, month = report_period.last_days(7, now, zone, line), WEEK, this_month
    return ReportWish(asked, span, month, outside, wrong)


def _asked(
    span: str, month: str, given: Mapping[str, str], now: datetime, zone: ZoneInfo, line: Line | None
) -> ReportDays:
    match span:
        case "7" | "28":
            return report_period.last_days(int(span), now, zone, line)
        case "month":
            found = _MONTH.fullmatch(month)
            if found is None:
                raise ValueError(month)
            return report_period.month(int(found[1]), int(found[2]), now, zone, line)
        case "days":
            first, last = (date.fromisoformat(given.get(name, "")) for name in ("first", "last"))
            return report_period.from_to(first, last, now, zone, line)
        case _:
            raise ValueError(span)


def aim(given: Mapping[str, str], usual_wait: timedelta) -> Aim:
    """What is to be kept, as chosen; else nine of ten callers within `usual_wait`."""
    within = _number(given.get("within"), 1, 3600)
    writing = _number(given.get("writing"), 0, 60)
    share = _number(given.get("share"), 50, 99)
    return Aim(
        (share or _SHARE) / 100,
        timedelta(seconds=within) if within else usual_wait or _WITHIN,
        timedelta(minutes=writing) if writing is not None else _WRITING_UP,
    )


def _number(given: str | None, least: int, most: int) -> int | None:
    if given is None or not given.isdecimal() or not least <= int(given) <= most:
        return None
    return int(given)
