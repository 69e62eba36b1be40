"""A list of those who want no more calls or texts, as another system had it (CSV): a line for each time it was said."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any, Final

from hotline.dialling import Flaw, home_number
from hotline.lettering import folded_name
from hotline.model import PhoneNumber
from hotline.operations.roster.roster_document import Problem, nearest
from hotline.store.people.brought_wishes import NoMore

COLUMNS: Final = ("number", "what", "when", "how")
LONGEST_HOW: Final = 200
"""Letters."""
_WHAT: Final = {"no texts": NoMore.TEXTS, "no calls": NoMore.CALLS, "both": NoMore.BOTH}
_FLAWS: Final = {
    Flaw.NOT_FULL: "it is no telephone number: write one such as +16175550101",
    Flaw.EXTENSION: "it has an extension: write the number without it",
    Flaw.NOT_POSSIBLE: "it is not a possible number: check its digits",
    Flaw.EMERGENCY: "it is an emergency number: take the line out",
    Flaw.NEVER_DIALLED: "it is a premium or satellite number, or nobody's, which is never dialled: take the line out",
}


@dataclass(frozen=True, slots=True)
class ToldWish:
    """What one line says."""

    number: PhoneNumber = field(repr=False)
    what: NoMore
    said_at: datetime
    """UTC."""
    how: str = field(repr=False)


@dataclass(slots=True)
class WishesSheet:
    """What a list says, and what is wrong in it."""

    wishes: list[ToldWish] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    """Of each entry, well written or not, the line that it ends in."""
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class WishReader:
    """Where and when a list is read."""

    countries: Collection[str]
    """A number without a country code is one of the first of these in which it is one."""
    zone: tzinfo
    """In which times are meant that name none."""
    now: datetime
    never: Mapping[PhoneNumber, str]
    """Numbers that are on no such list, and why not."""


def read_wishes(text: str, reader: WishReader) -> WishesSheet:
    """Every line under a line with the columns' names, in any order; a line that says nothing is passed over."""
    first = text.lstrip().split("\n", 1)[0]
    table = csv.reader(io.StringIO(text), delimiter=max(",;\t", key=first.count))
    sheet, columns = WishesSheet(), list[str]()
    for row in table:
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if not columns:
            columns = [folded_name(cell) for cell in cells]
            sheet.problems += _columns(columns)
            if sheet.problems:
                return sheet
            continue
        sheet.lines.append(table.line_num)
        _read(dict(zip(columns, cells, strict=False)), sheet, reader)
    if not columns:
        sheet.problems.append(Problem("wish", None, None, f"it is empty: begin with {', '.join(COLUMNS)}"))
    return sheet


def _columns(columns: list[str]) -> list[Problem]:
    unknown = [one for one in columns if one and one not in COLUMNS]
    return [
        *(Problem("wish", None, one, f"is not a column here{nearest(one, COLUMNS)}") for one in unknown),
        *(
            Problem("wish", None, one, "there is no such column: add it")
            for one in COLUMNS
            if one not in columns
        ),
    ]


def _read(given: Mapping[str, str], sheet: WishesSheet, reader: WishReader) -> None:
    read: Mapping[str, Callable[[str], Any]] = {
        "number": lambda written: _number(written, reader),
        "what": _what,
        "when": lambda written: _when(written, reader),
        "how": _how,
    }
    found: dict[str, Any] = {}
    for key, of in read.items():
        try:
            found[key] = of(given.get(key, ""))
        except ValueError as wrong:
            sheet.problems.append(Problem("wish", len(sheet.lines) - 1, key, str(wrong)))
    if len(found) == len(read):
        sheet.wishes.append(ToldWish(found["number"], found["what"], found["when"], found["how"]))


def _number(written: str, reader: WishReader) -> PhoneNumber:
    number = home_number(written, reader.countries)
    if isinstance(number, Flaw):
        raise ValueError(_FLAWS[number])
    if number in reader.never:
        raise ValueError(reader.never[number])
    return number


def _what(written: str) -> NoMore:
    if (word := folded_name(written)) not in _WHAT:
        raise ValueError('write "no texts", "no calls" or "both"')
    return _WHAT[word]


def _when(written: str, reader: WishReader) -> datetime:
    try:
        read = datetime.fromisoformat(written)
    except ValueError:
        raise ValueError(
            'write the day, such as 2025-11-03, or "2025-11-03 14:05"; if nobody knows it, the day on which the list '
            "was made"
        ) from None
    at = (read if read.tzinfo else read.replace(tzinfo=reader.zone)).astimezone(UTC)
    if at > reader.now:
        raise ValueError("it is yet to come")
    return at


def _how(written: str) -> str:
    how = " ".join(written.split())
    if not 1 <= len(how) <= LONGEST_HOW:
        raise ValueError(
            f'say how they said it, such as "texted STOP", in {LONGEST_HOW} characters at most: it is kept as the '
            "record of their wish"
        )
    return how
