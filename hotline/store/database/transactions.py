"""Transactions on the database of record: SQLite (WAL) or PostgreSQL, with the same promises.

- `write()` sees and changes the present. Reading a row locks nothing, and saving one fails if anybody else has saved
  it since it was read. On SQLite there is one writer at a time. On PostgreSQL whoever changes what belongs to one
  room, or to one telephone number, holds that; see `rows.hold`.
- `read()` sees one moment, and can change nothing.
- None takes longer than `busy`, waiting and running again included; then it raises `Unavailable`. On SQLite, while
  others are seen to get their turn, one waits for its own until `at_most`.
- What `write()` left without an error is on disk (SQLite: `synchronous=FULL`).
"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic, sleep
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection, CursorResult, Engine, text
from sqlalchemy.engine import make_url

from hotline.settings.environment import CONNECTIONS
from hotline.store.database import engines
from hotline.store.database.failures import (
    CommitProgress,
    Contended,
    Duplicate,
    Moved,
    OutOfTurn,
    SavedTwice,
    Stale,
    Unavailable,
    translated,
)
from hotline.store.database.fair_lock import FairLock
from hotline.store.database.glances import Glances
from hotline.store.database.holds import RoomsHeld
from hotline.store.database.sealed import Keyring
from hotline.store.database.unwritten import Unwritten

T = TypeVar("T")
_log = structlog.get_logger("hotline.store")
_ATTEMPTS = 6
"""How often `transact` runs a function that finds something there already."""
_ATTEMPTS_AT_A_FAULT = 3
"""How often it runs a function that is in its own way."""
_LONGEST_PAUSE = 0.3
"""Seconds between two runs of what others were in the way of again and again."""
_RECONNECT = engines.CONNECT.total_seconds()
"""What must be left of the time for it to make sense to look for another server."""


@dataclass(slots=True, repr=False)
class Tx:
    """One transaction: what every function of this floor takes first. Not to be kept after its end."""

    connection: Connection
    keys: Keyring
    writing: bool
    at: datetime | None = None
    """The time at which it happens (UTC), if whoever opened it has said so."""
    board_changed: bool = False
    """Whether the board would show what was changed; the board's revision then moves on at the end."""
    known: dict[tuple[str, ...], dict[object, Any]] = field(default_factory=dict)
    """What was read already, by tables; see `rows.once`."""
    found: dict[tuple[str, str], Any] = field(default_factory=dict)
    """Rows by table and id, as they were read or written last; see `rows.by_id`."""
    held: RoomsHeld = field(default_factory=RoomsHeld)
    """What this transaction holds; see `rows.hold`."""
    unwritten: Unwritten = field(default_factory=Unwritten)
    """What it has still to write."""

    def execute(self, statement: Any, given: Any = None) -> CursorResult[Any]:
        """Run a statement, after what waits for its tables was written. Raises Duplicate, Stale."""
        concerned = self.unwritten.concerns(statement)
        if concerned:
            self.unwritten.write(self.connection, concerned)
        if concerned or getattr(statement, "is_dml", True):
            self.held.rows = True
        result: CursorResult[Any] = self.connection.execute(statement, given)
        return result


@dataclass(slots=True)
class _Opened:
    """What belongs to one process and must not survive a fork."""

    pid: int
    reading: Engine
    writing: Engine
    fair_lock: FairLock | None
    glances: Glances
    kept: int = 0
    """How many transactions that write have been kept."""

    def dispose(self, *, close: bool = True) -> None:
        """Let go of the connections that nobody is using."""
        self.glances.let_go(close=close)
        self.reading.dispose(close=close)
        self.writing.dispose(close=close)


class Database:
    """The door to the database. Opens nothing until it is used; safe to share between threads and forks."""

    def __init__(
        self,
        url: str,
        keys: Keyring,
        busy: timedelta,
        at_most: timedelta | None = None,
        connections: int = CONNECTIONS,
    ) -> None:
        """`busy`: how long one transaction may wait for a lock; `at_most`: on SQLite, while others' commits show that
        it is a queue that moves. `connections`: how many of this process's PostgreSQL sees at once; whoever finds all
        of them in use waits for one. Raises ValueError for an unusable `url`."""
        self._url = make_url(url)
        engines.check(self._url)
        self.keys = keys
        self._busy = busy.total_seconds()
        self._connections = connections
        self._longer = max(0.0, at_most.total_seconds() - self._busy) if at_most is not None else 0.0
        self._guard = threading.Lock()
        self._opened: _Opened | None = None
        _databases.add(self)

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        """For whoever is done with it then: as `dispose`."""
        self.dispose()

    @contextmanager
    def write(self, within: float | None = None, hold: Iterable[str] = ()) -> Iterator[Tx]:
        """A transaction that is kept when the block ends well, and undone when it raises.

        `within`: seconds, instead of `busy`. `hold`: what to hold from the beginning; see `rows.hold`.
        Raises Unavailable, Stale, Duplicate; see `failures`.
        """
        patience = self._busy if within is None else within
        opened, deadline = self._open(), monotonic() + patience
        kept = opened.kept

        def more() -> float:
            return self._longer if opened.kept != kept else 0.0

        if opened.fair_lock and not opened.fair_lock.enter(patience, more):
            raise (Contended if opened.kept != kept else Unavailable)("other threads are writing")
        progress = CommitProgress()
        try:
            with translated(progress), opened.writing.connect() as connection:
                left = deadline - monotonic()
                longest = max(0.0, left + self._longer)
                # Whose place in line has come only now was shown by then that the line moves.
                engines.prepare(connection, left if left > 0 else longest, longest)
                with connection.begin():
                    tx = Tx(connection, self.keys, writing=True)
                    tx.held.all_of(connection, hold)
                    yield tx
                    tx.unwritten.write(connection)
                    if tx.board_changed:
                        connection.execute(_NEXT_REVISION[connection.dialect.name])
                    progress.committing = True
            opened.kept += 1
        finally:
            if opened.fair_lock:
                opened.fair_lock.leave()

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A view of one moment; a change inside it fails. Raises Unavailable."""
        with translated(), self._open().reading.connect() as connection:
            engines.prepare(connection, self._busy)
            with connection.begin():
                yield Tx(connection, self.keys, writing=False)

    @contextmanager
    def glance(self) -> Iterator[Tx]:
        """For one statement by itself that changes nothing, asked again and again: without the transaction around it,
        which costs several times as much. Whoever else glances in this process waits. Raises Unavailable."""
        with translated(), self._open().glances.connection(self._busy) as connection:
            yield Tx(connection, self.keys, writing=False)

    def transact(self, change: Callable[[Tx], T]) -> T:
        """Run `change` in a transaction; run all of it again, on fresh rows, if others got in its way.

        `change` must not touch anything but the transaction. Raises Unavailable when the time is over (Contended, if it
        was over because of others), and Duplicate when even the last attempt failed.
        """
        deadline, runs = monotonic() + self._busy, 0
        hold: frozenset[str] = frozenset()
        while True:
            runs += 1
            left, held = deadline - monotonic(), RoomsHeld()
            try:
                with self.write(left, hold) as tx:
                    held = tx.held
                    return change(tx)
            except OutOfTurn as refused:
                hold |= refused.wanted
                if deadline > monotonic():
                    continue
            except Duplicate:
                if runs == _ATTEMPTS:
                    raise
            except SavedTwice as fault:
                _log.error("a row is saved twice by one transaction", table=str(fault), run=runs)
                if runs >= _ATTEMPTS_AT_A_FAULT:
                    raise Contended("this transaction was in its own way") from None
            except Stale:
                # What was read before it was held has changed meanwhile: held from the beginning, it can't.
                hold |= held.each.keys()
            except Moved:
                if deadline - monotonic() < _RECONNECT:
                    raise
            # Uneven, so that two who met once don't meet again; longer each time, so that what never succeeds leaves
            # the one writer to others.
            pause = min(0.002 * 1.5**runs, _LONGEST_PAUSE) + threading.get_ident() % 7 / 1000
            if deadline - monotonic() <= pause:
                raise Contended("others were in the way until the time was over")
            sleep(pause)

    def dispose(self) -> None:
        """Close the connections that nobody is using. The database can be used again afterwards."""
        with self._guard:
            if self._opened and self._opened.pid == os.getpid():
                self._opened.dispose()

    def _open(self) -> _Opened:
        """This process's engines. A child forgets its parent's connections without closing them."""
        with self._guard:
            if self._opened and self._opened.pid != os.getpid():
                self._opened.dispose(close=False)
                self._opened = None
            if self._opened is None:
                reading, writing = engines.create(self._url, self._busy, self._connections)
                fair_lock = FairLock() if self._url.get_backend_name() == "sqlite" else None
                self._opened = _Opened(os.getpid(), reading, writing, fair_lock, Glances(reading))
            return self._opened

    def _forget_guard(self) -> None:
        """In a new child: another thread of the parent may have held the guard at the fork."""
        self._guard = threading.Lock()


_COUNT = "INSERT INTO revision (id, n) VALUES ({row}, 1) ON CONFLICT (id) DO UPDATE SET n = revision.n + 1"
_NEXT_REVISION = {
    "sqlite": text(_COUNT.format(row="1")),
    "postgresql": text(_COUNT.format(row="1 + pg_backend_pid() % 64")),
}
_databases: weakref.WeakSet[Database] = weakref.WeakSet()


def _before_fork() -> None:
    # SQLite's locks belong to a process, yet its library counts them in memory that a fork copies: a child
    # born beside an open connection would believe in locks that it does not hold. So none stays open.
    for database in list(_databases):
        database.dispose()


def _after_fork() -> None:
    for database in list(_databases):
        database._forget_guard()


os.register_at_fork(before=_before_fork, after_in_child=_after_fork)
