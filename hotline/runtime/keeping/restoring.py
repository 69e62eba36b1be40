"""Putting a backup back: whole, on a Hotline that is stopped, and with the right keys; or not at all.

Into SQLite a new file is written beside the old one, which is kept under another name; on PostgreSQL everything is one
transaction. A backup of an older version is put into the tables of that version, and these are brought to this one.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from sqlalchemy import Connection, make_url, text

from hotline.operations.keeping import after_restore, removing
from hotline.operations.keeping.after_restore import StillOpen
from hotline.operations.transaction import Application
from hotline.runtime.keeping import reading_backups
from hotline.runtime.keeping.making_backups import CannotBackUp, backups_in, folder_of
from hotline.runtime.supervisor import alone_in
from hotline.runtime.wiring import open_application
from hotline.settings.load import Settings
from hotline.store.database import WRONG_KEY, Keyring, Newer, Unsealable
from hotline.store.keeping import table_lines
from hotline.store.keeping.table_lines import BackupBeginning, BackupReading
from hotline.store.migrations import migrate
from hotline.store.upkeep import canary

Say = Callable[[str], None]
_HALF: Final = ".restoring"
_RUNS: Final = "Hotline is running on that database: stop everything of it, on every machine, then try again"
_LEAVING: Final = 2.0
_OTHERS: Final = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
    "AND backend_type = 'client backend'"
)
_FILLED: Final = text("SELECT EXISTS (SELECT 1 FROM staff) OR EXISTS (SELECT 1 FROM contacts)")


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back."""

    beginning: BackupBeginning
    rows: int
    tables: int
    journal: int
    """Files of webhooks that had not been read yet."""
    before: Path | None
    """Where the database is that was there before; None: there was none, or it is gone."""
    still_open: StillOpen | None
    """None: there are rows that no key opens, as there were when the backup was made."""


def restore(
    settings: Settings,
    file: Path,
    key: Path,
    clock: Callable[[], datetime],
    say: Say,
    *,
    replace: bool = False,
) -> Restored:
    """Put this backup into the place of the database of these settings. `clock`: the time now, UTC.

    Raises CannotBackUp with what to do; AlreadyRunning; SettingsProblems; StoreError.
    """
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with alone_in(settings.home):
        with reading_backups.read(file, key) as reading:
            before, journal = _checked_and_put_back(settings, reading, clock(), say, replace=replace)
        begins = reading.beginning
        application = open_application(settings, clock=clock, resident=False).application
        with application.database:
            canary.know_keys(application.database)
            here = frozenset(one.name for one in backups_in(folder_of(settings)))
            application.change(lambda transaction: after_restore.settle(transaction, begins.at, here))
            still_open = _what_goes_on(application, _marks(settings.home / removing.FORGOTTEN))
    return Restored(begins, sum(reading.rows.values()), len(reading.rows), journal, before, still_open)


def _what_goes_on(application: Application, marks: list[str]) -> StillOpen | None:
    try:
        application.change(lambda transaction: removing.forget_again(transaction, marks))
        return application.look(after_restore.look)
    except Unsealable:
        return None


def _marks(file: Path) -> list[str]:
    """Of those who were forgotten on this machine, perhaps since the backup."""
    return file.read_text(encoding="ascii").split() if file.is_file() else []


def _checked_and_put_back(
    settings: Settings, reading: BackupReading, now: datetime, say: Say, *, replace: bool
) -> tuple[Path | None, int]:
    begins, url = reading.beginning, settings.database_url.get_secret_value()
    keys = Keyring(tuple(key.get_secret_value() for key in settings.data_keys))
    if not reading_backups.fits(keys, begins):
        raise CannotBackUp(f"Nothing was changed. {WRONG_KEY}")
    try:
        migrate.make_known(begins.revision)
    except Newer:
        raise CannotBackUp(
            "A later version of Hotline has made it: install that version, then try again."
        ) from None
    _make_sure_that_nobody_is_there(url, replace=replace)
    return _put_back(settings, url, reading, now, say)


def _make_sure_that_nobody_is_there(url: str, *, replace: bool) -> None:
    """Raises CannotBackUp."""
    path = _file_of(url)
    if path is not None and not (path.exists() and path.stat().st_size):
        return
    filled = False
    if migrate.current(url) is not None:
        with table_lines.at_one_moment(url) as connection:
            filled = bool(connection.execute(_FILLED).scalar())
    if filled and not replace:
        raise CannotBackUp(
            "There is a database with people in it already. To put the backup in its place: --replace. What it holds "
            "and the backup doesn't is gone from the line then."
        )
    if path is not None:
        _make_sure_that_nobody_has_opened(path)
    else:
        _make_sure_that_nobody_is_connected(url)


def _make_sure_that_nobody_has_opened(path: Path) -> None:
    """SQLite leaves its log only if nobody else has the file open; then all of it is in the one file."""
    with closing(sqlite3.connect(path, timeout=1.0)) as raw:
        try:
            (mode,) = raw.execute("PRAGMA journal_mode=DELETE").fetchone()
        except sqlite3.OperationalError:
            mode = "wal"
    if mode != "delete":
        raise CannotBackUp(f"{_RUNS} (somebody has its file open).")


def _make_sure_that_nobody_is_connected(url: str) -> None:
    """PostgreSQL goes on showing for a moment whoever has just left."""
    deadline = monotonic() + _LEAVING
    while True:
        with table_lines.at_one_moment(url) as connection:
            others = connection.execute(_OTHERS).scalar_one()
        if not others:
            return
        if monotonic() >= deadline:
            raise CannotBackUp(f"{_RUNS} (somebody is connected to it).")
        sleep(0.1)


def _file_of(url: str) -> Path | None:
    parsed = make_url(url)
    return Path(str(parsed.database)) if parsed.get_backend_name() == "sqlite" else None


def _put_back(
    settings: Settings, url: str, reading: BackupReading, now: datetime, say: Say
) -> tuple[Path | None, int]:
    path = _file_of(url)
    if path is None:
        with migrate.rebuilt(url, reading.beginning.revision) as connection:
            return None, _fill(settings, connection, reading, now, say)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _new_file(path) as half:
        with migrate.rebuilt(f"sqlite:///{half}", reading.beginning.revision) as connection:
            journal = _fill(settings, connection, reading, now, say)
        before = path.with_name(f"{path.name}.before-{now:%Y%m%d-%H%M%S}") if path.exists() else None
        if before is not None:
            path.rename(before)
        half.rename(path)
    return before, journal


@contextmanager
def _new_file(path: Path) -> Iterator[Path]:
    """A database beside the one that is there; nothing is left of it if it doesn't come to be."""
    half = path.with_name(path.name + _HALF)
    leavings = [half.with_name(half.name + ending) for ending in ("", "-wal", "-shm", "-journal")]
    for one in leavings:
        one.unlink(missing_ok=True)
    try:
        yield half
    finally:
        for one in leavings:
            with suppress(OSError):
                one.unlink(missing_ok=True)


def _fill(settings: Settings, connection: Connection, reading: BackupReading, now: datetime, say: Say) -> int:
    journal: list[Path] = []
    try:
        for named, parts in reading.each():
            if "table" in named:
                table_lines.put_back(connection, named, parts)
                if reading.rows[named["table"]]:
                    say(f"{named['table']}: {reading.rows[named['table']]}")
            elif str(named["file"]).startswith("journal/"):
                # The clock reads it, and knows what it has read already.
                kept = {**named, "file": f"journal/{now:%Y%m%d%H%M%S}-{len(journal)}.journal"}
                journal.append(reading_backups.write_file(settings.home, kept, parts))
            else:
                for _ in parts:
                    pass
    except BaseException:
        for one in journal:
            os.unlink(one)
        raise
    return len(journal)
