"""The referral directory as a sheet has it (CSV), an entry a line: read into what `load` takes, and written out."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from hotline.lettering import folded_name
from hotline.operations.roster.directory_document import KEYS
from hotline.operations.roster.roster_csv import FALSE, TRUE, Sheet
from hotline.operations.roster.roster_document import Problem, nearest

_BETWEEN: Final = re.compile(r"[;,/|]|\s+and\s+")
_LISTS: Final = {
    "kinds": _BETWEEN,
    "languages": _BETWEEN,
    "numbers": re.compile(";"),
    "hours": re.compile(";"),
    "towns": re.compile("[;,]"),
}
"""What stands between two of them; hours and numbers have signs of their own."""
_FLAGS: Final = ("hand_offs", "phone_menu", "active")


def read_entries(text: str) -> Sheet:
    """One entry a line, under a line with the keys' names. An empty cell is as if it weren't there."""
    first = text.lstrip().split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text), delimiter=max(",;\t", key=first.count))
    sheet, columns = Sheet({"entry": []}), list[str]()
    for row in reader:
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if not columns:
            columns = [folded_name(cell).replace(" ", "_") for cell in cells]
            _check(columns, sheet)
            continue
        sheet.lines.append(reader.line_num)
        given = {key: cell for key, cell in zip(columns, cells, strict=False) if key in KEYS and cell}
        sheet.document["entry"].append(_read(given, len(sheet.document["entry"]), sheet))
    if not columns:
        sheet.problems.append(Problem("entry", None, None, f"it is empty: begin with {', '.join(KEYS)}"))
    return sheet


def _check(columns: list[str], sheet: Sheet) -> None:
    for one in columns:
        if one not in KEYS and one:
            sheet.problems.append(Problem("entry", None, one, f"is not a column here{nearest(one, KEYS)}"))
    sheet.problems += [
        Problem("entry", None, one, "there is no such column: add it")
        for one in ("name", "kinds")
        if one not in columns
    ]


def _read(given: Mapping[str, str], position: int, sheet: Sheet) -> dict[str, Any]:
    entry: dict[str, Any] = dict(given)
    for key, between in _LISTS.items():
        if key in given:
            parts = [part for part in map(str.strip, between.split(given[key])) if part]
            entry[key] = [folded_name(one) for one in parts] if key in ("kinds", "languages") else parts
    for key in _FLAGS:
        said = folded_name(given.get(key, ""))
        if said in TRUE or said in FALSE:
            entry[key] = said in TRUE
        elif said:
            sheet.problems.append(
                Problem("entry", position, key, 'write "yes" or "no"', given.get("name", ""))
            )
            del entry[key]
    return entry


def write_entries(entries: Iterable[Mapping[str, Any]]) -> str:
    """The sheet of these entries, as `directory_load.dump` gives them; reading it gives the same."""
    out = io.StringIO()
    columns = [one for one in KEYS if one != "was"]
    writer = csv.DictWriter(out, columns, lineterminator="\n", restval="")
    writer.writeheader()
    for entry in entries:
        row = dict(entry)
        for key in _LISTS:
            if isinstance(row.get(key), list):
                row[key] = "; ".join(row[key])
        for key in _FLAGS:
            row[key] = "yes" if row.get(key, key == "active") else "no"
        writer.writerow(row)
    return out.getvalue()
