"""A year or three of rows written at once, on both databases, for benches that ask afterwards."""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import psycopg
from sqlalchemy import Table, make_url

from hotline.store.database import Database, Keyring
from tests import databases

KEYS: Final = Keyring((b"b" * 32,))

Write = Callable[[Table, Iterator[tuple[Any, ...]]], None]
Fill = Callable[[Write], None]
"""Writes rows, each as long as its table, into one table after another."""


def filled(fill: Fill) -> Iterator[tuple[str, Database, float]]:
    """SQLite, then PostgreSQL: its name, the database with its rows, and how many seconds they took."""
    with tempfile.TemporaryDirectory(prefix="hlb") as folder:
        yield from _each("SQLite", databases.sqlite(Path(folder)), fill_sqlite, fill)
        yield from _each("PostgreSQL", databases.postgresql(), _fill_postgresql, fill)


def _each(
    name: str, url: str, into: Callable[[str, Fill], None], fill: Fill
) -> Iterator[tuple[str, Database, float]]:
    began = time.perf_counter()
    into(url, fill)
    with opened(url) as database:
        yield name, database, time.perf_counter() - began


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """Hotline's own database on it, which waits for minutes where others write."""
    database = Database(url, KEYS, busy=timedelta(minutes=5))
    try:
        yield database
    finally:
        database.dispose()


def fill_sqlite(url: str, fill: Fill) -> None:
    """Write them; the indices are made anew afterwards, which is much sooner done."""
    with closing(sqlite3.connect(str(make_url(url).database))) as connection:
        connection.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-2000000;"
        )
        named = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        indices = connection.execute(named).fetchall()
        for name, _ in indices:
            connection.execute(f'DROP INDEX "{name}"')

        def write(table: Table, rows: Iterator[tuple[Any, ...]]) -> None:
            blanks, names = ",".join("?" * len(table.c)), ", ".join(table.c.keys())
            connection.executemany(f"INSERT INTO {table.name} ({names}) VALUES ({blanks})", rows)

        fill(write)
        for _, statement in indices:
            connection.execute(statement)
        connection.commit()
        connection.execute("PRAGMA journal_mode=WAL")


def _fill_postgresql(url: str, fill: Fill) -> None:
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as connection:

        def write(table: Table, rows: Iterator[tuple[Any, ...]]) -> None:
            names = ", ".join(table.c.keys())
            with connection.cursor().copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)

        fill(write)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
