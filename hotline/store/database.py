"""Transactions on the database of record: SQLite (WAL) or PostgreSQL, with the same promises.

- `write()` sees and changes the present; what it loads to change stays its own until the end.
- `read()` sees one moment, and can change nothing.
- Neither waits longer than `busy` for a lock; then it raises `Unavailable`.
- What `write()` left without an error is on disk (SQLite: `synchronous=FULL`).
"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic, sleep
from typing import TypeVar

from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine import make_url

from hotline.store import engines
from hotline.store.failures import Refused, Stale, StoreError, Taken, Unavailable, translated
from hotline.store.sealed import Keyring
from hotline.store.turnstile import Turnstile

__all__ = ["Database", "Refused", "Stale", "StoreError", "Taken", "Tx", "Unavailable"]

T = TypeVar("T")
_ATTEMPTS = 6
"""How often `transact` runs a function that others got in the way of."""


@dataclass(slots=True, repr=False)
class Tx:
    """One transaction: what every function of this floor takes first. Not to be kept after its end."""

    connection: Connection
    keys: Keyring
    writing: bool
    seen: bool = False
    """Whether the board would show what was changed; the board's revision then moves on at the end."""


@dataclass(slots=True)
class _Opened:
    """What belongs to one process and must not survive a fork."""

    pid: int
    reading: Engine
    writing: Engine
    turnstile: Turnstile | None


class Database:
    """The door to the database. Opens nothing until it is used; safe to share between threads and forks."""

    def __init__(self, url: str, keys: Keyring, busy: timedelta) -> None:
        """`busy`: how long one transaction may wait for a lock. Raises ValueError for an unusable `url`."""
        self._url = make_url(url)
        engines.check(self._url)
        self.keys = keys
        self._busy = busy.total_seconds()
        self._guard = threading.Lock()
        self._opened: _Opened | None = None
        _databases.add(self)

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """A transaction that is kept when the block ends well, and undone when it raises.

        Raises Unavailable, Stale, Taken; see `failures`.
        """
        opened, deadline = self._open(), monotonic() + self._busy
        if opened.turnstile and not opened.turnstile.enter(self._busy):
            raise Unavailable("other threads are writing")
        try:
            with translated(), opened.writing.connect() as connection:
                engines.wait_at_most(connection, max(0.0, deadline - monotonic()))
                with connection.begin():
                    tx = Tx(connection, self.keys, writing=True)
                    yield tx
                    if tx.seen:
                        # Last of all, so that this one row is never held while another is waited for.
                        connection.execute(_NEXT_REVISION)
        finally:
            if opened.turnstile:
                opened.turnstile.leave()

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A view of one moment; a change inside it fails. Raises Unavailable."""
        with translated(), self._open().reading.connect() as connection:
            engines.wait_at_most(connection, self._busy)
            with connection.begin():
                yield Tx(connection, self.keys, writing=False)

    def transact(self, change: Callable[[Tx], T]) -> T:
        """Run `change` in a transaction; run all of it again, on fresh rows, if others got in its way.

        `change` must not touch anything but the transaction. Raises Unavailable at once, and Stale or
        Taken when even the last attempt failed.
        """
        for attempt in range(1, _ATTEMPTS):
            try:
                with self.write() as tx:
                    return change(tx)
            except (Stale, Taken):
                sleep(0.005 * attempt)
        with self.write() as tx:
            return change(tx)

    def dispose(self) -> None:
        """Close the connections that nobody is using. The database can be used again afterwards."""
        with self._guard:
            if self._opened and self._opened.pid == os.getpid():
                self._opened.reading.dispose()

    def _open(self) -> _Opened:
        """This process's engines. A child forgets its parent's connections without closing them."""
        with self._guard:
            if self._opened and self._opened.pid != os.getpid():
                self._opened.reading.dispose(close=False)
                self._opened = None
            if self._opened is None:
                reading, writing = engines.create(self._url, self._busy)
                turnstile = Turnstile() if self._url.get_backend_name() == "sqlite" else None
                self._opened = _Opened(os.getpid(), reading, writing, turnstile)
            return self._opened

    def _forget_guard(self) -> None:
        """In a new child: another thread of the parent may have held the guard at the fork."""
        self._guard = threading.Lock()


_NEXT_REVISION = text("UPDATE revision SET n = n + 1 WHERE id = 1")
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
