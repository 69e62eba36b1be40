"""Cases as a sheet that leaves the house: with the notice that goes with such records, and nothing that a spreadsheet
would take for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from hotline.console.page_words import LANGUAGES, LINES
from hotline.console.search.search_form import ENDED, how
from hotline.model import StaffId
from hotline.operations.looking_back.exporting import NOTICE
from hotline.settings.centre import LineTable
from hotline.store.looking_back.found_cases import FoundCase

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""
_COLUMNS: Final = ("reference", "when", "how", "line", "language", "outcome", "who had it", "reached us at")


def plain(cell: str) -> str:
    """The cell as a spreadsheet shows it, and never runs it."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def row(cells: Sequence[str]) -> str:
    """One line of CSV."""
    written = io.StringIO()
    csv.writer(written).writerow([plain(cell) for cell in cells])
    return written.getvalue()


def lines(
    cases: Iterable[FoundCase],
    names: Mapping[StaffId, str],
    ours: LineTable,
    place: ZoneInfo,
    *,
    numbers: bool,
) -> Iterator[str]:
    """The notice, the columns' names, and a line for each case; times are those of `place`. `ours`: what our
    numbers are known for."""
    yield row([NOTICE])
    yield row([*_COLUMNS, *(("number",) if numbers else ())])
    for one in cases:
        number = (one.number.e164 if one.number is not None else "withheld",) if numbers else ()
        published = ours.known_for(one.reached_at)
        reached = published.name if published is not None else ""
        yield row([*_cells(one, names, place), reached, *number])
    yield row([NOTICE])


def _cells(one: FoundCase, names: Mapping[StaffId, str], place: ZoneInfo) -> tuple[str, ...]:
    return (
        one.reference,
        f"{one.at.astimezone(place):%Y-%m-%d %H:%M}",
        how(one),
        LINES[one.line],
        LANGUAGES[one.language],
        "Still open" if one.open else ENDED[one.outcome] if one.outcome is not None else "",
        names.get(one.by, "Somebody who left") if one.by is not None else "",
    )
