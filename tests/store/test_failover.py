"""PostgreSQL stops, or another server takes over: whoever was connected to the old one finds the new one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from time import monotonic, sleep

import pytest

from hotline.model import ContactId
from hotline.store.cases import contacts
from hotline.store.database import Database, Tx, Unavailable
from hotline.store.migrations import migrate
from tests.chaos.servers import Postgres
from tests.store.conftest import KEYS
from tests.store.examples import contact
from tests.store.threads import in_threads

pytestmark = pytest.mark.postgres
C1 = ContactId("c1")


def turned(tx: Tx) -> int:
    """One more turn; how many there were."""
    row = contacts.get(tx, C1)
    assert row is not None
    return contacts.save(tx, replace(row, turn=row.turn + 1)).turn


def test_a_server_that_has_become_read_only_is_left_at_once(postgresql_url: str) -> None:
    """One refusal is enough: the whole pool is dropped, and the change is made on a new connection."""
    database = Database(postgresql_url, KEYS, timedelta(seconds=5))
    database.transact(lambda tx: contacts.add(tx, contact("c1")))

    def read_only() -> None:
        with database.write() as tx:
            tx.connection.exec_driver_sql("SET SESSION default_transaction_read_only = on")
            sleep(0.2)  # until each of them has a connection of its own

    in_threads([read_only] * 4)
    assert [database.transact(turned) for _ in range(8)] == list(range(2, 10))
    database.dispose()


def test_a_connection_that_is_lost_before_the_commit_costs_a_second_run(postgresql_url: str) -> None:
    """Nothing was kept, so nothing is done twice."""
    database = Database(postgresql_url, KEYS, timedelta(seconds=5))
    database.transact(lambda tx: contacts.add(tx, contact("c1")))
    lost: list[int] = []

    def lose_once(tx: Tx) -> int:
        found = turned(tx)
        if not lost:
            lost.append(tx.connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())
            with database.write() as other:
                other.connection.exec_driver_sql(f"SELECT pg_terminate_backend({lost[0]})")
        return found

    assert database.transact(lose_once) == 2
    database.dispose()


@pytest.mark.slow
def test_after_a_failover_to_a_hot_standby_writes_go_on_within_5_s() -> None:
    """The first server dies, the standby is promoted: from then on it takes no 5 s until something is kept again."""
    primary = Postgres.start()
    standby = None
    try:
        primary.ask("CREATE DATABASE hotline")
        migrate.upgrade(primary.address("hotline"))
        standby = Postgres.standby_of(primary)
        either = f"postgresql+psycopg://postgres@/hotline?host={primary.socket},{standby.socket}"
        database = Database(f"{either}&target_session_attrs=read-write", KEYS, timedelta(seconds=2.5))
        database.transact(lambda tx: contacts.add(tx, contact("c1")))
        in_threads([lambda: database.transact(turned)] * 4)
        _follows(primary, standby)
        primary.control("stop", "-m", "immediate")
        standby.control("promote")
        began = monotonic()
        assert _until_kept(database) == 6
        assert monotonic() - began < 5
        database.dispose()
    finally:
        if standby is not None:
            standby.close()
        primary.close()


def _follows(primary: Postgres, standby: Postgres) -> None:
    ((position,),) = primary.ask("SELECT pg_current_wal_lsn()")
    for _ in range(100):
        ((there,),) = standby.ask(f"SELECT pg_last_wal_replay_lsn() >= '{position}'")
        if there:
            return
        sleep(0.05)
    raise AssertionError("the standby did not follow")


def _until_kept(database: Database) -> int:
    until = monotonic() + 20
    while True:
        try:
            return database.transact(turned)
        except Unavailable:
            assert monotonic() < until, "nothing can be kept"
            sleep(0.1)
