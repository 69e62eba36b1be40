"""``hotline report``: where callers were lost, how calls ended, how long it took to a human, which promises were kept.

Counted in the database, over the days until now; hours are those of the centre's time zone. No person is in it.
"""

import argparse
import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from hotline import paperwork
from hotline.model import Line, Outcome
from hotline.settings import Settings
from hotline.store import measures, waits
from hotline.store.database import Tx
from hotline.store.measures import DropOff, Ended, Period, Promises, Quarter, Reached
from hotline.store.waits import Waits

USUAL_DAYS: Final = 7
MOST_DAYS: Final = 3660
_IN_WORDS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_SHEET: Final = ("measure", "line", "language", "prompt", "outcome", "hour", "figure", "value", "unit")


@dataclass(frozen=True, slots=True)
class Figures:
    """What was counted in a period."""

    days: int
    period: Period
    zone: ZoneInfo
    ended: list[Ended]
    lost: list[DropOff]
    reached: list[Reached]
    live: list[Waits]
    rung_back: list[Waits]
    promises: list[Promises]
    quarters: list[Quarter]

    @property
    def calls(self) -> int:
        """How many came in."""
        return sum(one.calls for one in self.ended)


def days(written: str) -> int:
    """A number of days for the command line. Raises ArgumentTypeError."""
    if not written.isdecimal() or not 1 <= int(written) <= MOST_DAYS:
        raise argparse.ArgumentTypeError(f"must be a whole number of days, from 1 to {MOST_DAYS}")
    return int(written)


def report(environ: Mapping[str, str], days: int, *, as_csv: bool = False) -> str:
    """What the last days were like: as tables for people, or as one sheet. Raises SettingsProblems, StoreError."""

    def look(settings: Settings, tx: Tx, now: datetime) -> str:
        figures = count(tx, now, days, ZoneInfo(settings.centre.line.timezone))
        return sheet(figures) if as_csv else told(figures)

    return paperwork.look(environ, look)


def count(tx: Tx, now: datetime, days: int, zone: ZoneInfo) -> Figures:
    """Everything that the report tells, of the `days` times 24 hours before `now`."""
    period = Period(now - timedelta(days=days), now)
    return Figures(
        days=days,
        period=period,
        zone=zone,
        ended=measures.outcomes(tx, period),
        lost=measures.drop_offs(tx, period),
        reached=measures.reached(tx, period),
        live=waits.live(tx, period),
        rung_back=waits.rung_back(tx, period),
        promises=measures.promises(tx, period),
        quarters=measures.quarters(tx, period),
    )


# --- for people ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Table:
    """What is to be read together. The first `names` columns are words, the others numbers."""

    title: str
    heads: Sequence[str]
    names: int
    rows: Sequence[Sequence[str]]

    def __str__(self) -> str:
        widths = [max(map(len, column)) for column in zip(self.heads, *self.rows, strict=True)]
        lines = (self._line(row, widths) for row in (self.heads, *self.rows))
        return "\n".join((self.title, *lines))

    def _line(self, row: Sequence[str], widths: Sequence[int]) -> str:
        cells = (
            cell.ljust(width) if n < self.names else cell.rjust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        return f"  {'  '.join(cells)}".rstrip()


def told(figures: Figures) -> str:
    """The report for people, in aligned tables; what is empty is left out."""
    several = figures.days > 1
    number = _IN_WORDS[figures.days] if figures.days < len(_IN_WORDS) else str(figures.days)
    lately = f"these {number} days" if several else "this day"
    calls = figures.calls
    if not calls and not figures.promises and not figures.rung_back:
        return f"No calls in {lately}."
    came = f"{calls} call{'' if calls == 1 else 's'}" if calls else "No calls"
    first, last = (at.astimezone(figures.zone) for at in (figures.period.since, figures.period.until))
    span = f"{first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M}, {figures.zone.key}"
    tables = [table for table in _tables(figures) if table.rows]
    return "\n\n".join((f"{came} in {lately} ({span}).", *map(str, tables)))


def _tables(figures: Figures) -> Iterator[_Table]:
    calls = figures.calls
    ended = _sums((one.outcome, one.calls) for one in figures.ended)
    yield _Table(
        "How calls ended",
        ("outcome", "calls", "share"),
        1,
        [(_outcome(outcome), str(n), _share(n, calls)) for outcome, n in ended],
    )
    yield _Table(
        "Where callers were lost: the last words they heard before a human or a promise",
        ("prompt", "language", "line", "calls", "share"),
        3,
        [
            (one.prompt or "none", one.language, _line(one.line), str(one.calls), _share(one.calls, calls))
            for one in figures.lost
        ],
    )
    yield _Table(
        "Who came to a human: on the call, or later when rung back",
        ("line", "calls", "live", "share", "later", "share", "abandoned", "share"),
        1,
        [_reached(one) for one in figures.reached],
    )
    yield _Table(
        "Time to a human, in minutes: half of them within, 90 % and 99 % of them within",
        ("line", "how", "people", "half", "90 %", "99 %"),
        2,
        [
            (_line(one.line), how, str(one.people), *(_minutes(at) for at in (one.p50, one.p90, one.p99)))
            for how, found in (("live", figures.live), ("rung back", figures.rung_back))
            for one in found
        ],
    )
    yield _Table(
        "Promises to ring back",
        ("line", "kept", "late", "waiting", "kept of due"),
        1,
        [
            (one.line, str(one.kept), str(one.late), str(one.waiting), _share(one.kept, one.kept + one.late))
            for one in figures.promises
        ],
    )
    yield _by_hour(figures)


def _by_hour(figures: Figures) -> _Table:
    outcomes = [outcome for outcome, _ in _sums((one.outcome, one.calls) for one in figures.quarters)]
    hours = _hours(figures)
    return _Table(
        "Calls by the hour of the day in which they began",
        ("hour", "calls", *map(_outcome, outcomes)),
        1,
        [
            (
                f"{hour:02}:00",
                str(sum(hours[hour, outcome] for outcome in outcomes)),
                *(str(hours[hour, outcome] or "-") for outcome in outcomes),
            )
            for hour in sorted({hour for hour, _ in hours})
        ],
    )


def _hours(figures: Figures) -> Counter[tuple[int, Outcome | None]]:
    hours: Counter[tuple[int, Outcome | None]] = Counter()
    for one in figures.quarters:
        hours[one.at.astimezone(figures.zone).hour, one.outcome] += one.calls
    return hours


def _reached(one: Reached) -> tuple[str, ...]:
    counts = (one.live, one.later, one.abandoned)
    shares = ((str(n), _share(n, one.calls)) for n in counts)
    return (_line(one.line), str(one.calls), *(cell for pair in shares for cell in pair))


def _sums(found: Iterable[tuple[Outcome | None, int]]) -> list[tuple[Outcome | None, int]]:
    sums: Counter[Outcome | None] = Counter()
    for outcome, n in found:
        sums[outcome] += n
    return sums.most_common()


def _outcome(outcome: Outcome | None) -> str:
    return outcome.replace("_", " ") if outcome else "not over"


def _line(line: Line | None) -> str:
    return line or "none"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "-"


def _minutes(wait: timedelta) -> str:
    """Rounded up to the second."""
    seconds = -(-wait // timedelta(seconds=1))
    return f"{seconds // 60}:{seconds % 60:02}"


# --- for spreadsheets ------------------------------------------------------------------------------------------


def sheet(figures: Figures) -> str:
    """The same figures as CSV, one a row; columns that don't apply are empty."""
    page = io.StringIO()
    rows = csv.DictWriter(page, _SHEET, restval="")
    rows.writeheader()
    rows.writerows(_figures(figures))
    return page.getvalue()


def _figures(figures: Figures) -> Iterator[dict[str, object]]:
    for ended in figures.ended:
        yield {
            "measure": "ended",
            "line": ended.line,
            "language": ended.language,
            "outcome": ended.outcome,
            **_calls("calls", ended.calls),
        }
    for lost in figures.lost:
        yield {
            "measure": "lost",
            "line": lost.line,
            "language": lost.language,
            "prompt": lost.prompt,
            **_calls("calls", lost.calls),
        }
    for reached in figures.reached:
        for name, n in (("live", reached.live), ("later", reached.later), ("abandoned", reached.abandoned)):
            yield {"measure": "reached", "line": reached.line, **_calls(name, n)}
    for how, found in (("time_live", figures.live), ("time_rung_back", figures.rung_back)):
        for one in found:
            yield {"measure": how, "line": one.line, **_calls("people", one.people)}
            for name, wait in (("p50", one.p50), ("p90", one.p90), ("p99", one.p99)):
                seconds = f"{wait.total_seconds():.3f}"
                yield {"measure": how, "line": one.line, "figure": name, "value": seconds, "unit": "seconds"}
    for owed in figures.promises:
        for name, n in (("kept", owed.kept), ("late", owed.late), ("waiting", owed.waiting)):
            yield {"measure": "promises", "line": owed.line, **_calls(name, n)}
    for (hour, outcome), n in sorted(
        _hours(figures).items(), key=lambda item: (item[0][0], item[0][1] or "")
    ):
        yield {"measure": "by_hour", "outcome": outcome, "hour": hour, **_calls("calls", n)}


def _calls(name: str, n: int) -> dict[str, object]:
    return {"figure": name, "value": n, "unit": "count"}
