"""Databases that are away for a while, in ways that really happen."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import Engine, event, make_url

from hotline.runtime.wiring import Wiring
from tests import databases
from tests.stories.world import World


def path_of(here: Wiring) -> str:
    """The SQLite file of an application."""
    return str(make_url(here.application.settings.database_url.get_secret_value()).database)


@contextmanager
def locked(here: Wiring) -> Iterator[None]:
    """Somebody else holds the write lock, or one on every table: a backup gone wrong, an administrator at a prompt."""
    address = make_url(here.application.settings.database_url.get_secret_value())
    if address.get_backend_name() == "postgresql":
        with psycopg.connect(address.set(drivername="postgresql").render_as_string(False)) as raw:
            tables = [
                name for (name,) in raw.execute("SELECT tablename FROM pg_tables WHERE schemaname='public'")
            ]
            raw.execute(
                SQL("LOCK TABLE {} IN EXCLUSIVE MODE").format(SQL(", ").join(map(Identifier, tables)))
            )
            yield
            raw.rollback()
        return
    other = sqlite3.connect(path_of(here), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.rollback()
        other.close()


@contextmanager
def gone(here: Wiring) -> Iterator[None]:
    """The file is no database any more, or the server lets nobody in."""
    url = here.application.settings.database_url.get_secret_value()
    if url.startswith("postgresql"):
        with postgresql_gone(url):
            yield
        return
    path = Path(path_of(here))
    kept = path.read_bytes()
    here.application.database.dispose()
    path.write_bytes(b"no database" * 1000)
    try:
        yield
    finally:
        here.application.database.dispose()
        path.write_bytes(kept)


@contextmanager
def nearly_full(here: Wiring, pages_left: int) -> Iterator[None]:
    """There is room for so many pages of 4 KiB more, and then for none."""
    database = here.application.database
    with sqlite3.connect(path_of(here)) as asked:
        (pages,) = asked.execute("PRAGMA page_count").fetchone()

    def limit(raw: sqlite3.Connection, _: object) -> None:
        raw.execute(f"PRAGMA max_page_count={pages + pages_left}")

    event.listen(Engine, "connect", limit)
    database.dispose()
    try:
        yield
    finally:
        event.remove(Engine, "connect", limit)
        database.dispose()


@contextmanager
def postgresql_gone(url: str) -> Iterator[None]:
    """The server lets nobody in, and throws out who is there."""
    name = make_url(url).database
    databases._ask(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    databases._ask(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    try:
        yield
    finally:
        databases._ask(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


def goes_by(world: World, seconds: float) -> None:
    """Time passes for telephones; our clock can't reach the database, and says so in its log only."""
    world.clock.let_pass(world.sim, seconds)
