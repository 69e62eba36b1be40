"""Bringing a database's tables to the shape that this version of Hotline needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, make_url, text

from hotline.store.database import Newer, engines
from hotline.store.database.failures import translated

_LONGEST = 120.0
"""Seconds that a whole migration, or the wait for another process's, may take."""
_ADVISORY_LOCK = 0x686F746C696E65
"""Any number, as long as every Hotline uses the same one."""


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database to `revision`, all of it or nothing.

    Processes that start together queue here, and the later ones find nothing to do. A new SQLite file can
    be read by its owner alone. Raises Unavailable, and Newer; raises ValueError for an unusable `url`.
    """
    _make_private(url)
    with _alone(url) as config:
        _make_sure(MigrationContext.configure(config.attributes["connection"]).get_current_revision())
        command.upgrade(config, revision)


def make_sure(url: str) -> None:
    """Raises Newer if a later version has changed the database, and Unavailable."""
    _make_sure(current(url))


def _make_sure(revision: str | None) -> None:
    known = {step.revision for step in ScriptDirectory.from_config(_config()).walk_revisions()}
    if revision is not None and revision not in known:
        raise Newer(revision)


def downgrade(url: str, revision: str) -> None:
    """Take the database back to `revision`, and lose what that one can't hold. Raises as `upgrade`."""
    with _alone(url) as config:
        command.downgrade(config, revision)


def current(url: str) -> str | None:
    """The database's revision; None if it holds no tables of ours. Raises Unavailable."""
    with _connected(url, reading=True) as connection:
        return MigrationContext.configure(connection).get_current_revision()


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
