"""Policies as a sheet has them (CSV), a rung a line: read into what `load` takes, and written out."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from hotline.lettering import folded_name
from hotline.operations.roster.roster_csv import FALSE, TRUE, Sheet
from hotline.operations.roster.roster_document import Problem, nearest

_POLICY: Final = ("subject", "pause", "acknowledge")
_RUNG: Final = ("who", "how", "together", "wait", "hours", "languages")
COLUMNS: Final = (*_POLICY, *_RUNG)
_LISTS: Final = {
    "who": re.compile(";"),
    "hours": re.compile(";"),
    "how": re.compile(r"[;,/|]|\s+and\s+"),
    "languages": re.compile(r"[;,/|]|\s+and\s+"),
}
"""What stands between two of them; names and hours have commas of their own."""


def is_of_policies(text: str) -> bool:
    """Whether a sheet has rungs in it, and not the staff: by its columns."""
    return "subject" in map(
        folded_name, re.split(r"[,;\t]", text.lstrip().split("\n", 1)[0].replace('"', ""))
    )


def read_policies(text: str) -> Sheet:
    """One rung a line, under a line with the columns' names. An empty subject is the one above.

    Several people or hours stand in one cell with a semicolon between them. `pause` and `acknowledge` are written once
    for each subject. An empty cell is as if it weren't there.
    """
    first = text.lstrip().split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text), delimiter=max(",;\t", key=first.count))
    sheet, columns, positions, subject = Sheet({"policy": []}), list[str](), dict[str, int](), ""
    for row in reader:
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if not columns:
            columns = [folded_name(cell) for cell in cells]
            _check(columns, sheet)
            continue
        given = {key: cell for key, cell in zip(columns, cells, strict=False) if key in COLUMNS and cell}
        subject = given.get("subject", subject)
        if subject not in positions:
            positions[subject] = len(positions)
            sheet.document["policy"].append({"subject": subject, "rung": []})
            sheet.lines.append(reader.line_num)
        _take(given, positions[subject], sheet)
    return sheet


def _check(columns: list[str], sheet: Sheet) -> None:
    for one in columns:
        if one not in COLUMNS and one:
            what = f"is not a column here{nearest(one, COLUMNS)}"
            sheet.problems.append(Problem("policy", None, one, what))
    sheet.problems += [
        Problem("policy", None, one, "there is no such column: add it")
        for one in ("who", "how", "wait")
        if one not in columns
    ]


def _take(given: Mapping[str, str], position: int, sheet: Sheet) -> None:
    policy = sheet.document["policy"][position]
    for key in ("pause", "acknowledge"):
        if key not in given:
            continue
        value = int(given[key]) if key == "acknowledge" and given[key].isdecimal() else given[key]
        if policy.setdefault(key, value) != value:
            what = "is written twice for this subject, and differs: keep one"
            sheet.problems.append(Problem("policy", position, key, what, policy["subject"]))
    rung: dict[str, Any] = {key: given[key] for key in _RUNG if key in given}
    for key, between in _LISTS.items():
        if key in rung:
            rung[key] = [part for part in map(str.strip, between.split(rung[key])) if part]
    said = folded_name(given.get("together", ""))
    if said in TRUE or said in FALSE:
        rung["together"] = said in TRUE
    elif said:
        problem = Problem("policy", position, "together", 'write "yes" or "no"', policy["subject"])
        sheet.problems.append(problem)
    policy["rung"].append(rung)


def write_policies(policies: Iterable[Mapping[str, Any]]) -> str:
    """The sheet of these policies, as `roster.dump` gives them; reading it gives the same."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for policy in policies:
        once = {key: policy[key] for key in _POLICY if key in policy}
        for rung in policy["rung"]:
            lists = {key: "; ".join(rung[key]) for key in _LISTS if key in rung}
            together = "yes" if rung["together"] else "no"
            writer.writerow({**once, **lists, "together": together, "wait": rung["wait"]})
            once = {"subject": policy["subject"]}
    return out.getvalue()
