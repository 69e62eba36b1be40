"""``hotline load``, ``dump``, ``migrate``, ``staff add``: paper on one side, one transaction on the other."""

import getpass
import sys
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import click

from hotline.console.sign_in import passwords
from hotline.console.sign_in.passwords import hash_password
from hotline.oncall.wall_clock import said, said_span, zone
from hotline.operations import roster
from hotline.operations.people import members
from hotline.operations.people.leaving import Left, holds
from hotline.operations.roster import policy_csv, roster_csv, roster_document
from hotline.operations.roster.roster_document import Problem
from hotline.operations.shifts import holes_ahead
from hotline.operations.transaction import Application, Transaction
from hotline.runtime.wiring import open_checked, open_database
from hotline.settings.load import Settings, load_settings
from hotline.settings.toml_places import line_of
from hotline.settings.toml_text import toml_text
from hotline.store.database import Database, Tx
from hotline.store.migrations import migrate
from hotline.store.people import staff

T = TypeVar("T")
PATIENCE = timedelta(seconds=30)
"""How long a command waits for a busy database."""


class CommandRefused(Exception):
    """What was asked for can't be done; the message, for the person who asked, says why."""


class NewcomerRefused(CommandRefused):
    """Somebody can't join the staff as they were given; `found`: what is wrong, by the key of the staff file."""

    def __init__(self, name: str, found: Mapping[str, str]) -> None:
        super().__init__("\n".join(f"The {key} of {name}: {what}." for key, what in found.items()))
        self.found = found


@dataclass(frozen=True, slots=True, repr=False)
class Newcomer:
    """Who is to join the staff, as typed."""

    name: str
    phone: str
    roles: tuple[str, ...]
    languages: tuple[str, ...]
    verified: bool


def load(
    environ: Mapping[str, str],
    file: Path,
    *,
    dry: bool = False,
    agreed: Callable[[str], bool] | None = None,
) -> str:
    """Take what ``file`` says about staff, schedules and policies, all of it or nothing; returns what was done.

    `dry`: only say what would be done. `agreed`: is shown that, if there is anything to do, and decides; what it was
    shown is not told a second time. None: nobody is asked.

    Raises SettingsProblems, CommandRefused and StoreError, as all of these do.
    """
    settings = load_settings(environ)
    line = settings.centre.line
    text, document, lines = _read(file, line.countries)
    migrate.make_sure(settings.database_url.get_secret_value())
    application = opened(settings)

    def shown(transaction: Transaction) -> tuple[str, str, bool]:
        wanted = roster.plan(transaction.tx, document, transaction.now, line)
        off, anew = {row.id for row in wanted.off}, {one.name for one in wanted.schedules}
        leaving = []
        for row in wanted.off:
            left = holds(transaction.tx, row.id, off)
            # Who is on a schedule that this very document gives is shown with it.
            left = replace(left, empty=tuple(name for name in left.empty if name not in anew))
            leaving.append(_leaving(row.name, left))
        return _told(wanted.told), "".join(f"\n  {one}" for one in leaving), wanted.changes_something

    def rehearsed(transaction: Transaction) -> str:
        roster.load(transaction.tx, document, transaction.now, line)
        raise _Rehearsed(next_hole(transaction))

    def take(transaction: Transaction) -> str:
        done = roster.load(transaction.tx, document, transaction.now, line)
        if _told(done.told) != wanted:
            raise CommandRefused(
                "Somebody else has changed the staff in this moment; nothing was changed. Load it again."
            )
        left = [_leaving(row.name, members.put_off(transaction, row)) for row in done.off]
        told = wanted + "".join(f"\n  {one}" for one in left)
        # Whoever has agreed has read it a moment ago.
        listed = () if agreed is not None and is_asked and told == f"{wanted}{leaving}" else (told,)
        return "\n".join((*listed, str(done), *next_hole(transaction)))

    with in_words(file, text, lines), application.database:
        wanted, leaving, is_asked = application.look(shown)
        if dry:
            try:
                application.change(rehearsed)
            except _Rehearsed as then:
                return "\n".join((f"{wanted}{leaving}", *then.said, "Nothing was changed."))
        if is_asked and agreed is not None and not agreed(f"{wanted}{leaving}"):
            raise CommandRefused("Nothing was changed.")
        return application.change(take)


class _Rehearsed(Exception):
    """Undoes what was only tried."""

    def __init__(self, said: list[str]) -> None:
        super().__init__()
        self.said = said


def next_hole(transaction: Transaction) -> list[str]:
    """The next stretch of the next two weeks in which nobody is on, or too few, and what to do; one line, if any."""
    end = transaction.now + holes_ahead.AHEAD
    found = holes_ahead.ahead(transaction.tx, transaction.now, end)
    if not found:
        return []
    first, place = found[0], zone(transaction.settings.centre.line.timezone)
    when = said_span(first.starts, first.ends, place)
    if first.ends >= end:
        when = f"from {said(first.starts, place)} on"
    who = (
        f"TOO FEW are on for {first.need}" if first.need else f"NOBODY who can be rung is on {first.schedule}"
    )
    more = f" That is the first of {len(found)} holes in the next two weeks." if len(found) > 1 else ""
    return [f"{who}, {when}: put somebody on, in this file or under On call.{more}"]


def opened(settings: Settings) -> Application:
    """The application, for one command: whatever runs otherwise may be down. Raises Unsealable."""
    return open_checked(settings, patience=PATIENCE, resident=False).application


def _leaving(name: str, left: Left) -> str:
    """What goes from somebody who is put off the staff to others."""
    said = " ".join((*handed_on(left), *nobody_on(left))) or "nothing of theirs is open."
    return f"{name}, who is signed out everywhere and not rung any more: {said}"


def handed_on(left: Left) -> list[str]:
    """What somebody has open, and who has it after them."""
    said = [
        (left.emergencies, "emergency", "emergencies", "everybody on call is paged anew."),
        (left.texts, "text thread", "text threads", "everybody on shift is asked anew."),
        (left.callbacks, "callback", "callbacks", "back in line, for whoever is free."),
        (
            left.being_called,
            "callback being called",
            "callbacks being called",
            "theirs until that call ends.",
        ),
    ]
    return [f"{number} {one if number == 1 else many}: {then}" for number, one, many, then in said if number]


def nobody_on(left: Left) -> list[str]:
    """The schedules that are empty after them."""
    return [f"NOBODY is on {one} now: put somebody on it with `hotline load`." for one in left.empty]


def _told(changes: tuple[str, ...]) -> str:
    return "\n".join(f"  {one}" for one in changes) or "  Everything is so already."


@contextmanager
def in_words(file: Path, text: str, lines: Sequence[int]) -> Iterator[None]:
    """What is wrong in a file, with its line; `lines`: of each entry in a sheet. Raises CommandRefused."""
    try:
        yield
    except roster.Problems as wrong:
        told = [f"  - {_place(file, text, lines, one)}{one}" for one in wrong.found]
        raise CommandRefused("\n".join(("Nothing was changed. To mend:", *told))) from None


def _place(file: Path, text: str, lines: Sequence[int], problem: Problem) -> str:
    if lines and problem.position is not None:
        return f"{file}, line {lines[problem.position]}: "
    line = line_of(text, problem.table, problem.position, problem.key) if not lines else None
    return f"{file}, line {line}: " if line is not None else f"{file}: "


def dump(environ: Mapping[str, str], sheet: str | None = None) -> str:
    """Staff, schedules and policies as TOML that :func:`load` takes; with `sheet`, "staff" or "policies" as CSV."""
    with open_here(environ) as database, database.read() as tx:
        document = roster.dump(tx)
    if sheet == "staff":
        return roster_csv.write_sheet(document["staff"])
    return policy_csv.write_policies(document["policy"]) if sheet else toml_text(document)


def migrate_database(environ: Mapping[str, str]) -> str:
    """Bring the database's tables to this version's shape; what was done."""
    settings = load_settings(environ)
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)  # SQLite's file may be in it
    done = migrate.upgrade(settings.database_url.get_secret_value())
    _database(settings).dispose()  # which makes sure of the keys
    if done.before == done.now:
        return f"Nothing to do: the database is at revision {done.now}."
    if done.before is None:
        return f"Done: the database is made, at revision {done.now}."
    return f"Done: the database was at revision {done.before}, and is at {done.now} now."


def is_on_staff(environ: Mapping[str, str], name: str) -> bool:
    """Whether somebody of this name is on the staff."""
    return look(environ, lambda _settings, tx, _now: staff.by_name(tx, name) is not None)


def add_staff(environ: Mapping[str, str], newcomer: Newcomer, ask: Callable[[], str] | None) -> str:
    """Add somebody, who can sign in with the password that `ask` gives once it is known that they can be added; returns
    what to tell the person who asked. Without `ask` they have none yet."""
    settings = load_settings(environ)
    document = {
        "staff": [
            {
                "name": newcomer.name,
                "phone": newcomer.phone,
                "verified": newcomer.verified,
                "roles": list(newcomer.roles),
                "languages": list(newcomer.languages),
            }
        ]
    }

    def look(tx: Tx, now: datetime) -> None:
        if staff.by_name(tx, newcomer.name) is not None:
            raise CommandRefused(
                f"{newcomer.name} is on the staff already: `hotline staff password` gives them a password."
            )
        try:
            roster.plan(tx, document, now, settings.centre.line)
        except roster.Problems as wrong:
            raise NewcomerRefused(
                newcomer.name, {one.key or "entry": one.what for one in wrong.found}
            ) from None

    def add(tx: Tx, now: datetime) -> str:
        look(tx, now)
        roster.load(tx, document, now, settings.centre.line)
        if password is None:
            to_come = f'`hotline staff invite "{newcomer.name}"` lets them choose a password.'
            return f"{newcomer.name} is on the staff. {to_come}"
        set_password(tx, newcomer.name, password)
        return f"{newcomer.name} can sign in now."

    with _database(settings) as database, database.read() as tx:
        look(tx, datetime.now(UTC))
    password = ask() if ask is not None else None
    return change_with(settings, add)


def open_doors(settings: Settings, document: Mapping[str, Any], password: str) -> None:
    """If nobody is on the staff yet, take ``document``'s, who all sign in with ``password``: for the demo."""

    def change(tx: Tx, now: datetime) -> str:
        if staff.everyone(tx):
            return ""
        roster.load(tx, document, now)
        for person in document["staff"]:
            set_password(tx, person["name"], password)
        return ""

    change_with(settings, change)


def set_password(tx: Tx, name: str, password: str) -> None:
    """Give a member of staff a password; every session of theirs ends."""
    row = staff.by_name(tx, name)
    if row is None:
        raise CommandRefused(f"{name} is not on the staff.")
    hashed = hash_password(password)
    staff.save(tx, replace(row, password_hash=hashed, session_epoch=row.session_epoch + 1))


def ask_password(typed: Callable[[str], str] = getpass.getpass) -> str:
    """A new password: where there is a terminal, typed twice and asked again until it can be taken; else one line of
    standard input. Raises CommandRefused for such a line."""
    if not sys.stdin.isatty():
        password = sys.stdin.readline().rstrip("\n")
        if len(password) < passwords.SHORTEST:
            raise CommandRefused(passwords.TOO_SHORT)
        return password
    click.echo(passwords.TOO_SHORT)
    while True:
        password = typed("New password: ")
        if len(password) < passwords.SHORTEST:
            click.echo(f"  That has {len(password)} characters.")
        elif typed("Again: ") != password:
            click.echo("  The two were not the same.")
        else:
            return password


def _read(file: Path, countries: Collection[str]) -> tuple[str, dict[str, Any], list[int]]:
    """The file's text, what it says, and, of a sheet, each one's line. Raises CommandRefused."""
    text = text_of(file)
    return _sheet(file, text, countries) if is_sheet(file) else (text, toml_of(file, text), [])


def is_sheet(file: Path) -> bool:
    """Whether it is CSV, by its name."""
    return file.suffix.lower() == ".csv"


def text_of(file: Path) -> str:
    """What stands in a file, or comes from a pipe ("-"); some editors put an invisible mark before the first letter.

    Raises CommandRefused.
    """
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
        return text.removeprefix("\ufeff")
    except OSError as unreadable:
        raise CommandRefused(f"{file} can't be read: {unreadable.strerror}.") from unreadable
    except UnicodeDecodeError as broken:
        raise CommandRefused(f"{file} is not written in UTF-8: {broken}.") from broken


def toml_of(file: Path, text: str) -> dict[str, Any]:
    """That as TOML. Raises CommandRefused."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as broken:
        raise CommandRefused(f"{file} is not valid TOML: {broken}.") from broken


def _sheet(file: Path, text: str, countries: Collection[str]) -> tuple[str, dict[str, Any], list[int]]:
    of_policies = policy_csv.is_of_policies(text)
    sheet = (
        policy_csv.read_policies(text)
        if of_policies
        else roster_csv.read_sheet(text, countries, roster.FLAWS)
    )
    with in_words(file, text, sheet.lines):
        if sheet.problems:
            raise roster.Problems(roster_document.beside(sheet.problems, sheet.document))
    return text, sheet.document, sheet.lines


def change(environ: Mapping[str, str], work: Callable[[Settings, Tx, datetime], str]) -> str:
    """One transaction on the database of these settings, at the time now (UTC); what `work` returns."""
    settings = load_settings(environ)
    return change_with(settings, lambda tx, now: work(settings, tx, now))


def look(environ: Mapping[str, str], work: Callable[[Settings, Tx, datetime], T]) -> T:
    """A look at the database of these settings, at the time now (UTC); what `work` returns."""
    settings = load_settings(environ)
    with _database(settings) as database, database.read() as tx:
        return work(settings, tx, datetime.now(UTC))


def open_here(environ: Mapping[str, str]) -> Database:
    """The database here, to be let go of afterwards (`with`). Raises SettingsProblems, Unsealable and StoreError."""
    return _database(load_settings(environ))


def _database(settings: Settings) -> Database:
    """Raises Newer, Unavailable and Unsealable."""
    migrate.make_sure(settings.database_url.get_secret_value())
    return open_database(settings, PATIENCE)


def change_with(settings: Settings, work: Callable[[Tx, datetime], str]) -> str:
    """`change`, with settings that are read already."""
    now = datetime.now(UTC)
    with _database(settings) as database:
        return database.transact(lambda tx: work(tx, now))
