"""``hotline purge``, ``hotline forget`` and ``hotline hold``: what is removed, who is forgotten, and what must stay."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, TypeVar

import click

from hotline.commands import staff_file
from hotline.commands.aligned import aligned
from hotline.commands.staff_file import CommandRefused
from hotline.commands.typed import Commands, private
from hotline.dialling import read
from hotline.model import NOT_KNOWN, ByWord, PhoneNumber, StaffId
from hotline.operations.keeping import removing
from hotline.operations.keeping.removing import CannotForget
from hotline.operations.transaction import Application, Transaction
from hotline.settings.load import load_settings
from hotline.store.keeping import legal_holds, removal
from hotline.store.keeping.removal import RemovalKind
from hotline.store.people import staff
from hotline.triage.numbers import written

T = TypeVar("T")
_POLITE: Final = 10
_WORDS: Final[Mapping[RemovalKind, str]] = ByWord(
    {
        RemovalKind.CASES: "cases: numbers, words and notes",
        RemovalKind.PASSING: "cases of those who hung up early",
        RemovalKind.ACCOUNTS: "reasons for looking",
        RemovalKind.SIGN_INS: "sign-ins",
        RemovalKind.MECHANICS: "rows that only served to make calls work",
        RemovalKind.CALLER: "cases of a caller who asked to be forgotten",
    },
    NOT_KNOWN,
)


def _with(environ: Mapping[str, str], work: Callable[[Application], T]) -> T:
    application = staff_file.opened(load_settings(environ))
    with application.database:
        return work(application)


def remove(environ: Mapping[str, str], *, dry: bool = False, if_due: bool = False) -> str:
    """Remove what has been kept for long enough, or only say what that is. Raises as `load` does."""

    def work(application: Application) -> str:
        if dry:
            found, held = application.look(lambda one: (removing.waiting(one), removal.held(one.tx)))
            told = _told({kind: number for kind, number in found.items() if number}, "Would be removed")
            return f"{told}\nA legal hold keeps {held} cases." if held else told
        if if_due and not application.change(removing.begin):
            return ""
        return _told(removing.purge(application), "Removed")

    return _with(environ, work)


def _told(found: Mapping[RemovalKind, int], what: str) -> str:
    if not found:
        return "Nothing has been kept for too long."
    return "\n".join(
        [f"{what}:", *aligned([("", str(number), _WORDS[kind]) for kind, number in found.items()])]
    )


def removed(environ: Mapping[str, str], at_most: int) -> str:
    """What was removed, and when, the latest first. Raises as `load` does."""

    def work(application: Application) -> str:
        found = application.look(lambda one: removal.noted(one.tx, at_most))
        names = application.look(lambda one: {member.id: member.name for member in staff.everyone(one.tx)})
        if not found:
            return "Nothing was removed yet."
        rows = [
            (
                f"{one.at:%Y-%m-%d %H:%M:%S}",
                str(one.things),
                _WORDS[one.kind],
                _who(names, one.by),
                one.reason or "",
            )
            for one in found
        ]
        return "\n".join(aligned([("when (UTC)", "", "what", "by", "why"), *rows]))

    return _with(environ, work)


def _who(names: Mapping[StaffId, str], by: StaffId | None) -> str:
    return "the system, or a command" if by is None else names.get(by, by)


# --- one caller ----------------------------------------------------------------------------------------------------


def forget_caller(environ: Mapping[str, str], number: str, reason: str, by: str | None, *, dry: bool) -> str:
    """Take a caller out of everything. Raises CommandRefused, and as `load` does."""
    if not (dry or reason.strip()):
        raise CommandRefused("Say why: how they asked, and how it was made sure that it is they.")

    def work(application: Application) -> str:
        who = _parsed(application, number)
        if dry:
            return f"{application.look(lambda one: removing.cases_of(one, who))} cases would be emptied."
        try:
            row = application.change(lambda one: removing.forget(one, who, reason.strip(), _staff(one, by)))
        except CannotForget as refused:
            raise CommandRefused(str(refused)) from refused
        _keep_mark(application.settings.home / removing.FORGOTTEN, row.mark or "")
        days = application.settings.centre.backups.keep
        return (
            f"{row.things} cases hold nobody any more. Backups of before still do: the last {days} are kept. At the "
            "carrier, its logs of calls and texts stay for 400 days (docs/privacy.md)."
        )

    return _with(environ, work)


def _keep_mark(file: Path, mark: str) -> None:
    with os.fdopen(
        os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="ascii"
    ) as kept:
        kept.write(f"{mark}\n")


def was_forgotten(environ: Mapping[str, str], number: str) -> str:
    """Whether, and when, this caller was forgotten. Raises CommandRefused, and as `load` does."""

    def work(application: Application) -> str:
        who = _parsed(application, number)
        found = application.look(lambda one: removing.was_forgotten(one, who))
        if not found:
            return "Nobody with this number was forgotten here, as far as the keys of then are here."
        return "\n".join(f"Forgotten at {one.at:%Y-%m-%d %H:%M:%S} UTC: {one.things} cases." for one in found)

    return _with(environ, work)


def _parsed(application: Application, number: str) -> PhoneNumber:
    found = read(number, application.settings.centre.line.countries)
    if found is None:
        raise CommandRefused("That is not a telephone number.")
    return found


def _staff(transaction: Transaction, name: str | None) -> StaffId | None:
    if name is None:
        return None
    row = staff.by_name(transaction.tx, name)
    if row is None:
        raise CommandRefused(f"{name} is not on the staff.")
    return row.id


# --- legal holds ---------------------------------------------------------------------------------------------------


def place(environ: Mapping[str, str], number: str | None, reason: str, by: str | None) -> str:
    """Hold the record of a number, or everybody's. Raises CommandRefused, and as `load` does."""
    if not reason.strip():
        raise CommandRefused("Say why, and who has asked for it.")

    def work(application: Application) -> str:
        whose = None if number is None else _parsed(application, number)
        row = application.change(lambda one: removing.hold(one, whose, reason.strip(), _staff(one, by)))
        return (
            f"Held as {row.id}: nothing of {'them' if whose else 'anybody'} is removed until it is released."
        )

    return _with(environ, work)


def release(environ: Mapping[str, str], hold_id: str, by: str | None) -> str:
    """End a hold. Raises CommandRefused, and as `load` does."""

    def work(application: Application) -> str:
        if not application.change(lambda one: removing.release(one, hold_id, _staff(one, by))):
            raise CommandRefused("There is no such hold: `hotline hold list` has them.")
        return "Released: the next purge may remove what has been kept for long enough."

    return _with(environ, work)


def held(environ: Mapping[str, str]) -> str:
    """The holds, the oldest first. Raises as `load` does."""

    def work(application: Application) -> str:
        found = application.look(lambda one: legal_holds.holds(one.tx))
        rows = [
            (
                one.id,
                f"{one.placed_at:%Y-%m-%d}",
                written(one.number) if one.number else "everybody",
                one.reason,
            )
            for one in found
        ]
        return "\n".join(aligned(rows)) if rows else "Nothing is held."

    return _with(environ, work)


# --- the command line ----------------------------------------------------------------------------------------------

_BY = click.option("--by", metavar="NAME", help="Who does this: somebody on the staff.")
_WHY = click.option("--reason", required=True, metavar="WORDS", help="Kept sealed.")


@click.command("purge")
@click.option("--dry-run", "dry", is_flag=True, help="Only say what would be removed.")
@click.option("--if-due", is_flag=True, help="Only if none has begun today: for schedulers.")
@click.option("--log", "log", is_flag=True, help="Instead, say what was removed, and when.")
@click.option(
    "--most", type=click.IntRange(1, 10_000), default=50, metavar="N", help="With --log; usually 50."
)
def purge(*, dry: bool, if_due: bool, log: bool, most: int) -> None:
    """Remove what has been kept for long enough, by [retention]; what is counted in reports stays. It runs by itself,
    once a day."""
    if if_due:
        os.nice(_POLITE)
    told = removed(os.environ, most) if log else remove(os.environ, dry=dry, if_due=if_due)
    if told:
        click.echo(told)


@click.command("forget")
@click.argument("number", required=False)
@click.option(
    "--reason", default="", metavar="WORDS", help="How they asked, and how it was made sure that it is they."
)
@_BY
@click.option("--dry-run", "dry", is_flag=True, help="Only say how many cases there are.")
@click.option("--was", is_flag=True, help="Instead, say whether, and when, this caller was forgotten.")
def forget(number: str | None, *, reason: str, by: str | None, dry: bool, was: bool) -> None:
    """Take a caller out of everything that is kept, because they ask for it.

    NUMBER is better left out: then it is asked for, and is in no list of processes.
    """
    given = private(number, "Number")
    told = was_forgotten(os.environ, given) if was else forget_caller(os.environ, given, reason, by, dry=dry)
    click.echo(told)


@click.group("hold", cls=Commands)
def hold() -> None:
    """Legal holds: whose record must not be removed."""


@hold.command("place")
@click.argument("number", required=False)
@click.option("--everybody", is_flag=True, help="Remove nothing of anybody.")
@_WHY
@_BY
def _place(number: str | None, *, everybody: bool, reason: str, by: str | None) -> None:
    """Remove nothing of this number until the hold is released. NUMBER is better left out: then it is asked for."""
    click.echo(place(os.environ, None if everybody else private(number, "Number"), reason, by))


@hold.command("release")
@click.argument("hold_id", metavar="ID")
@_BY
def _release(hold_id: str, *, by: str | None) -> None:
    """End a hold."""
    click.echo(release(os.environ, hold_id, by))


@hold.command("list")
def _list() -> None:
    """The holds there are, with their numbers: for your eyes."""
    click.echo(held(os.environ))
