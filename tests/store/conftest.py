"""Every test that asks for `database` runs on SQLite and on PostgreSQL, each time on empty tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from hotline.store.database import Database, Keyring
from hotline.store.database.tables import metadata, revision
from tests import databases
from tests.store.houses import Houses, built_in

KEYS = Keyring((b"a" * 32,))
BOTH = [pytest.param("sqlite"), pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(scope="module")
def on_postgresql() -> Iterator[tuple[str, Database]]:
    """A PostgreSQL database of the module's own, and its address."""
    url = databases.postgresql()
    database = Database(url, KEYS, busy=timedelta(seconds=10))
    yield url, database
    database.dispose()
    databases.drop(url)


@pytest.fixture
def postgresql_url(on_postgresql: tuple[str, Database]) -> Iterator[str]:
    """Its address; its tables are empty."""
    url, database = on_postgresql
    yield url
    _empty(database)


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a migrated database with empty tables."""
    if request.param == "sqlite":
        return databases.sqlite(tmp_path)
    url: str = request.getfixturevalue("postgresql_url")
    return url


@pytest.fixture
def database(url: str, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database with one sealing key, patient enough for a loaded machine."""
    if url.startswith("postgresql"):
        yield request.getfixturevalue("on_postgresql")[1]
        return
    database = Database(url, KEYS, busy=timedelta(seconds=10))
    yield database
    database.dispose()


@pytest.fixture
def houses(tmp_path: Path) -> Iterator[Houses]:
    """Hotlines with a database of their own; see there."""
    with built_in(tmp_path) as build:
        yield build


def _empty(database: Database) -> None:
    with database.write() as tx:
        for table in reversed(metadata.sorted_tables):
            if table is not revision:
                tx.execute(table.delete())
        tx.execute(revision.update().values(n=0))
