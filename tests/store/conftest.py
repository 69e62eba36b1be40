"""Every test that asks for `database` runs on SQLite and on PostgreSQL, each time on empty tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from hotline.store.database import Database
from hotline.store.sealed import Keyring
from hotline.store.tables import metadata, revision
from tests import databases

KEYS = Keyring((b"a" * 32,))
BOTH = [pytest.param("sqlite"), pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(scope="module")
def postgresql_url() -> Iterator[str]:
    """One database of the module's own."""
    url = databases.postgresql()
    yield url
    databases.drop(url)


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated database with empty tables."""
    if request.param == "sqlite":
        yield databases.sqlite(tmp_path)
        return
    url: str = request.getfixturevalue("postgresql_url")
    yield url
    _empty(url)


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """A database with one sealing key, patient enough for a loaded machine."""
    database = Database(url, KEYS, busy=timedelta(seconds=10))
    yield database
    database.dispose()


def _empty(url: str) -> None:
    database = Database(url, KEYS, busy=timedelta(seconds=10))
    with database.write() as tx:
        for table in reversed(metadata.sorted_tables):
            if table is not revision:
                tx.connection.execute(table.delete())
        tx.connection.execute(revision.update().values(n=0))
    database.dispose()
