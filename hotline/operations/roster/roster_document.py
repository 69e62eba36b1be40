"""What a staff file may say, read key by key; whatever is wrong in it is told all at once, in one voice.

Each problem says where it is and what to write instead; words that are not known, with the nearest that is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, Final, TypeVar

from hotline.lettering import LONGEST_NAME, folded_name, tidy
from hotline.model import Language, Role
from hotline.oncall import written_schedule

Choice = TypeVar("Choice", bound=StrEnum)
TABLES: Final = ("staff", "schedule", "need", "policy")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and where."""

    table: str
    position: int | None
    """Which of the tables of this name, from 0."""
    key: str | None
    what: str
    whose: str = ""

    def __str__(self) -> str:
        place = f"[[{self.table}]]"
        if self.position is not None:
            place += f" {self.whose or f'number {self.position + 1}'}"
        return f"{place}: {self.key}: {self.what}" if self.key else f"{place}: {self.what}"


class Problems(ValueError):
    """The document can't be taken; each of `problems` says where and what to do. Nothing was changed."""

    def __init__(self, found: Sequence[Problem]) -> None:
        self.found = tuple(found)
        self.problems = tuple(map(str, found))
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True, slots=True)
class Member:
    """One ``[[staff]]``."""

    name: str
    was: str | None
    phone: str | None
    verified: bool | None
    """None: it is not written there, and stays as it is."""
    roles: tuple[Role, ...]
    languages: tuple[Language, ...]
    active: bool
    every_page: bool | None = None
    """None: it is not written there, and stays as it is."""
    listens: bool | None = None
    """The same."""


@dataclass(frozen=True, slots=True)
class OnPaper:
    """One ``[[schedule]]``."""

    name: str
    timezone: str
    always: tuple[str, ...]
    plan: Mapping[str, Any] = field(default_factory=dict)
    """Its rotations and holidays as they are written, with people's names."""


@dataclass(frozen=True, slots=True)
class Document:
    """The whole file."""

    staff: tuple[Member, ...] = ()
    schedule: tuple[OnPaper, ...] = ()
    policy: tuple[dict[str, Any], ...] = ()
    need: tuple[dict[str, Any], ...] = ()


@dataclass(slots=True)
class Table:
    """One table as it is written, and what is wrong in it."""

    name: str
    position: int
    given: Mapping[str, Any]
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, key: str | None, what: str) -> None:
        """Something is wrong at this key."""
        name = self.given.get("name", self.given.get("subject"))
        whose = name if isinstance(name, str) else ""
        self.problems.append(Problem(self.name, self.position, key, what, whose))

    def known(self, keys: Collection[str]) -> None:
        """Whatever else is written is a slip of the pen."""
        for key in self.given:
            if key not in keys:
                self.wrong(key, f"is not a key here{nearest(key, keys)}")

    def text(self, key: str, *, must: bool = True) -> str | None:
        """A short text; None, and a problem if it must be there, for anything else."""
        if key not in self.given:
            if must:
                self.wrong(key, "is missing: add it")
            return None
        found = self.given[key]
        if not isinstance(found, str) or not found.strip() or len(found) > LONGEST_NAME:
            self.wrong(key, f"write a text in quotes, of {LONGEST_NAME} letters at most")
            return None
        return tidy(found)

    def flag(self, key: str, *, usual: bool) -> bool:
        """True or false."""
        found = self.given.get(key, usual)
        if not isinstance(found, bool):
            self.wrong(key, "write true or false, without quotes")
            return usual
        return found

    def words(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        found = self.given.get(key, [])
        if not isinstance(found, list) or not all(isinstance(word, str) for word in found):
            self.wrong(key, 'write a list of texts, such as ["Ana Lima", "Ben Ortiz"]')
            return ()
        return tuple(tidy(word) for word in found)

    def chosen(self, key: str, choices: type[Choice], usual: tuple[Choice, ...]) -> tuple[Choice, ...]:
        """Some of a few known words; at least one."""
        words = self.words(key) if key in self.given else tuple(usual)
        for word in words:
            if word not in list(choices):
                self.wrong(key, f'"{word}" is not known here{nearest(word, list(choices))}')
        if not words:
            self.wrong(key, f"name at least one of {', '.join(choices)}")
        return tuple(choices(word) for word in dict.fromkeys(words) if word in list(choices))


def nearest(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """How a complaint about an unknown word goes on."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.5)
    if near:
        return f'; did you mean "{near[0]}"?'
    return f"; {otherwise}" if otherwise else f"; use {', '.join(known)}"


def read(given: Mapping[str, Any]) -> tuple[Document, list[Problem]]:
    """The document as far as it can be read, and everything that is wrong in it."""
    problems = [
        Problem(key, None, None, f"is not a table here{nearest(key, TABLES)}")
        for key in given
        if key not in TABLES
    ]
    tables = {name: _tables(name, given.get(name, []), problems) for name in TABLES}
    members = [_member(table) for table in tables["staff"]]
    schedules = [_schedule(table) for table in tables["schedule"]]
    _each_once(tables["staff"], "name")
    _each_once(tables["schedule"], "name")
    _each_once(tables["need"], "name")
    _each_once(tables["policy"], "subject")
    for each in tables.values():
        for table in each:
            problems += table.problems
    needs, policies = ([dict(table.given) for table in tables[name]] for name in ("need", "policy"))
    return Document(tuple(members), tuple(schedules), tuple(policies), tuple(needs)), problems


def beside(found: Sequence[Problem], given: Mapping[str, Any]) -> list[Problem]:
    """What was found wrong in a sheet, and in what it was read into, each place once; without the latter if a whole
    column is wrong."""
    if any(one.position is None for one in found):
        return list(found)
    places = {(one.table, one.position, one.key) for one in found}
    more = [one for one in read(given)[1] if (one.table, one.position, one.key) not in places]
    return sorted([*found, *more], key=lambda one: one.position or 0)


def _tables(name: str, given: object, problems: list[Problem]) -> list[Table]:
    if not isinstance(given, list) or not all(isinstance(one, Mapping) for one in given):
        problems.append(Problem(name, None, None, f"write each one under a line [[{name}]]"))
        return []
    return [Table(name, position, one) for position, one in enumerate(given)]


def _member(table: Table) -> Member:
    table.known(("name", "was", "phone", "verified", "roles", "languages", "active", "every_page", "listens"))
    active = table.flag("active", usual=True)
    roles = table.chosen("roles", Role, ())
    if Role.TRAINEE in roles and len(roles) > 1:
        table.wrong("roles", 'a trainee only looks on: write ["trainee"], or what they do without it')
    if table.given.get("listens") is True and Role.TRAINEE not in roles:
        table.wrong("listens", "only a trainee listens: whoever works joins a talk as a colleague")
    return Member(
        name=table.text("name") or "",
        was=table.text("was", must=False),
        phone=table.text("phone", must=active),
        verified=table.flag("verified", usual=False) if "verified" in table.given else None,
        roles=roles,
        languages=table.chosen("languages", Language, (Language.EN,)),
        active=active,
        every_page=table.flag("every_page", usual=False) if "every_page" in table.given else None,
        listens=table.flag("listens", usual=False) if "listens" in table.given else None,
    )


def _schedule(table: Table) -> OnPaper:
    table.known(("name", "timezone", "always", *written_schedule.PLAN))
    plan = {key: table.given[key] for key in written_schedule.PLAN if key in table.given}
    return OnPaper(table.text("name") or "", table.text("timezone") or "", table.words("always"), plan)


def _each_once(tables: Sequence[Table], key: str) -> None:
    seen: set[str] = set()
    for table in tables:
        name = table.given.get(key)
        plain = folded_name(name) if isinstance(name, str) else ""
        if plain and plain in seen:
            table.wrong(key, f'"{name}" is there twice: keep one')
        seen.add(plain)
