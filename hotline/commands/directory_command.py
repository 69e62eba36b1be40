"""``hotline directory load``, ``dump``, ``list``: whom callers may be sent to, on paper."""

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from hotline.commands import staff_file
from hotline.commands.typed import Commands
from hotline.operations.referrals import opening
from hotline.operations.roster import directory_csv, directory_load
from hotline.operations.roster.roster_document import Problems
from hotline.settings.load import Settings
from hotline.settings.toml_text import toml_text
from hotline.store.database import Tx
from hotline.store.people import directory


class _Rehearsed(Exception):
    """Undoes what was only tried."""

    def __init__(self, said: str) -> None:
        super().__init__()
        self.said = said


def load(environ: Mapping[str, str], file: Path, *, dry: bool = False) -> str:
    """Take what ``file`` says, all of it or nothing; returns what was done. `dry`: only say what would be done.

    Raises SettingsProblems, CommandRefused and StoreError.
    """
    text, document, lines = _read(file)

    def work(settings: Settings, tx: Tx, now: datetime) -> str:
        taken = directory_load.load(tx, document, now, settings.centre.line)
        changes = "\n".join(f"  {one}" for one in taken.told) or "  Everything is so already."
        if dry:
            raise _Rehearsed(f"{changes}\nNothing was changed.")
        return f"{changes}\n{taken}"

    with staff_file.in_words(file, text, lines):
        try:
            return staff_file.change(environ, work)
        except _Rehearsed as then:
            return then.said


def fill_empty(settings: Settings, document: Mapping[str, Any]) -> None:
    """If nobody is in the directory yet, take ``document``'s: for the demo."""

    def work(tx: Tx, now: datetime) -> str:
        if not directory.every(tx):
            directory_load.load(tx, document, now, settings.centre.line)
        return ""

    staff_file.change_with(settings, work)


def _read(file: Path) -> tuple[str, dict[str, Any], list[int]]:
    text = staff_file.text_of(file)
    if not staff_file.is_sheet(file):
        return text, staff_file.toml_of(file, text), []
    sheet = directory_csv.read_entries(text)
    with staff_file.in_words(file, text, sheet.lines):
        if sheet.problems:
            raise Problems(sheet.problems)
    return text, sheet.document, sheet.lines


def dump(environ: Mapping[str, str], *, sheet: bool = False) -> str:
    """The directory as TOML that :func:`load` takes; `sheet`: as CSV."""

    def work(_: Settings, tx: Tx, __: datetime) -> str:
        document = directory_load.dump(tx)
        return directory_csv.write_entries(document["entry"]) if sheet else toml_text(document)

    return staff_file.look(environ, work)


def listed(environ: Mapping[str, str]) -> str:
    """Who is in it, a line each, by name: what for, the number, and whether they are open now."""

    def work(settings: Settings, tx: Tx, now: datetime) -> str:
        found = [one for one in directory.every(tx) if one.active]
        lines = [
            f"{one.name}  {', '.join(one.kinds)}  {', '.join(one.numbers) or 'no number'}  "
            f"{opening.said(opening.is_open(one, now))}{'  takes hand-offs' if one.rung else ''}"
            for one in found
        ]
        return "\n".join(lines) or "Nobody is in the directory: `hotline directory load FILE` takes some."

    return staff_file.look(environ, work)


@click.group("directory", cls=Commands)
def group() -> None:
    """Say whom callers may be sent to: programmes, helplines, dispatch centres."""


@group.command("load")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", "dry", is_flag=True, help="Only say what would be done.")
def _load(file: Path, *, dry: bool) -> None:
    """Take entries from a TOML or a CSV file; may be repeated.

    FILE is what `hotline directory dump` prints, or a sheet whose name ends in .csv; "-" reads TOML from a pipe.
    """
    click.echo(load(os.environ, file, dry=dry))


@group.command("dump")
@click.option("--sheet", is_flag=True, help="As a sheet (CSV); usually as TOML.")
def _dump(*, sheet: bool) -> None:
    """Print the directory as `hotline directory load` takes it."""
    click.echo(dump(os.environ, sheet=sheet), nl=False)


@group.command("list")
def _list() -> None:
    """Show who is in it, and whether they are open now."""
    click.echo(listed(os.environ))
