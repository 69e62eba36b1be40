"""``hotline breach`` and ``hotline consents``: whose records were reachable, and what somebody has agreed to."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

import click

from hotline.commands import report as reporting
from hotline.commands import staff_file
from hotline.commands.aligned import aligned
from hotline.commands.staff_file import CommandRefused
from hotline.commands.typed import Written, private
from hotline.console.frame.rights import Right, may
from hotline.dialling import read
from hotline.operations.looking_back import breached, consents_given
from hotline.operations.looking_back.breached import Breached, HowFar
from hotline.operations.transaction import Application, Transaction
from hotline.runtime.keeping import making_backups
from hotline.settings.load import load_settings
from hotline.store.keeping import backup_log
from hotline.store.people import staff

T = TypeVar("T")
_COLUMNS: Final = ("case", "began", "channel", "how far", "number")
_DAY: Final = Written("day", reporting.day)


def _change(environ: Mapping[str, str], work: Callable[[Transaction], T]) -> tuple[Application, T]:
    application = staff_file.opened(load_settings(environ))
    with application.database:
        return application, application.change(work)


def of_account(
    environ: Mapping[str, str], name: str, first: date, last: date | None, out: Path | None, *, numbers: bool
) -> str:
    """Whose records somebody's account reached from the morning of `first` to the evening of `last` (until now).

    Raises CommandRefused, and as `load` does.
    """

    def work(transaction: Transaction) -> tuple[Breached, list[str]]:
        row = staff.by_name(transaction.tx, name)
        if row is None:
            raise CommandRefused(f"Nobody is called {name!r}: `hotline staff list` has the names.")
        zone = ZoneInfo(transaction.settings.centre.line.timezone)
        since = datetime.combine(first, time(), zone)
        until = datetime.combine(last + timedelta(days=1), time(), zone) if last else transaction.now
        sides = {
            "admissions": may(row.roles, Right.READ_ADMISSIONS),
            "clinical": may(row.roles, Right.READ_CLINICAL),
        }
        found = breached.by_account(transaction, row.id, since, until, **sides)
        roles = ", ".join(sorted(row.roles)) or "none"
        return found, [
            f"By the roles of today ({roles}); `hotline audit list --about {row.id}` has their changes."
        ]

    application, (found, notes) = _change(environ, work)
    return _told(application, found, notes, out, numbers=numbers)


_ELSEWHERE = (
    "It was made elsewhere, or before this line was put back from a backup: counted as of {begun:%Y-%m-%d %H:%M:%S} "
    "UTC,\nthe time in its name. Whoever was forgotten, or removed by age, since then is in it and not in this count."
)


def of_backup(environ: Mapping[str, str], file: str, out: Path | None, *, numbers: bool) -> str:
    """Whose records are in a backup, by its file's name. Raises CommandRefused, and as `load` does."""

    name = Path(file).name

    def work(transaction: Transaction) -> tuple[Breached, list[str]]:
        row = backup_log.named(transaction.tx, name)
        begun = row.begun_at if row is not None else making_backups.begun_by_name(name)
        if begun is None or begun > transaction.now:
            raise CommandRefused(
                f"{name} is on no list, and its name has no time: `hotline backup list` has the names."
            )
        notes = [] if row is not None else [_ELSEWHERE.format(begun=begun)]
        return breached.by_backup(transaction, row.id if row is not None else name, begun), notes

    application, (found, notes) = _change(environ, work)
    notes += [
        "Without its private key nobody reads anything of it. With that key alone: that, when and on which line",
        "somebody called. Numbers and words only with HOTLINE_DATA_KEY, too.",
    ]
    return _told(application, found, notes, out, numbers=numbers)


def _told(
    application: Application, found: Breached, notes: list[str], out: Path | None, *, numbers: bool
) -> str:
    counted = [(f"{found.of(how)}", f"cases {how.value}") for how in HowFar]
    told = [
        f"{found.people} {'person' if found.people == 1 else 'people'}, as far as numbers tell them apart:",
        *aligned(counted),
        *notes,
    ]
    if out is not None:
        zone = ZoneInfo(application.settings.centre.line.timezone)
        _write(out, found, zone, numbers=numbers)
        told.append(f"Each case is in {out}, for your eyes alone{'' if numbers else ', without numbers'}.")
    return "\n".join(told)


def _write(out: Path, found: Breached, zone: ZoneInfo, *, numbers: bool) -> None:
    try:
        opened = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise CommandRefused(f"{out} is there already: name a new file.") from None
    except OSError as error:
        raise CommandRefused(f"{out} can't be written: {error.strerror}.") from error
    with os.fdopen(opened, "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(_COLUMNS if numbers else _COLUMNS[:-1])
        for one, how in found.cases:
            number = one.number.e164 if one.number is not None and not one.number.is_nobodys else ""
            began = f"{one.opened_at.astimezone(zone):%Y-%m-%d %H:%M}"
            row = [one.contact, began, one.channel.value, how.value]
            rows.writerow([*row, number] if numbers else row)


def of_caller(environ: Mapping[str, str], written: str) -> str:
    """What somebody has agreed to or refused, a line each. Raises CommandRefused, and as `load` does."""

    def work(transaction: Transaction) -> list[tuple[str, ...]]:
        line = transaction.settings.centre.line
        number = read(written, line.countries)
        if number is None:
            raise CommandRefused("That is not a telephone number.")
        zone = ZoneInfo(line.timezone)
        return [
            (
                f"{one.at.astimezone(zone):%Y-%m-%d %H:%M}",
                "yes" if one.given else "no",
                one.to.value,
                one.how,
                f"withdrawn {one.withdrawn_at.astimezone(zone):%Y-%m-%d %H:%M}" if one.withdrawn_at else "",
            )
            for one in consents_given.look(transaction, number)
        ]

    _, rows = _change(environ, work)
    return "\n".join(aligned(rows)) if rows else "Nothing was asked of this number, and nothing was said."


# --- the command line ----------------------------------------------------------------------------------------------


@click.command("breach")
@click.option("--staff", "name", metavar="NAME", help="With this account.")
@click.option(
    "--since", "first", type=_DAY, metavar="DAY", help="With --staff: from the morning of that day."
)
@click.option(
    "--until", "last", type=_DAY, metavar="DAY", help="With --staff: to its evening; usually until now."
)
@click.option("--backup", "file", metavar="FILE", help="In this backup, by its name.")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="NEW.csv", help="Write each case to this file."
)
@click.option("--numbers", is_flag=True, help="With --out: with telephone numbers, to tell people.")
def breach(
    name: str | None,
    *,
    first: date | None,
    last: date | None,
    file: str | None,
    out: Path | None,
    numbers: bool,
) -> None:
    """Say whose records were reachable with an account, or are in a backup. Asking is in the audit trail."""
    if (name is None) == (file is None) or (name is None) != (first is None):
        raise CommandRefused("Ask for --staff NAME --since DAY, or for --backup FILE.")
    if numbers and out is None:
        raise CommandRefused("--numbers goes with --out: they are shown on no screen.")
    if name is not None and first is not None:
        click.echo(of_account(os.environ, name, first, last, out, numbers=numbers))
    elif file is not None:
        click.echo(of_backup(os.environ, file, out, numbers=numbers))


@click.command("consents")
@click.argument("number", required=False)
def consents(number: str | None) -> None:
    """Say what a caller has agreed to or refused, how they said it, and when they took it back.

    NUMBER is better left out: then it is asked for, and is in no list of processes.
    """
    click.echo(of_caller(os.environ, private(number, "Number")))
