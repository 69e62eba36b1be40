"""One connection of a process that is kept at hand for single statements which are asked again and again.

It is given back every few seconds, so that it is looked over like all others: a server that takes no writes any more is
left by it, too.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Final

from sqlalchemy import Connection, Engine

from hotline.store.database import engines
from hotline.store.database.failures import Unavailable

KEPT: Final = 5.0
"""Seconds for which it is kept."""


class Glances:
    """The connection, which one thread uses at a time."""

    def __init__(self, reading: Engine) -> None:
        """`reading`: where it comes from; each statement on it sees one moment of its own."""
        self._reading = reading
        self._guard = threading.Lock()
        self._kept: Connection | None = None
        self._until = 0.0

    @contextmanager
    def connection(self, patience: float) -> Iterator[Connection]:
        """The connection, for one statement. Raises Unavailable if others use it for `patience` seconds."""
        if not self._guard.acquire(timeout=patience):
            raise Unavailable("other threads are glancing")
        try:
            connection = self._fresh(patience)
            yield connection
            connection.rollback()
        except BaseException:
            self._give_back()
            raise
        finally:
            self._guard.release()

    def let_go(self, *, close: bool = True) -> None:
        """Keep nothing open. `close`: else it is another process's, and only forgotten."""
        if not close:
            self._kept, self._guard = None, threading.Lock()
            return
        with self._guard:
            self._give_back()

    def _fresh(self, patience: float) -> Connection:
        if self._kept is None or monotonic() >= self._until:
            self._give_back()
            self._kept = engines.without_transactions(self._reading)
            engines.prepare(self._kept, patience)
            self._until = monotonic() + KEPT
        return self._kept

    def _give_back(self) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.close()
