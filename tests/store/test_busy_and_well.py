"""A busy SQLite is not taken for one that is away: while others get their turn, one waits for one's own."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest

from hotline.store.database import Contended, Database, Unavailable
from hotline.store.people import callers
from tests import databases
from tests.store.conftest import KEYS
from tests.store.examples import CALLER

BUSY, AT_MOST = timedelta(milliseconds=150), timedelta(seconds=4)


@contextmanager
def others(address: str, *, commit: bool) -> Iterator[threading.Event]:
    """Another process that writes, and takes the lock anew as soon as it has committed (or never commits), until it is
    told to let go."""
    raw = sqlite3.connect(address.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False)
    let_go = threading.Event()
    raw.execute("CREATE TABLE others (n)")
    raw.execute("PRAGMA busy_timeout=5000")
    raw.execute("BEGIN IMMEDIATE")

    def hold() -> None:
        while not let_go.wait(0.05 if commit else 10) and commit:
            raw.execute("INSERT INTO others VALUES (1)")
            raw.execute("COMMIT")
            # Whoever polls comes between, once in a while.
            raw.execute("BEGIN IMMEDIATE")
        raw.rollback()

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        yield let_go
    finally:
        let_go.set()
        thread.join()
        raw.close()


def saves(database: Database) -> None:
    """A change."""
    database.transact(lambda tx: callers.save(tx, callers.get(tx, CALLER)))


def test_while_others_commit_one_waits_for_longer(tmp_path: Path) -> None:
    """Longer than the usual patience: the lock was let go in time."""
    address = databases.sqlite(tmp_path)
    database = Database(address, KEYS, BUSY, AT_MOST)
    saves(database)
    with others(address, commit=True) as let_go:
        threading.Timer(0.5, let_go.set).start()
        saves(database)


def test_a_lock_in_which_nothing_moves_is_given_up_as_ever(tmp_path: Path) -> None:
    """A backup gone wrong, an administrator at a prompt: no longer than the usual patience."""
    address = databases.sqlite(tmp_path)
    database = Database(address, KEYS, BUSY, AT_MOST)
    saves(database)
    with others(address, commit=False):
        began = monotonic()
        with pytest.raises(Unavailable) as refused:
            saves(database)
        assert not isinstance(refused.value, Contended)
        assert monotonic() - began < AT_MOST.total_seconds()
