"""``hotline backup``: a copy of the database that only the holder of a private key can open."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import click

from hotline.commands import staff_file
from hotline.commands.aligned import aligned
from hotline.commands.going_live import centre_files
from hotline.commands.staff_file import CommandRefused
from hotline.commands.typed import Commands
from hotline.runtime.keeping import making_backups, reading_backups
from hotline.runtime.keeping.making_backups import CannotBackUp
from hotline.settings.load import load_settings
from hotline.settings.toml_text import toml_text
from hotline.store.database import Keyring
from hotline.store.keeping import backup_log, sealed_file
from hotline.store.keeping.backup_log import BackupRow, BackupStatus
from hotline.store.keeping.table_lines import BackupBeginning

_POLITE: Final = 10
"""Whoever answers telephones goes before whoever makes a backup because it is time."""
_BY_HAND: Final = """In hotline.toml, under [backups], in place of the line that begins with "keys" or "# keys" (in one
list, if there are several); or let --write do it:

keys = ["{key}"]
"""
_AWAY: Final = (
    "Keep the private key away from this machine: on paper, or in the centre's password store, together with "
    "HOTLINE_DATA_KEY. Without both nobody can ever read a backup."
)


def make(environ: Mapping[str, str], *, if_due: bool = False) -> str:
    """Make one, and say what it is; nothing if none was due. Raises CommandRefused, and as `load` does."""
    application = staff_file.opened(load_settings(environ))
    try:
        with application.database:
            made = making_backups.make(application, if_due=if_due)
    except CannotBackUp as refused:
        raise CommandRefused(str(refused)) from refused
    if made is None:
        return ""
    rows = sum(made.rows.values())
    what = f"{_size(made.bytes)}, {rows} rows of {len(made.rows)} tables"
    return f"{made.path}: {what}; it was opened again, and is whole."


def _size(number: int) -> str:
    return f"{number / 1_000_000:.1f} MB" if number >= 1_000_000 else f"{max(1, number // 1000)} kB"


def new_key(to: Path | None, config: Path | None = None) -> tuple[str, str]:
    """(what to print, what to print for eyes only): a new pair of keys, the private one in the file `to` if it is
    named, the public one in [backups] of the file `config`, beside those that are there. Raises CommandRefused, with
    nothing made."""
    keys = sealed_file.new_keys()
    held = f"# Opens backups of Hotline. Public key: {keys.public}\n{keys.private}\n"
    written = _into_config(config, keys.public) if config is not None else None
    told = written[1] if written is not None else _BY_HAND.format(key=keys.public)
    if to is None:
        _put(written)
        return told, f"The private key, shown this once:\n\n{held}\n{_AWAY}"
    try:
        with os.fdopen(
            os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
        ) as file:
            file.write(held)
    except FileExistsError:
        raise CommandRefused(f"{to} is there already: name a new file.") from None
    except OSError as error:
        raise CommandRefused(f"{to} can't be written: {error.strerror}.") from error
    try:
        _put(written)
    except CommandRefused as refused:
        to.unlink()
        raise CommandRefused(
            f"{refused} No key was made. Run it as somebody who may write that file (root, after docs/deploying.md), "
            "or without --write: it says then what to put into hotline.toml."
        ) from None
    return told, f"The private key is in {to}. {_AWAY}"


def _into_config(config: Path, public: str) -> tuple[Path, str, str]:
    """The file, what to say, and its new text."""
    before = staff_file.text_of(config)
    keys = [*staff_file.toml_of(config, before).get("backups", {}).get("keys", []), public]
    after = before if "[backups]" in before else f"{before.rstrip()}\n\n[backups]\n"
    after = centre_files.filled(after, "backups", toml_text({"keys": keys}).strip())
    try:
        right = tomllib.loads(after)["backups"]["keys"] == keys
    except (tomllib.TOMLDecodeError, KeyError):
        right = False
    if not right:
        raise CommandRefused(
            f"{config}: the list of keys in [backups] stands on several lines: put it on one, then try again."
        )
    return config, f"{config}: [backups] keys has it now. Start Hotline again.", after


def _put(written: tuple[Path, str, str] | None) -> None:
    if written is not None:
        centre_files.put_within(written[0], written[2])


def verify(environ: Mapping[str, str], file: Path, key: Path, files: Path | None) -> str:
    """Open a backup, read it to its last line, and say what is in it; its files go into the new folder `files`.

    Needs no settings; with HOTLINE_DATA_KEY it says whether that key is the right one. Raises CommandRefused.
    """
    if files is not None and files.exists():
        raise CommandRefused(f"{files} is there already: name a new folder.")
    try:
        with reading_backups.read(file, key) as reading:
            begins, number = reading.beginning, 0
            for named, parts in reading.each():
                number += "file" in named
                if "file" in named and files is not None:
                    reading_backups.write_file(files, named, parts)
                for _ in parts:
                    pass
    except CannotBackUp as refused:
        raise CommandRefused(str(refused)) from refused
    told = [
        f"Whole: {sum(reading.rows.values())} rows of {len(reading.rows)} tables, "
        f"{number} file{'s' if number != 1 else ''}.",
        f"Made at {begins.at:%Y-%m-%d %H:%M:%S} UTC from {begins.database}, tables as of {begins.revision}.",
        _of_the_data_key(environ, begins),
    ]
    return "\n".join(told)


def _of_the_data_key(environ: Mapping[str, str], begins: BackupBeginning) -> str:
    written = environ.get("HOTLINE_DATA_KEY", "")
    if not written and not environ.get("HOTLINE_DATA_KEY_FILE"):
        return "HOTLINE_DATA_KEY isn't set here: whether it fits was not tried."
    keys = Keyring(tuple(key.get_secret_value() for key in load_settings(environ).data_keys))
    if reading_backups.fits(keys, begins):
        return "HOTLINE_DATA_KEY opens what is sealed in it."
    raise CommandRefused(
        "It is whole, but sealed with a key that HOTLINE_DATA_KEY lacks: nobody could be rung from it."
    )


def known(environ: Mapping[str, str]) -> str:
    """What was made, the newest first. Raises as `load` does."""
    folder, found = staff_file.look(
        environ, lambda settings, tx, now: (making_backups.folder_of(settings), backup_log.every(tx))
    )
    if not found:
        return "No backup was made yet, or none since one was put back here."
    head = ("begun (UTC)", "file", "how it went", "size", "data keys")
    return "\n".join(aligned([head, *(_row(one, folder) for one in found)]))


def _row(one: BackupRow, folder: Path) -> tuple[str, ...]:
    went = one.status.value if one.problem is None else f"{one.status}: {one.problem}"
    if one.status is BackupStatus.KEPT and not (folder / one.file).is_file():
        went = f"{went}, but not in this machine's {folder}"
    size = _size(one.bytes) if one.bytes is not None else ""
    here = one.file if one.status in (BackupStatus.KEPT, BackupStatus.REMOVED) else ""
    return f"{one.begun_at:%Y-%m-%d %H:%M:%S}", here, went, size, " ".join(one.data_keys)


# --- the command line ----------------------------------------------------------------------------------------------


@click.group("backup", cls=Commands, invoke_without_command=True)
@click.option(
    "--if-due", is_flag=True, help="Only if it is time for one, by [backups] every: for schedulers."
)
@click.pass_context
def group(context: click.Context, *, if_due: bool) -> None:
    """Make a backup now, while all goes on: sealed for the keys in [backups], and opened again before it counts."""
    if context.invoked_subcommand is None:
        if if_due:
            os.nice(_POLITE)
        told = make(os.environ, if_due=if_due)
        if told:
            click.echo(told)


@group.command("key")
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    metavar="NEW",
    help="Write the private key there, and don't show it.",
)
@click.option(
    "--write", is_flag=True, help="Put the public key into hotline.toml, beside those that are there."
)
def _key(to: Path | None, *, write: bool) -> None:
    """Make the pair of keys: the public one seals backups here, the private one opens them elsewhere."""
    config = Path(os.environ.get("HOTLINE_CONFIG") or "hotline.toml") if write else None
    told, private = new_key(to, config)
    click.echo(told)
    click.echo(private)


@group.command("verify")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--key",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The file with the private key.",
)
@click.option(
    "--files",
    type=click.Path(path_type=Path),
    metavar="NEW",
    help="Put what isn't in the database there: hotline.toml, recordings.",
)
def _verify(file: Path, *, key: Path, files: Path | None) -> None:
    """Open a backup with its private key, and read it to its last line."""
    click.echo(verify(os.environ, file, key, files))


@group.command("list")
def _list() -> None:
    """Say which backups were made, whether they opened, and which data keys they need."""
    click.echo(known(os.environ))
