"""How figures are drawn, as Vega-Lite: what is seen where, and in which of the house's colours. Pure.

Colours are the style sheet's own (`var(--...)`), so one drawing is legible in light, in dark and on paper. Whatever a
colour tells is told by words, numbers or shapes as well. Categories: Okabe and Ito's palette for all kinds of sight.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from hotline.console.language.speech import gettext

Spec = dict[str, Any]
Row = Mapping[str, Any]

WIDTH: Final = 640
STEPS: Final = 6
"""Shades of a heat map, beside that of none."""
_CATEGORIES: Final = tuple(f"var(--plot-{n})" for n in range(1, 8))
_CONFIG: Final[Spec] = {
    "aria": False,
    "background": None,
    "font": "Arial",
    "padding": {"left": 16, "right": 26, "top": 4, "bottom": 4},
    "view": {"stroke": None},
    "axis": {
        "labelColor": "var(--ink)",
        "titleColor": "var(--quiet)",
        "gridColor": "var(--rule)",
        "domainColor": "var(--edge)",
        "tickColor": "var(--edge)",
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelLimit": 210,
    },
    "legend": {
        "labelColor": "var(--ink)",
        "titleColor": "var(--quiet)",
        "labelFontSize": 12,
        "orient": "top",
        "symbolSize": 120,
        "labelLimit": 260,
        "columns": 4,
        "columnPadding": 28,
    },
    "text": {"color": "var(--ink)", "fontSize": 12},
}


def heat(rows: Iterable[Row], days: Sequence[str]) -> Spec:
    """Rows of `day`, `hour` and `n`: a square for each, the fuller the more; with its number in it."""
    rows = list(rows)
    most = max((row["n"] for row in rows), default=0)
    values = [
        {**row, "step": _step(row["n"], most), "said": str(row["n"]) if row["n"] else ""} for row in rows
    ]
    steps = [str(n) for n in range(STEPS + 1)]
    where = {
        "x": {
            "field": "hour",
            "type": "ordinal",
            "title": gettext("Hour in which they called"),
            "axis": {"labelAngle": 0, "ticks": False, "domain": False},
        },
        "y": {
            "field": "day",
            "type": "ordinal",
            "title": None,
            "sort": list(days),
            "axis": {"ticks": False, "domain": False},
        },
    }

    def coloured(of: str) -> Spec:
        shades = [f"var(--{of}-{n})" for n in range(STEPS + 1)]
        return {
            "field": "step",
            "type": "ordinal",
            "legend": None,
            "scale": {"domain": steps, "range": shades},
        }

    return _drawn(
        values,
        height=7 * 26,
        resolve={"scale": {"color": "independent"}},
        layer=[
            {
                "mark": {"type": "rect", "stroke": "var(--sheet)", "strokeWidth": 2},
                "encoding": {**where, "color": coloured("heat")},
            },
            {
                "mark": {"type": "text", "fontSize": 11},
                "encoding": {
                    **where,
                    "text": {"field": "said", "type": "nominal"},
                    "color": coloured("on-heat"),
                },
            },
        ],
    )


def _step(n: int, most: int) -> str:
    return "0" if not n else str(1 + min(STEPS - 1, (n - 1) * STEPS // max(most, 1)))


def stacked_by_hour(rows: Iterable[Row], kinds: Sequence[str], what: str) -> Spec:
    """Rows of `hour`, `kind` and `n`: a column for each hour of the day."""
    return _drawn(
        rows,
        height=190,
        mark={"type": "bar", "stroke": "var(--sheet)"},
        encoding={
            "x": _hours(),
            "y": {"field": "n", "type": "quantitative", "title": what, "axis": {"tickMinStep": 1}},
            "color": _kinds(kinds),
            "order": {"field": "order", "type": "quantitative"},
        },
    )


def stacked_across(rows: Iterable[Row], names: Sequence[str], kinds: Sequence[str], what: str) -> Spec:
    """Rows of `name`, `kind` and `n`: a bar across for each name."""
    return _drawn(
        rows,
        height=34 * max(1, len(names)),
        mark={"type": "bar", "stroke": "var(--sheet)"},
        encoding={
            "y": {"field": "name", "type": "nominal", "title": None, "sort": list(names)},
            "x": {"field": "n", "type": "quantitative", "title": what, "axis": {"tickMinStep": 1}},
            "color": _kinds(kinds),
            "order": {"field": "order", "type": "quantitative"},
        },
    )


def bars_across(rows: Iterable[Row], names: Sequence[str], what: str) -> Spec:
    """Rows of `name`, `n` and `said`: a bar across for each name, with its words behind it."""
    where = {
        "y": {"field": "name", "type": "nominal", "title": None, "sort": list(names)},
        "x": {"field": "n", "type": "quantitative", "title": what, "axis": {"tickMinStep": 1}},
    }
    return _drawn(
        rows,
        height=32 * max(1, len(names)),
        layer=[
            {"mark": {"type": "bar", "color": _CATEGORIES[0]}, "encoding": where},
            {
                "mark": {"type": "text", "align": "left", "dx": 5},
                "encoding": {**where, "text": {"field": "said", "type": "nominal"}},
            },
        ],
    )


def times_by_hour(rows: Iterable[Row], kinds: Sequence[str]) -> Spec:
    """Rows of `hour`, `kind` and `minutes`: a line for each kind, with its own kind of point."""
    return _drawn(
        rows,
        height=190,
        mark={"type": "line", "point": {"filled": True, "size": 60}, "strokeWidth": 2},
        encoding={
            "x": _hours(),
            "y": {"field": "minutes", "type": "quantitative", "title": gettext("Minutes")},
            "color": _kinds(kinds),
            "shape": {"field": "kind", "type": "nominal", "sort": list(kinds), "legend": None},
        },
    )


def times_across(rows: Iterable[Row], names: Sequence[str], kinds: Sequence[str]) -> Spec:
    """Rows of `name`, `kind` and `minutes`: a point for each, on a line of its name."""
    return _drawn(
        rows,
        height=34 * max(1, len(names)),
        mark={"type": "point", "filled": True, "size": 110, "opacity": 1},
        encoding={
            "y": {
                "field": "name",
                "type": "nominal",
                "title": None,
                "sort": list(names),
                "axis": {"grid": True},
            },
            "x": {
                "field": "minutes",
                "type": "quantitative",
                "title": gettext("Minutes"),
                "scale": {"zero": True},
            },
            "color": _kinds(kinds),
            "shape": {"field": "kind", "type": "nominal", "sort": list(kinds), "legend": None},
        },
    )


def week(rows: Iterable[Row], days: Sequence[str]) -> Spec:
    """Rows of `at` (the hour of the week), `planned` and `needed`: the plan as a surface, what is needed as a line."""
    planned, needed = gettext("on by the plan"), gettext("needed")
    x = {
        "field": "at",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [0, 168], "nice": False},
        "axis": {
            "values": [24 * n for n in range(7)],
            "labelExpr": _chosen({24 * n: day for n, day in enumerate(days)}),
            "labelAlign": "left",
            "grid": True,
        },
    }

    def y(field: str) -> Spec:
        return {
            "field": field,
            "type": "quantitative",
            "title": gettext("People"),
            "axis": {"tickMinStep": 1},
        }

    def named(name: str) -> Spec:
        return {**_kinds((planned, needed)), "datum": name}

    def colour(name: str) -> Spec:
        return {key: value for key, value in named(name).items() if key not in ("field", "sort")}

    return _drawn(
        rows,
        height=200,
        layer=[
            {
                "mark": {"type": "area", "interpolate": "step-after", "opacity": 0.35},
                "encoding": {"x": x, "y": y("planned"), "color": colour(planned)},
            },
            {
                "mark": {"type": "line", "interpolate": "step-after", "strokeWidth": 2},
                "encoding": {"x": x, "y": y("needed"), "color": colour(needed)},
            },
        ],
    )


def ordered(rows: Iterable[Row], kinds: Sequence[str]) -> list[dict[str, Any]]:
    """The rows with the place of their kind, so that columns are stacked in the order of the legend."""
    return [{**row, "order": kinds.index(row["kind"])} for row in rows]


def _chosen(words: Mapping[int, str]) -> str:
    """An expression of Vega's: the words for an axis' value."""
    named = "".join(f"datum.value == {value} ? '{word}' : " for value, word in words.items())
    return f"{named}''"


def _hours() -> Spec:
    return {
        "field": "hour",
        "type": "ordinal",
        "title": gettext("Hour in which they asked"),
        "scale": {"domain": list(range(24))},
        "axis": {"labelAngle": 0},
    }


def _kinds(kinds: Sequence[str]) -> Spec:
    return {
        "field": "kind",
        "type": "nominal",
        "title": None,
        "sort": list(kinds),
        "scale": {"domain": list(kinds), "range": list(_CATEGORIES[: len(kinds)])},
    }


def _drawn(rows: Iterable[Row], *, height: int, **what: Any) -> Spec:
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "config": _CONFIG,
        "width": WIDTH,
        "height": height,
        "data": {"values": list(rows)},
        **what,
    }
