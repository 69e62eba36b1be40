"""What a file of the referral directory may say, read key by key; what is wrong in it is told all at once.

There is no key for money, and none for whom to prefer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from hotline.dialling import Flaw, Refusal, home_number, refusal
from hotline.lettering import folded_name, tidy
from hotline.oncall.wall_clock import zone
from hotline.oncall.week_hours import parse_hours
from hotline.operations.roster.roster_document import Problem, Table, nearest
from hotline.referral.directory_entry import (
    ALWAYS,
    LANGUAGES,
    LIFELINE,
    WRITTEN,
    DirectoryEntry,
    ReferralKind,
)
from hotline.settings.centre import LineTable
from hotline.worded import worded

KEYS: Final = ("was", *WRITTEN)
LONGEST_NOTE: Final = 500
FLAWS: Final[Mapping[Flaw, str]] = {
    Flaw.NOT_FULL: worded("write it with its area code, such as (617) 555-0101"),
    Flaw.EXTENSION: worded(
        "an extension can't be rung: write the number without it, and the extension in notes"
    ),
    Flaw.NOT_POSSIBLE: worded("it is not a possible number: check its digits"),
    Flaw.EMERGENCY: worded(
        "it is an emergency number, which everybody dials from their own phone: of a dispatch centre "
        "write the ten digits; only 988 may stand as it is"
    ),
    Flaw.NEVER_DIALLED: worded(
        "it is an emergency, premium or satellite number, or nobody's: such are never dialled"
    ),
}
_OURS: Final = worded("it is a number of this line's: the call would come back to it")
_ABROAD: Final = worded("it is outside of countries in hotline.toml: add its country there, if it is right")
_TABLE: Final = "entry"


@dataclass(slots=True)
class DirectoryPaper:
    """The file as far as it can be read."""

    entries: list[DirectoryEntry] = field(default_factory=list)
    """Without ids."""
    was: list[str | None] = field(default_factory=list)
    """Of each, the name that it had before."""
    problems: list[Problem] = field(default_factory=list)


def read(given: Mapping[str, Any], line: LineTable) -> DirectoryPaper:
    """The entries, and everything that is wrong with them. `line`: whose countries and own numbers count."""
    paper = DirectoryPaper()
    for key in given:
        if key != _TABLE:
            paper.problems.append(
                Problem(
                    key, None, None, worded("is not a table here%(nearest)s", nearest=nearest(key, [_TABLE]))
                )
            )
    tables = given.get(_TABLE, [])
    if not isinstance(tables, list) or not all(isinstance(one, Mapping) for one in tables):
        paper.problems.append(Problem(_TABLE, None, None, worded("write each one under a line [[entry]]")))
        return paper
    names: set[str] = set()
    for position, one in enumerate(tables):
        table = Table(_TABLE, position, one)
        entry = _entry(table, line)
        if entry.name and folded_name(entry.name) in names:
            table.wrong("name", worded('"%(name)s" is there twice: keep one', name=entry.name))
        names.add(folded_name(entry.name))
        paper.entries.append(entry)
        paper.was.append(table.text("was", must=False))
        paper.problems += table.problems
    _dispatch_is_dialled_by_people(paper)
    return paper


def _entry(table: Table, line: LineTable) -> DirectoryEntry:
    table.known(KEYS)
    kinds = table.chosen("kinds", ReferralKind, ())
    entry = DirectoryEntry(
        id="",
        name=table.text("name") or "",
        kinds=kinds,
        numbers=_numbers(table, line),
        hours=_hours(table),
        timezone=_timezone(table, line),
        languages=_languages(table),
        towns=table.words("towns"),
        hand_offs=table.flag("hand_offs", usual=False),
        phone_menu=table.flag("phone_menu", usual=False),
        notes=_words(table, "notes"),
        source=_words(table, "source"),
        active=table.flag("active", usual=True),
    )
    if ReferralKind.DISPATCH in kinds:
        if not entry.towns:
            table.wrong("towns", worded('name the towns that it serves, such as ["Boston"]'))
        if entry.hand_offs:
            table.wrong(
                "hand_offs",
                worded("a dispatch centre is dialled by people, from their own phone: leave it out"),
            )
    elif entry.hand_offs and not any(one.startswith("+") for one in entry.numbers):
        table.wrong(
            "numbers", worded("a hand-off rings a number of ten digits: add it, or leave hand_offs out")
        )
    return entry


def _numbers(table: Table, line: LineTable) -> tuple[str, ...]:
    found: list[str] = []
    for written in table.words("numbers"):
        number = _number(written, line)
        if number.startswith(("+", LIFELINE)):
            found.append(number)
        else:
            table.wrong("numbers", f'"{written}": {number}')
    return tuple(dict.fromkeys(found))


def _number(written: str, line: LineTable) -> str:
    """As it is kept; else what is wrong with it."""
    if "".join(sign for sign in written if sign.isalnum()) == LIFELINE:
        return LIFELINE
    number = home_number(written, line.countries)
    if isinstance(number, Flaw):
        return FLAWS[number]
    match refusal(number, line.countries, line.ours):
        case Refusal.OURS:
            return _OURS
        case Refusal.COUNTRY:
            return _ABROAD
        case _:
            return number.e164


def _hours(table: Table) -> tuple[str, ...]:
    if table.given.get("hours") == ALWAYS:
        return (ALWAYS,)
    if isinstance(table.given.get("hours"), str):
        table.wrong(
            "hours", worded('write "%(always)s", or a list such as ["Mon-Fri 08:00-16:00"]', always=ALWAYS)
        )
        return ()
    read: list[str] = []
    for written in table.words("hours"):
        try:
            read.append(ALWAYS if written == ALWAYS else str(parse_hours(written)))
        except ValueError as wrong:
            table.wrong("hours", f'"{written}": {wrong}')
    return (ALWAYS,) if ALWAYS in read else tuple(read)


def _timezone(table: Table, line: LineTable) -> str:
    if "timezone" not in table.given:
        return line.timezone
    named = table.text("timezone") or line.timezone
    try:
        zone(named)
    except ValueError as wrong:
        table.wrong("timezone", str(wrong).partition(": ")[2])
        return line.timezone
    return named


def _languages(table: Table) -> tuple[str, ...]:
    words = table.words("languages") if "languages" in table.given else ("en",)
    for word in words:
        if word not in LANGUAGES:
            table.wrong(
                "languages",
                worded(
                    '"%(word)s" is not known here%(nearest)s', word=word, nearest=nearest(word, LANGUAGES)
                ),
            )
    if not words:
        table.wrong("languages", worded("name at least one of %(what)s", what=", ".join(LANGUAGES)))
    return tuple(dict.fromkeys(word for word in words if word in LANGUAGES))


def _words(table: Table, key: str) -> str:
    found = table.given.get(key, "")
    if not isinstance(found, str) or len(found) > LONGEST_NOTE:
        table.wrong(
            key,
            worded("write a text in quotes, of %(longest_note)s letters at most", longest_note=LONGEST_NOTE),
        )
        return ""
    return "\n".join(tidy(one) for one in found.strip().splitlines())


def _dispatch_is_dialled_by_people(paper: DirectoryPaper) -> None:
    """What is a dispatch centre's number under one name is rung under no other."""
    theirs = {one for entry in paper.entries if ReferralKind.DISPATCH in entry.kinds for one in entry.numbers}
    for position, entry in enumerate(paper.entries):
        if (
            entry.hand_offs
            and ReferralKind.DISPATCH not in entry.kinds
            and theirs.intersection(entry.numbers)
        ):
            what = worded("that is a dispatch centre's number, which we never ring")
            paper.problems.append(Problem(_TABLE, position, "numbers", what, entry.name))
