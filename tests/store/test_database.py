"""Transactions: kept or undone, never half; never waiting longer than told; the same on both databases."""

from __future__ import annotations

import os
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import select

from hotline.model import ContactId
from hotline.store.cases import contacts
from hotline.store.database import Database, Duplicate, Refused, Stale, Tx, Unavailable, revision
from hotline.store.people import callers
from hotline.store.traffic import outbox
from tests import databases
from tests.store.conftest import KEYS
from tests.store.examples import CALLER, contact, effect
from tests.store.threads import in_threads

C1 = ContactId("c1")


def turned(tx: Tx, contact_id: ContactId) -> None:
    """One more turn of this contact."""
    row = contacts.get(tx, contact_id)
    assert row is not None
    contacts.save(tx, replace(row, turn=row.turn + 1))


@contextmanager
def holding(database: Database, contact_id: ContactId) -> Iterator[None]:
    """Another actor has changed the row (on SQLite: has the whole database) and takes its time."""
    held, enough = threading.Event(), threading.Event()

    def hold() -> None:
        with database.write() as tx:
            turned(tx, contact_id)
            held.set()
            enough.wait(20)

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(10)
    try:
        yield
    finally:
        enough.set()
        thread.join()


def test_what_was_written_is_there_afterwards(database: Database, url: str) -> None:
    """A transaction that ended well is seen by everybody."""
    with database.write() as tx:
        contacts.add(tx, contact())
    with Database(url, KEYS, timedelta(seconds=2)).read() as tx:
        assert contacts.get(tx, C1) is not None


def test_what_raised_was_never_there(database: Database) -> None:
    """A transaction that ended badly leaves nothing."""

    def fail(tx: Tx) -> None:
        contacts.add(tx, contact())
        raise KeyError

    with pytest.raises(KeyError):
        database.transact(fail)
    with database.read() as tx:
        assert contacts.get(tx, C1) is None


def test_nothing_can_be_changed_while_reading(database: Database) -> None:
    """A reader that writes is a fault, found at once."""
    with pytest.raises(Unavailable), database.read() as tx:
        contacts.add(tx, contact())
    with database.write() as tx:
        assert contacts.get(tx, C1) is None


def test_a_reader_sees_one_moment(database: Database) -> None:
    """What others commit meanwhile does not show in the middle of a page."""
    with database.read() as reader:
        before = contacts.ongoing(reader)
        with database.write() as tx:
            contacts.add(tx, contact())
        assert contacts.ongoing(reader) == before == []
    with database.read() as reader:
        assert len(contacts.ongoing(reader)) == 1


def test_a_lock_is_waited_for_as_long_as_told_and_no_longer(database: Database, url: str) -> None:
    """Locked for longer than the busy time: Unavailable, in time for a webhook to say something else."""
    with database.write() as tx:
        contacts.add(tx, contact())
    hurried = Database(url, KEYS, busy=timedelta(milliseconds=300))
    with holding(database, C1):
        began = monotonic()
        with pytest.raises(Unavailable):
            hurried.transact(lambda tx: turned(tx, C1))
        assert 0.25 < monotonic() - began < 1.5
    hurried.transact(lambda tx: turned(tx, C1))


def test_many_threads_that_wait_for_one_lock_all_give_up_in_time(database: Database, url: str) -> None:
    """Waiting in line behind one another does not add up."""
    with database.write() as tx:
        contacts.add(tx, contact())
    hurried, took = Database(url, KEYS, busy=timedelta(milliseconds=300)), list[float]()

    def ask() -> None:
        began = monotonic()
        with pytest.raises(Unavailable):
            hurried.transact(lambda tx: turned(tx, C1))
        took.append(monotonic() - began)

    with holding(database, C1):
        in_threads([ask] * 6)
    assert len(took) == 6
    assert max(took) < 1.5


def test_readers_never_wait_for_a_writer(database: Database, url: str) -> None:
    """The board shows, whoever writes."""
    with database.write() as tx:
        contacts.add(tx, contact())
    with holding(database, C1), Database(url, KEYS, timedelta(milliseconds=200)).read() as tx:
        assert contacts.get(tx, C1) is not None


def test_of_two_who_change_one_version_the_second_is_stale(database: Database) -> None:
    """No change is lost unnoticed."""
    with database.write() as tx:
        first = contacts.add(tx, contact())
    with database.write() as tx:
        assert contacts.save(tx, replace(first, turn=2)).version == 2
    with pytest.raises(Stale), database.write() as tx:
        contacts.save(tx, replace(first, turn=3))


def test_what_may_be_there_once_is_taken_the_second_time(database: Database) -> None:
    """The same CallSid makes one contact; the clash undoes the whole transaction."""
    with database.write() as tx:
        contacts.add(tx, contact())
    with pytest.raises(Duplicate), database.write() as tx:
        contacts.add(tx, contact("c2", provider_sid="CA-c1"))
    with database.read() as tx:
        assert contacts.get(tx, ContactId("c2")) is None


@pytest.mark.parametrize("interruption", [Stale, Duplicate])
def test_a_transaction_that_others_got_in_the_way_of_is_run_again(
    database: Database, interruption: type[Exception]
) -> None:
    """All of it, from the beginning, and only its last run counts."""
    runs: list[int] = []

    def change(tx: Tx) -> str:
        runs.append(len(runs))
        contacts.add(tx, contact(f"c{len(runs)}"))
        if len(runs) < 3:
            raise interruption
        return "done"

    assert database.transact(change) == "done"
    with database.read() as tx:
        assert [one.id for one in contacts.ongoing(tx)] == ["c3"]


def test_running_again_has_an_end(database: Database) -> None:
    """What fails every time is told."""

    def clash(_tx: Tx) -> None:
        raise Duplicate("always")

    with pytest.raises(Duplicate):
        database.transact(clash)


def test_unavailable_is_told_at_once(database: Database) -> None:
    """A webhook has no time for more."""
    runs: list[None] = []

    def change(_tx: Tx) -> None:
        runs.append(None)
        raise Unavailable("now")

    with pytest.raises(Unavailable):
        database.transact(change)
    assert len(runs) == 1


def test_threads_that_change_one_row_lose_nothing(database: Database) -> None:
    """Eight threads, forty changes: all of them counted."""

    def count(tx: Tx) -> None:
        caller = callers.get(tx, CALLER)
        callers.save(tx, replace(caller, replies=caller.replies + 1))

    def work() -> None:
        for _ in range(5):
            database.transact(count)

    in_threads([work] * 8)
    with database.read() as tx:
        assert callers.get(tx, CALLER).replies == 40


def test_two_who_hold_what_the_other_wants_both_get_through(database: Database) -> None:
    """A deadlock costs one of them a second run, and nothing else."""
    with database.write() as tx:
        contacts.add(tx, contact("c1"))
        contacts.add(tx, contact("c2"))
    barrier = threading.Barrier(2)

    def work(ids: list[str]) -> None:
        first_run = [True]

        def change(tx: Tx) -> None:
            for one in ids:
                row = contacts.get(tx, ContactId(one))
                assert row is not None
                contacts.save(tx, replace(row, turn=row.turn + 1))
                if first_run[0]:
                    first_run[0] = False
                    with_patience(barrier)

        database.transact(change)

    in_threads([lambda: work(["c1", "c2"]), lambda: work(["c2", "c1"])])
    with database.read() as tx:
        assert [one.turn for one in contacts.ongoing(tx)] == [3, 3]


def with_patience(barrier: threading.Barrier) -> None:
    """Meet the other thread, unless the database lets in only one of us."""
    try:
        barrier.wait(0.5)
    except threading.BrokenBarrierError:
        return


def test_failures_do_not_say_whom_they_were_about(database: Database) -> None:
    """Neither the message nor the traceback quotes a row."""
    with database.write() as tx:
        contacts.add(tx, contact())
    for broken in (contact(provider_sid="CA-other"), contact("c2", room=None)):
        with pytest.raises((Duplicate, Refused)) as failure, database.write() as tx:
            contacts.add(tx, replace(broken, stir="canary"))
        told = "".join(traceback.format_exception(failure.value))
        assert "canary" not in told
        assert "(c1)" not in told


def test_the_revision_moves_on_with_what_the_board_shows_and_with_nothing_else(database: Database) -> None:
    """The board asks for one number to know whether to draw itself anew."""
    with database.write() as tx:
        contacts.add(tx, contact())
        contacts.add(tx, contact("c2"))
    with database.write() as tx:
        outbox.add(tx, effect())
    with database.read() as tx:
        assert tx.execute(select(revision.NUMBER)).scalar_one() == 1


def test_a_child_process_opens_its_own_connections(database: Database) -> None:
    """A fork beside an open database harms neither side."""
    with database.write() as tx:
        contacts.add(tx, contact("c1"))
    child = os.fork()
    if child == 0:
        code = 1
        try:
            with database.write() as tx:
                contacts.add(tx, contact("c2"))
            code = 0
        finally:
            os._exit(code)
    with database.write() as tx:
        contacts.add(tx, contact("c3"))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    with database.read() as tx:
        assert {one.id for one in contacts.ongoing(tx)} == {"c1", "c2", "c3"}


def test_a_full_disk_is_unavailable_and_leaves_nothing(tmp_path: Path) -> None:
    """Nobody is told that something was kept when it wasn't (SQLite, told to be full)."""
    database = Database(databases.sqlite(tmp_path), KEYS, timedelta(seconds=2))

    def fill(tx: Tx) -> None:
        tx.connection.exec_driver_sql("PRAGMA max_page_count = 1")
        for number in range(2000):
            contacts.add(tx, contact(f"c{number}", data="x" * 2000))

    with pytest.raises(Unavailable, match="SQLITE_FULL"):
        database.transact(fill)
    database.dispose()
    with database.read() as tx:
        assert contacts.ongoing(tx) == []


@pytest.mark.parametrize("address", ["sqlite:////nowhere/at/all.db", "postgresql://u:secret@127.0.0.1:1/x"])
def test_an_unreachable_database_is_unavailable(address: str) -> None:
    """Found out when it is used, not when the application is opened, and without showing the password."""
    database = Database(address, KEYS, timedelta(milliseconds=500))
    with pytest.raises(Unavailable) as failure, database.write():
        pytest.fail("there is no such database")
    assert "secret" not in "".join(traceback.format_exception(failure.value))


@pytest.mark.parametrize("address", ["sqlite://", "sqlite:///:memory:", "mysql://u:secret@h/x"])
def test_databases_that_keep_no_promise_are_refused(address: str) -> None:
    """A database in memory, or one that nobody has tried."""
    with pytest.raises(ValueError, match="SQLite") as refused:
        Database(address, KEYS, timedelta(seconds=1))
    assert "secret" not in str(refused.value)


def test_sqlite_keeps_what_it_confirmed_through_a_power_cut(tmp_path: Path) -> None:
    """WAL, synchronous=FULL, foreign keys: on every connection."""
    database = Database(databases.sqlite(tmp_path), KEYS, timedelta(seconds=2))
    with database.write() as tx:
        asked = ["journal_mode", "synchronous", "foreign_keys"]
        found = [tx.connection.exec_driver_sql(f"PRAGMA {one}").scalar_one() for one in asked]
    assert found == ["wal", 2, 1]
