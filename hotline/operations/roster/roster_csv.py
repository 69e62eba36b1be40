"""The staff as a sheet has it (CSV), with telephone numbers as people write them: read into what `load` takes."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from hotline.dialling import Flaw, home_number
from hotline.lettering import folded_name
from hotline.operations.roster.roster_document import Problem, nearest

COLUMNS: Final = ("name", "was", "phone", "verified", "roles", "languages", "active")
_LISTS: Final = ("roles", "languages")
_FLAGS: Final = ("verified", "active")
_BETWEEN: Final = re.compile(r"[;,/|]|\s+and\s+")
TRUE, FALSE = frozenset({"yes", "y", "true", "1", "x"}), frozenset({"no", "n", "false", "0"})


@dataclass(slots=True)
class Sheet:
    """What a sheet says, and what is wrong in it."""

    document: dict[str, Any]
    lines: list[int] = field(default_factory=list)
    """Of each member of staff, the line that they end in."""
    problems: list[Problem] = field(default_factory=list)


def read_sheet(text: str, countries: Collection[str], flaws: Mapping[Flaw, str]) -> Sheet:
    """One member of staff a line, under a line with the columns' names; `flaws`: what is said of a wrong number.

    Several roles or languages stand in one cell with a comma, a semicolon or a slash between them. An empty cell is as
    if it weren't there. A number without a country code is one of the first of `countries` in which it is one.
    """
    first = text.lstrip().split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    sheet = Sheet({"staff": []})
    columns: list[str] | None = None
    for row in reader:
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if columns is None:
            columns = [folded_name(cell) for cell in cells]
            _check(columns, sheet)
            continue
        sheet.lines.append(reader.line_num)
        sheet.document["staff"].append(_member(cells, columns, countries, flaws, sheet))
    if columns is None:
        sheet.problems.append(Problem("staff", None, None, f"it is empty: begin with {', '.join(COLUMNS)}"))
    return sheet


def _check(columns: list[str], sheet: Sheet) -> None:
    for one in columns:
        if one not in COLUMNS and one:
            what = f"is not a column here{nearest(one, COLUMNS)}"
            sheet.problems.append(Problem("staff", None, one, what))
    sheet.problems += [
        Problem("staff", None, one, "there is no such column: add it")
        for one in ("name", "phone", "roles")
        if one not in columns
    ]


def _member(
    cells: list[str],
    columns: list[str],
    countries: Collection[str],
    flaws: Mapping[Flaw, str],
    sheet: Sheet,
) -> dict[str, Any]:
    position = len(sheet.document["staff"])
    given = {key: cell for key, cell in zip(columns, cells, strict=False) if key in COLUMNS and cell}
    member: dict[str, Any] = dict(given)
    for key in _LISTS:
        if key in given:
            member[key] = [one for one in map(folded_name, _BETWEEN.split(given[key])) if one]
    for key in _FLAGS:
        said = folded_name(given.get(key, ""))
        if said in TRUE or said in FALSE:
            member[key] = said in TRUE
        elif said:
            what = 'write "yes" or "no"'
            sheet.problems.append(Problem("staff", position, key, what, given.get("name", "")))
    if "phone" in given:
        number = home_number(given["phone"], countries)
        if isinstance(number, Flaw):
            problem = Problem("staff", position, "phone", flaws[number], given.get("name", ""))
            sheet.problems.append(problem)
        else:
            member["phone"] = number.e164
    return member


def write_sheet(staff: Iterable[Mapping[str, Any]]) -> str:
    """The sheet of these members of staff, as `roster.dump` gives them; reading it gives the same of each column."""
    out = io.StringIO()
    columns = [one for one in COLUMNS if one != "was"]
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    for member in staff:
        given = {key: member[key] for key in ("name", "phone")}
        lists = {key: "; ".join(member[key]) for key in _LISTS}
        flags = {key: "yes" if member.get(key, True) else "no" for key in _FLAGS}
        writer.writerow({**given, **lists, **flags})
    return out.getvalue()
