"""``hotline restore``: a backup put back into the place of the database."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

import click

from hotline.commands.staff_file import CommandRefused
from hotline.runtime.keeping import restoring
from hotline.runtime.keeping.making_backups import CannotBackUp
from hotline.runtime.keeping.restoring import Restored
from hotline.runtime.wiring import wall_clock
from hotline.settings.load import load_settings


def restore(
    environ: Mapping[str, str],
    file: Path,
    key: Path,
    *,
    replace: bool,
    say: Callable[[str], None],
    now: Callable[[], datetime] = wall_clock,
) -> str:
    """Put it back, and say what goes on from here. Raises CommandRefused, and as `load` does."""
    try:
        done = restoring.restore(load_settings(environ), file, key, now, say, replace=replace)
    except CannotBackUp as refused:
        raise CommandRefused(str(refused)) from refused
    return "\n".join(_told(done))


def _told(done: Restored) -> list[str]:
    made, still = done.beginning.at, done.still_open
    told = [f"Put back as of {made:%Y-%m-%d %H:%M:%S} UTC: {done.rows} rows of {done.tables} tables."]
    if done.journal:
        told.append(f"{done.journal} files of webhooks that waited are read in as soon as the clock runs.")
    if done.before is not None:
        told.append(f"The database that was there is kept as {done.before}: remove it when all is well.")
    if still is None:
        told.append(
            "Some of it no key opens, as it was when the backup was made: `hotline key list` says which key is"
        )
        told.append("missing, and whoever was forgotten on this machine must be forgotten again.")
    else:
        told.append(
            f"Open: callbacks {still.callbacks}, of them late {still.late}; emergencies {still.emergencies}; "
            f"calls and threads {still.contacts}. They go on as soon as Hotline runs: `hotline run`."
        )
    told.append(
        "Missing is what happened since: calls and texts are in the carrier's own log. Look through "
        "`hotline staff list`: whoever has left since is back, and passwords are as they were. Everybody signs in anew."
    )
    told.append(
        "Backups that aren't on this machine are no longer counted, and each still needs the data key of then. The "
        "next one is made as soon as Hotline runs, or by `hotline backup`."
    )
    return told


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--key",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The file with the private key.",
)
@click.option("--replace", is_flag=True, help="Even if there is a database with people in it.")
def command(file: Path, *, key: Path, replace: bool) -> None:
    """Put a backup back, while Hotline is stopped: with the private key, and with the HOTLINE_DATA_KEY of then."""
    click.echo(restore(os.environ, file, key, replace=replace, say=click.echo))
