"""How the two databases are opened so that they behave alike."""

from __future__ import annotations

import sqlite3
from math import ceil
from time import monotonic, sleep
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

_BEGIN = "hotline_begin"
_READ, _WRITE = "BEGIN", "BEGIN IMMEDIATE"
_PATIENCE = "hotline_patience"
_ASK_AGAIN = 0.0005
"""Seconds between two tries to be the one writer. A turn holds the lock for about a millisecond, while SQLite's own
waiting soon sleeps for 100 at a time: measured, that cost two processes half of what they could do."""


def check(url: URL) -> None:
    """Raises ValueError, which doesn't show the address, for a database that we can't use."""
    if url.get_backend_name() not in {"sqlite", "postgresql"}:
        raise ValueError("the database is SQLite or PostgreSQL")
    if url.get_backend_name() == "sqlite" and url.database in {None, "", ":memory:"}:
        raise ValueError("SQLite needs a file: a database in memory keeps no promise")


def create(url: URL, busy: float) -> tuple[Engine, Engine]:
    """(for reading, for writing): two ways to begin on one pool of connections."""
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, busy)
    return _postgresql(url, busy)


def wait_at_most(connection: Connection, seconds: float) -> None:
    """On SQLite, what is left of the waiting time after the turnstile. PostgreSQL was told at connect."""
    if connection.dialect.name == "sqlite":
        connection.info[_PATIENCE] = seconds


def _sqlite(url: URL, busy: float) -> tuple[Engine, Engine]:
    engine = create_engine(
        url.set(drivername="sqlite+pysqlite"),
        hide_parameters=True,
        poolclass=QueuePool,
        pool_size=8,
        max_overflow=-1,  # threads bound it; a wait here would be one more lock
        connect_args={"isolation_level": None, "timeout": busy, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _prepare(raw: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        raw.execute("PRAGMA journal_mode=WAL")
        raw.execute("PRAGMA synchronous=FULL")
        raw.execute("PRAGMA foreign_keys=ON")

    reading = engine.execution_options(**{_BEGIN: _READ})
    writing = engine.execution_options(**{_BEGIN: _WRITE})
    for one in (reading, writing):
        event.listen(one, "begin", _begin_sqlite)
    return reading, writing


def _begin_sqlite(connection: Connection) -> None:
    begin = connection.get_execution_options()[_BEGIN]
    patience, raw = connection.info.get(_PATIENCE, 0.0), _raw(connection)
    reading = begin == _READ
    raw.execute(f"PRAGMA busy_timeout={int(patience * 1000) if reading else 0}")
    raw.execute(f"PRAGMA query_only={int(reading)}")
    deadline = monotonic() + patience
    while not reading and monotonic() < deadline:
        try:
            raw.execute(begin)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                break
            sleep(_ASK_AGAIN)
        else:
            return
    # The last try is SQLAlchemy's, so that what it raises is as everywhere.
    connection.exec_driver_sql(begin)


def _raw(connection: Connection) -> Any:
    """The driver's own connection: for what must not begin a transaction by itself."""
    return connection.connection.dbapi_connection


def _postgresql(url: URL, busy: float) -> tuple[Engine, Engine]:
    wait = max(1, int(busy * 1000))
    given = url.query.get("options", "")
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        pool_size=8,
        max_overflow=24,
        pool_timeout=busy,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": max(2, ceil(busy)),
            # A dead host must not hold rows, nor a dead server our threads, for TCP's own two hours.
            "keepalives_idle": 5,
            "keepalives_interval": 2,
            "keepalives_count": 3,
            "tcp_user_timeout": max(2000, wait),
            "options": f"{given} -c lock_timeout={wait} -c statement_timeout={wait} -c timezone=UTC".strip(),
        },
    )
    reading = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    writing = engine.execution_options(isolation_level="READ COMMITTED")
    return reading, writing
