"""What a report is made of: panels, each one table that may be drawn, too; and a panel as it may leave the house."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from hotline.console.language.speech import gettext, ngettext
from hotline.console.reports import suppression

Value = str | int | float | timedelta | None
HIDDEN: Final = "hidden"
"""In place of a count that would point at a few people, and of what could give it away."""


class CellKind(StrEnum):
    """What a column holds."""

    NAME = "name"
    COUNT = "count"
    TOTAL = "total"
    """The sum of the row's counts."""
    SHARE = "share"
    """Between 0 and 1; None: of nobody."""
    TIME = "time"
    RATE = "rate"
    """A number of no people: on average, or planned."""
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class ReportColumn:
    """One column."""

    head: str
    kind: CellKind = CellKind.COUNT


@dataclass(frozen=True, slots=True)
class Panel:
    """One table, and how it is drawn."""

    key: str
    title: str
    columns: Sequence[ReportColumn]
    rows: Sequence[Sequence[Value]]
    meant: str = ""
    """What the heads don't tell by themselves."""
    plot: Mapping[str, Any] | None = None
    """Vega-Lite; None: a table alone."""
    shows: str = ""
    """What can be seen in the plot, for whoever doesn't see it."""
    of_persons: bool = False
    """Its rows are about one person each, or name one of the staff: it never leaves as figures for outside."""
    cases: Sequence[str] = ()
    """Whose page each row leads to (ids), if any."""


@dataclass(frozen=True, slots=True)
class Headline:
    """One figure, and what it was in the period before."""

    words: str
    now: Value
    before: Value
    kind: CellKind = CellKind.COUNT
    better: int = 0
    """1: more is better; -1: less is; 0: neither."""


def said(value: Value, kind: CellKind) -> str:
    """A cell, in words."""
    match value:
        case None:
            return "–"
        case str():
            return gettext("hidden") if value == HIDDEN else value
        case timedelta():
            seconds = -(-value // timedelta(seconds=1))
            return f"{seconds // 60}:{seconds % 60:02}"
        case float() if kind is CellKind.SHARE:
            return f"{100 * value:.0f} %"
        case float():
            return f"{value:.1f}"
        case _:
            return f"{value:,}".replace(",", "\u202f")


def change(one: Headline) -> str:
    """How a figure stands beside that of the period before, in words; empty if there is nothing to say."""
    match one.now, one.before:
        case timedelta() as now, timedelta() as before:
            apart = now - before
            if not apart:
                return gettext("the same")
            time = said(abs(apart), CellKind.TIME)
            longer = apart > timedelta(0)
            return gettext("%(time)s longer", time=time) if longer else gettext("%(time)s shorter", time=time)
        case float() as now, float() as before:
            points = round(100 * now) - round(100 * before)
            if not points:
                return gettext("the same")
            if points > 0:
                return ngettext("%(num)s point more", "%(num)s points more", points)
            return ngettext("%(num)s point less", "%(num)s points less", -points)
        case int() as now, int() as before if before:
            more = round(100 * (now - before) / before)
            if now == before:
                return gettext("the same")
            return f"{more:+} %" if more else gettext("nearly the same")
        case _:
            return ""


def mood(one: Headline) -> str:
    """Whether that is good, bad or neither, for its colour."""
    match one.now, one.before:
        case (timedelta() as now, timedelta() as before) if now != before:
            more = now > before
        case (int() | float() as now, int() | float() as before) if now != before:
            more = now > before
        case _:
            return ""
    return "" if not one.better else "good" if more == (one.better > 0) else "bad"


def headline_outside(one: Headline) -> Headline:
    """The same; a small count is hidden, and with it what it is compared with."""
    small = any(isinstance(value, int) and 0 < value < suppression.FEWEST for value in (one.now, one.before))
    return replace(one, now=HIDDEN, before=HIDDEN) if small else one


def as_table(heads: Sequence[Headline]) -> Panel:
    """The headlines of a page as a table."""
    heads_of = (gettext("Figure"), gettext("Now"), gettext("Before"), gettext("Change"))
    return Panel(
        key="figures",
        title=gettext("Figures, beside those of the period before"),
        columns=[ReportColumn(head, CellKind.WORDS) for head in heads_of],
        rows=[[one.words, said(one.now, one.kind), said(one.before, one.kind), change(one)] for one in heads],
    )


def for_outside(panel: Panel) -> Panel:
    """The same without small counts, and without what they could be worked out from; nothing is drawn."""
    counted = [n for n, one in enumerate(panel.columns) if one.kind in (CellKind.COUNT, CellKind.TOTAL)]
    kinds = [panel.columns[n].kind for n in counted]
    total = kinds.index(CellKind.TOTAL) if CellKind.TOTAL in kinds else None
    counts = [[int(row[n] or 0) for n in counted] for row in panel.rows]  # type: ignore[arg-type]
    gone = {(r, counted[c]) for r, c in suppression.hidden(counts, total)}
    touched = {r for r, _ in gone}

    def cell(r: int, n: int, value: Value) -> Value:
        derived = panel.columns[n].kind in (CellKind.SHARE, CellKind.TIME)
        return HIDDEN if (r, n) in gone or (derived and r in touched and value is not None) else value

    rows = [[cell(r, n, value) for n, value in enumerate(row)] for r, row in enumerate(panel.rows)]
    return replace(panel, rows=rows, plot=None, cases=())
