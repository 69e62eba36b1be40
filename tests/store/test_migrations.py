"""Migrations: they lead to the tables that the code uses, one step at a time, and in both directions."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect

import hotline.store.migrations
from hotline.model import PhoneNumber
from hotline.store.cases import escalations
from hotline.store.database import Database, Unavailable
from hotline.store.database.tables import metadata
from hotline.store.migrations import migrate
from hotline.store.overviews.crew import crew
from hotline.store.people import staff
from tests import databases
from tests.store.conftest import BOTH, KEYS
from tests.store.examples import escalation, member
from tests.store.threads import in_threads


def steps() -> list[str]:
    """Every revision, the first one first."""
    config = Config()
    config.set_main_option("script_location", str(Path(hotline.store.migrations.__path__[0])))
    return [step.revision for step in reversed(list(ScriptDirectory.from_config(config).walk_revisions()))]


@pytest.fixture(params=BOTH)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database that nobody has migrated; its path holds a sign that Alembic treats specially."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/a%sb.db"
        return
    url = databases.empty_postgresql()
    yield url
    databases.drop(url)


def look(url: str, how: str) -> object:
    """Differences from the tables in the code, or the names of the tables that are there."""

    def differences(connection: Connection) -> object:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        return compare_metadata(context, metadata)

    engine = create_engine(url)
    with engine.connect() as connection:
        found = differences(connection) if how == "differences" else inspect(connection).get_table_names()
    engine.dispose()
    return found


def test_the_newest_revision_is_the_tables_of_the_code(empty: str) -> None:
    """Nothing was added to the tables without a migration."""
    migrate.upgrade(empty)
    assert migrate.current(empty) == steps()[-1]
    assert look(empty, "differences") == []


@pytest.mark.proof("postgresql")
def test_every_step_can_be_taken_up_and_down(empty: str) -> None:
    """One by one, back, and up again; at the bottom nothing of ours is left."""
    for step in steps():
        migrate.upgrade(empty, step)
        assert migrate.current(empty) == step
    for below in [*reversed(steps()[:-1]), "base"]:
        migrate.downgrade(empty, below)
    assert migrate.current(empty) is None
    assert look(empty, "tables") == ["alembic_version"]
    migrate.upgrade(empty)
    assert look(empty, "differences") == []


def test_whoever_could_be_rung_before_schedules_rotated_can_be_rung_now(empty: str) -> None:
    """People, and their emergencies on their way, as they were at revision 0019, are the same after it."""
    migrate.upgrade(empty)
    database = Database(empty, KEYS, timedelta(seconds=5))
    with database.write() as tx:
        staff.add(tx, member("s1"))
        staff.add(tx, member("s2", name="Ben", phone=PhoneNumber("+16175550122"), verified=False))
        escalations.add(tx, escalation("e1"))

    def read() -> tuple[object, object]:
        with database.read() as tx:
            here = crew(tx)
            return [(one.id, one.can_be_rung, one.phone) for one in here.members], escalations.all_open(tx)

    before = read()
    database.dispose()
    migrate.downgrade(empty, "0019")
    migrate.upgrade(empty)
    assert read() == before
    database.dispose()


def test_processes_that_start_together_do_not_clash(empty: str) -> None:
    """One of them migrates, the others find it done."""
    barrier = threading.Barrier(4)

    def start() -> None:
        barrier.wait(10)
        migrate.upgrade(empty)

    in_threads([start] * 4)
    assert migrate.current(empty) == steps()[-1]


def test_a_step_that_fails_leaves_the_database_as_it_was(empty: str) -> None:
    """All of a migration or nothing of it: here one of its tables is in the way."""
    engine = create_engine(empty)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE turns (x INTEGER)")
    engine.dispose()
    with pytest.raises(Exception, match=r"42P07|SQLITE_ERROR"):
        migrate.upgrade(empty)
    assert look(empty, "tables") == ["turns"]
    assert migrate.current(empty) is None


def test_a_new_sqlite_file_is_its_owners_alone(tmp_path: Path) -> None:
    """And so are its log and its shared memory."""
    url = f"sqlite:///{tmp_path}/hotline.db"
    migrate.upgrade(url)
    with Database(url, KEYS, timedelta(seconds=2)).write():
        modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
    assert modes == dict.fromkeys(("hotline.db", "hotline.db-wal", "hotline.db-shm"), 0o600)


def test_an_unreachable_database_is_unavailable() -> None:
    """Asking for the revision of what isn't there."""
    with pytest.raises(Unavailable):
        migrate.current("sqlite:////nowhere/at/all.db")
