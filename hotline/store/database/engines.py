"""How the two databases are opened so that they behave alike."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from time import monotonic, sleep
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from hotline.settings.environment import CONNECTIONS
from hotline.store.database.failures import ELSEWHERE, Contended

_BEGIN = "hotline_begin"
_READ, _WRITE = "BEGIN", "BEGIN IMMEDIATE"
_PATIENCE, _AT_MOST = "hotline_patience", "hotline_at_most"
CONNECT = timedelta(seconds=2)
"""How long a new connection to PostgreSQL may take; libpq knows no less."""
_KEPT_OPEN = 8
"""How many of a process's connections to PostgreSQL are kept when nobody uses them."""
_ASK_AGAIN = 0.0005
"""Seconds between two tries to be the one writer. A turn holds the lock for about a millisecond, while SQLite's own
waiting soon sleeps for 100 at a time: measured, that cost two processes half of what they could do."""


def check(url: URL) -> None:
    """Raises ValueError, which doesn't show the address, for a database that we can't use."""
    if url.get_backend_name() not in {"sqlite", "postgresql"}:
        raise ValueError("the database is SQLite or PostgreSQL")
    if url.get_backend_name() == "sqlite" and url.database in {None, "", ":memory:"}:
        raise ValueError("SQLite needs a file: a database in memory keeps no promise")


def create(
    url: URL, busy: float, connections: int = CONNECTIONS, *, migrating: bool = False
) -> tuple[Engine, Engine]:
    """(for reading, for writing): two ways to begin; on PostgreSQL on one pool of connections, of which it sees no more
    than so many, and on SQLite each with its own."""
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, busy)
    return _postgresql(url, busy, connections, migrating=migrating)


def without_transactions(reading: Engine) -> Connection:
    """A connection for single statements, each of which sees one moment of its own."""
    # Said to the connection: an engine's own level would be set after that of an engine that it was made from.
    return (
        reading.execution_options(**{_BEGIN: None}).connect().execution_options(isolation_level="AUTOCOMMIT")
    )


def prepare(connection: Connection, seconds: float, at_most: float | None = None) -> None:
    """How long the transaction that begins now may wait; `at_most`: if it is seen that others get their turn."""
    connection.info[_PATIENCE] = seconds
    connection.info[_AT_MOST] = seconds if at_most is None else at_most


def _sqlite(url: URL, busy: float) -> tuple[Engine, Engine]:
    """A connection reads or writes for as long as it lives: SQLite forgets every statement that it has prepared when it
    is told which, and preparing them costs several times what running them does."""
    return _sqlite_engine(url, busy, _READ), _sqlite_engine(url, busy, _WRITE)


def _sqlite_engine(url: URL, busy: float, begin: str) -> Engine:
    engine = create_engine(
        url.set(drivername="sqlite+pysqlite"),
        hide_parameters=True,
        poolclass=QueuePool,
        pool_size=8,
        max_overflow=-1,  # threads bound it; a wait here would be one more lock
        connect_args={"isolation_level": None, "timeout": busy, "check_same_thread": False},
        execution_options={_BEGIN: begin},
    )

    @event.listens_for(engine, "connect")
    def _prepare(raw: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        _once_free(raw, "PRAGMA journal_mode=WAL", busy)
        raw.execute("PRAGMA synchronous=FULL")
        raw.execute("PRAGMA foreign_keys=ON")
        raw.execute(f"PRAGMA query_only={int(begin == _READ)}")

    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _once_free(raw: sqlite3.Connection, statement: str, patience: float) -> None:
    """Of processes that open a new file together, SQLite refuses all but one at once, whatever its time-out."""
    deadline = monotonic() + patience
    while True:
        try:
            raw.execute(statement)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() >= deadline:
                raise
            sleep(_ASK_AGAIN)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    begin = connection.get_execution_options()[_BEGIN]
    if begin is None:
        return
    patience, raw = connection.info.get(_PATIENCE, 0.0), _raw(connection)
    reading = begin == _READ
    raw.execute(f"PRAGMA busy_timeout={int(patience * 1000) if reading else 0}")
    began = monotonic()
    deadline, kept = began + patience, 0 if reading else _kept_by_others(raw)
    while not reading and monotonic() < deadline:
        try:
            raw.execute(begin)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                break
            sleep(_ASK_AGAIN)
        else:
            return
        if monotonic() >= deadline and _kept_by_others(raw) != kept:
            # Whoever holds the lock is no backup gone wrong: it is a busy database, and our turn comes.
            longest = began + float(connection.info.get(_AT_MOST) or patience)
            if monotonic() >= longest:
                raise Contended("others were writing until the time was over")
            deadline = longest
    # The last try is SQLAlchemy's, so that what it raises is as everywhere.
    connection.exec_driver_sql(begin)


def _kept_by_others(raw: Any) -> int:
    """A number that changes with each commit of another connection, in whatever process; 0 if it can't be had."""
    try:
        (version,) = raw.execute("PRAGMA data_version").fetchone()
    except sqlite3.OperationalError:
        return 0
    return int(version)


def _raw(connection: Connection) -> Any:
    """The driver's own connection: for what must not begin a transaction by itself."""
    return connection.connection.dbapi_connection


def _postgresql(url: URL, busy: float, connections: int, *, migrating: bool) -> tuple[Engine, Engine]:
    wait = max(1, int(busy * 1000))
    given = url.query.get("options", "")
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        pool_size=min(_KEPT_OPEN, connections),
        max_overflow=max(0, connections - _KEPT_OPEN),
        pool_timeout=busy,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": int(CONNECT.total_seconds()),
            # A dead host must not hold rows, nor a dead server our threads, for TCP's own two hours.
            "keepalives_idle": 5,
            "keepalives_interval": 2,
            "keepalives_count": 3,
            "tcp_user_timeout": max(2000, wait),
            "options": f"{given} -c lock_timeout={wait} -c statement_timeout={wait} -c timezone=UTC"
            # Nor must a process of ours that is stopped in the middle, or whose machine lost its power: the server's
            # own two hours would be two hours of connections that nobody else may have.
            " -c tcp_keepalives_idle=15 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
            f" -c idle_in_transaction_session_timeout={max(10_000, 2 * wait)}".strip(),
        },
    )
    reading = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    writing = engine.execution_options(isolation_level="READ COMMITTED")
    if not migrating:
        event.listen(writing, "begin", _begin_postgresql)
        event.listen(writing, "handle_error", _leave_the_server)
    return reading, writing


def _begin_postgresql(connection: Connection) -> None:
    wait = max(1, int(connection.info.get(_PATIENCE, 0.0) * 1000))
    connection.exec_driver_sql(f"SET LOCAL statement_timeout = {wait}; SET LOCAL lock_timeout = {wait}")


def _leave_the_server(context: ExceptionContext) -> None:
    """A server that takes no writes any more is left by every connection of the pool, not only by this one."""
    if getattr(context.original_exception, "sqlstate", None) in ELSEWHERE:
        context.is_disconnect = True
