"""Bringing a database's tables to the shape that this version of Hotline needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, inspect, make_url, select, text, update

from hotline.store.database import Newer, engines
from hotline.store.database.failures import translated
from hotline.store.database.tables import metadata, oldest_program

_LONGEST = 120.0
"""Seconds that a whole migration, or the wait for another process's, may take."""
_ADVISORY_LOCK = 0x686F746C696E65
"""Any number, as long as every Hotline uses the same one."""


@dataclass(frozen=True, slots=True)
class Migrated:
    """From which revision a database was brought to which."""

    before: str | None
    """None: it held no tables of ours."""
    now: str | None


def upgrade(url: str, revision: str = "head") -> Migrated:
    """Bring the database to `revision`, all of it or nothing; says what that was.

    Processes that start together queue here, and the later ones find nothing to do; nor does a program of before,
    where a later one has changed the database in a way that it may go on with. A new SQLite file can
    be read by its owner alone. Raises Unavailable, and Newer; raises ValueError for an unusable `url`.
    """
    _make_private(url)
    with _alone(url) as config:
        connection = config.attributes["connection"]
        before = _revision(connection)
        if _is_of_ours(connection):
            command.upgrade(config, revision)
            _note_oldest(connection)
        return Migrated(before, _revision(connection))


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def make_sure(url: str) -> None:
    """Raises Newer if a later version has changed the database so that this one can't use it, and Unavailable."""
    with _connected(url, reading=True) as connection:
        _is_of_ours(connection)


def oldest(module: object) -> str | None:
    """The revision from which on programs may use what this step makes, where it says so; None: as before it.

    A step that only adds says nothing: what a program of before writes is taken, and what it reads is there. One that
    takes away or renames has `oldest_program` beside its `revision`.
    """
    said: str | None = getattr(module, "oldest_program", None)
    return said


def _is_of_ours(connection: Connection) -> bool:
    """Whether this program knows all that was done to the database; Newer if it may not even use it."""
    revision = MigrationContext.configure(connection).get_current_revision()
    known = {step.revision for step in _steps()}
    if revision is None or revision in known:
        return True
    row = select(oldest_program.c.revision).where(oldest_program.c.id == 1)
    may = inspect(connection).has_table(oldest_program.name) and connection.execute(row).scalar() in known
    if not may:
        raise Newer(revision)
    return False


def _note_oldest(connection: Connection) -> None:
    """For programs of before, which don't know the newest steps themselves."""
    if not inspect(connection).has_table(oldest_program.name):
        return
    reached = MigrationContext.configure(connection).get_current_revision() or ""
    said = [found for step in _steps() if step.revision <= reached and (found := oldest(step.module))]
    if said:
        connection.execute(update(oldest_program).values(revision=max(said)))


def _steps() -> list[Script]:
    return list(ScriptDirectory.from_config(_config()).walk_revisions())


def make_known(revision: str | None) -> None:
    """Raises Newer for a revision that a later version has named."""
    if revision is not None and revision not in {step.revision for step in _steps()}:
        raise Newer(revision)


@contextmanager
def rebuilt(url: str, revision: str) -> Iterator[Connection]:
    """Take all tables of ours away, make them as they were at `revision`, and bring them to this version when the block
    ends: all of it, with whatever the block does by this connection, or nothing.

    Raises Unavailable, and Newer if this version knows neither that revision nor the one that is there.
    """
    make_known(revision)
    _make_private(url)
    with _alone(url) as config:
        connection = config.attributes["connection"]
        there = _revision(connection)
        make_known(there)
        if there is not None:
            command.upgrade(config, "head")
            metadata.drop_all(connection)
            connection.execute(text("DROP TABLE alembic_version"))
        command.upgrade(config, revision)
        yield connection
        command.upgrade(config, "head")
        _note_oldest(connection)


def downgrade(url: str, revision: str) -> None:
    """Take the database back to `revision`, and lose what that one can't hold. Raises as `upgrade`."""
    with _alone(url) as config:
        command.downgrade(config, revision)


def current(url: str) -> str | None:
    """The database's revision; None if it holds no tables of ours. Raises Unavailable."""
    with _connected(url, reading=True) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str:
    """The revision that this version of Hotline needs."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def _make_private(url: str) -> None:
    """SQLite gives its log and its shared memory the mode of the file itself."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        with suppress(OSError):  # connecting will say what is wrong
            Path(parsed.database).touch(mode=0o600, exist_ok=True)


def _config() -> Config:
    config = Config()
    # Percent signs in a path are Alembic's own syntax.
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config


@contextmanager
def _alone(url: str) -> Iterator[Config]:
    """A transaction in which no other process migrates: SQLite lets in one writer, PostgreSQL is asked."""
    with _connected(url, reading=False) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
        config = _config()
        config.attributes["connection"] = connection
        yield config


@contextmanager
def _connected(url: str, *, reading: bool) -> Iterator[Connection]:
    parsed = make_url(url)
    engines.check(parsed)
    for_reading, for_migrating = engines.create(parsed, _LONGEST, migrating=True)
    try:
        with translated(), (for_reading if reading else for_migrating).connect() as connection:
            engines.prepare(connection, _LONGEST)
            with connection.begin():
                yield connection
    finally:
        for_reading.dispose()
        for_migrating.dispose()
