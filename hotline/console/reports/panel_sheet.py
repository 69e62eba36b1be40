"""A panel as a sheet (CSV)."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Final

from hotline.console.reports.panels import HIDDEN, Panel, Value
from hotline.console.search.export_sheet import plain
from hotline.operations.looking_back.exporting import NOTICE

OUTSIDE: Final = (
    f"For outside. Counts from 1 to 4 are {HIDDEN}, and so are others from which they could be worked out."
)


def sheet(panel: Panel, about: str, *, outside: bool) -> str:
    """A line on what it is about, its table, and what must be said with it. Times are seconds, shares up to 1."""
    page = io.StringIO()
    lines = csv.writer(page)
    lines.writerow([f"{panel.title}. {about}"])
    if outside:
        lines.writerow([OUTSIDE])
    lines.writerow([one.head for one in panel.columns])
    lines.writerows([_cell(value) for value in row] for row in panel.rows)
    if panel.of_persons:
        lines.writerow([NOTICE])
    return page.getvalue()


def _cell(value: Value) -> str | int | float:
    match value:
        case None:
            return ""
        case timedelta():
            return round(value.total_seconds(), 3)
        case str():
            return plain(value)
        case float():
            return round(value, 4)
        case _:
            return value
