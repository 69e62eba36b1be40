"""``hotline key rotate``: everything sealed anew under the newest key, while the system runs."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from time import sleep
from typing import Final

import click
from sqlalchemy import Table

from hotline.commands.aligned import aligned
from hotline.commands.staff_file import CommandRefused, open_here
from hotline.commands.typed import Commands
from hotline.runtime.wiring import wall_clock
from hotline.settings.load import Settings, load_settings
from hotline.store.database import Database, Tx
from hotline.store.keeping import backup_log
from hotline.store.keeping.backup_log import BackupStatus
from hotline.store.upkeep import canary, heartbeats, resealing
from hotline.telephony.webhooks.journal import Journal

_ALIVE = timedelta(minutes=2)
_BREATH = 0.05
"""Seconds between two batches, in which SQLite's one writer is somebody else."""


def rotate(environ: Mapping[str, str], say: Callable[[str], None], now: Callable[[], datetime]) -> str:
    """Seal everything anew under the first key of HOTLINE_DATA_KEY; returns what to tell at the end.

    Safe to kill, and to run again: it goes on where it was. Raises CommandRefused with what to do
    first, and as `load` does.
    """
    settings = load_settings(environ)
    with open_here(environ) as database:
        _seal_anew(settings, database, say, now())
    if len(settings.data_keys) == 1:
        return "Everything is sealed with the one key that there is."
    return (
        "Everything is sealed with the newest key: take the older ones out of HOTLINE_DATA_KEY, and restart. Keep them "
        "where the backups' keys are, for as long as there are backups that need them."
    )


def _seal_anew(settings: Settings, database: Database, say: Callable[[str], None], now: datetime) -> None:
    with database.read() as tx:
        _make_sure_that_all_know_it(tx, now)
        waiting = resealing.waiting(tx)
    say(f"{waiting} rows to seal anew.")
    for table in resealing.tables():
        _through(database, table, say)
    lines = _journal(settings, database).reseal()
    with database.read() as tx:
        left = resealing.waiting(tx)
    if left or lines:
        raise CommandRefused(
            f"{left} rows and {lines} lines of the journal could not be sealed anew: they are damaged, or sealed with "
            "a key that HOTLINE_DATA_KEY lacks, or it isn't known whose they are. Keep the older keys, and try again."
        )
    database.transact(canary.moult)


def _make_sure_that_all_know_it(tx: Tx, now: datetime) -> None:
    """Whoever runs without the newest key could read nothing of what is sealed with it."""
    others = [name for name, key in heartbeats.keys(tx, now - _ALIVE).items() if key != tx.keys.newest]
    if others:
        raise CommandRefused(
            f"{', '.join(sorted(others))} run with another key in the first place: put the new key before the old one "
            "in HOTLINE_DATA_KEY (NEW,OLD), restart everything, wait two minutes, and run this again."
        )


def _through(database: Database, table: Table, say: Callable[[str], None]) -> None:
    done, last, more = 0, None, True
    while more:
        one = database.transact(partial(resealing.batch, after=last, table=table))
        done, last, more = done + one.resealed, one.last, one.last is not None
        if one.resealed:
            say(f"{table.name}: {done}")
        if more:
            sleep(_BREATH)


def _journal(settings: Settings, database: Database) -> Journal:
    return Journal(settings.home / "journal", database.keys)


def standing(environ: Mapping[str, str], now: Callable[[], datetime]) -> str:
    """Which keys there are, what is sealed with each, who seals with it, and which may be taken out.

    Raises as `load` does.
    """
    settings = load_settings(environ)
    with open_here(environ) as database, database.read() as tx:
        texts, beats = resealing.by_key(tx), heartbeats.keys(tx, now() - _ALIVE)
        copies = [one for one in backup_log.every(tx) if one.status is BackupStatus.KEPT]
    ring = database.keys.names
    journal = sum(1 for _ in _journal(settings, database).files())
    rows = [("key", "sealed texts", "processes", "backups here that need it", "")]
    for key in [*ring, *sorted(texts.keys() - set(ring))]:
        running = sum(one == key for one in beats.values())
        needed = sum(one.data_keys[0] == key for one in copies)
        rows.append((key, str(texts.get(key, 0)), str(running), str(needed), _may_go(key, ring, texts)))
    told = list(aligned(rows))
    if len(rows) > 2:
        told.append(_ELSEWHERE)
    if journal:
        told.append(f"{journal} files of the journal wait to be read: their lines need the key of then.")
    return "\n".join(told)


_KEEP: Final = "may be taken out; keep it with the backups, wherever they lie"
_ELSEWHERE: Final = (
    "Backups of before a restore or a move, and on other machines, aren't counted: each needs "
    "the key of then."
)


def _may_go(key: str, ring: Sequence[str], texts: Mapping[str, int]) -> str:
    if key not in ring:
        return "MISSING: add it at the end of HOTLINE_DATA_KEY"
    if key == ring[0]:
        return "the newest: seals everything"
    return "in use: `hotline key rotate`" if texts.get(key) else _KEEP


@click.group("key", cls=Commands)
def group() -> None:
    """Change the key that seals numbers, names and texts."""


@group.command("rotate")
def _rotate() -> None:
    """Seal everything anew under the newest key, while all goes on."""
    click.echo(rotate(os.environ, click.echo, wall_clock))


@group.command("list")
def _list() -> None:
    """Say which keys there are by their public names, what each opens, and which may be taken out."""
    click.echo(standing(os.environ, wall_clock))
