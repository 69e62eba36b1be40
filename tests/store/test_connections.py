"""How many connections to PostgreSQL a process takes: never more than it was told, and nobody is turned away for it."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import make_url

from hotline.runtime import web_worker
from hotline.settings.environment import CONNECTIONS
from hotline.store.database import Database, Unavailable
from tests.store.conftest import KEYS
from tests.store.threads import in_threads

pytestmark = pytest.mark.postgres

_OURS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'three'"
)


@pytest.fixture
def three(postgresql_url: str) -> Iterator[Database]:
    """A process that may have three."""
    named = make_url(postgresql_url).update_query_dict({"application_name": "three"})
    address = named.render_as_string(hide_password=False)
    database = Database(address, KEYS, timedelta(seconds=5), connections=3)
    yield database
    database.dispose()


def _counted(url: str) -> int:
    other = Database(url, KEYS, timedelta(seconds=5), connections=1)
    with other.read() as tx:
        found = int(tx.connection.exec_driver_sql(_OURS).scalar_one())
    other.dispose()
    return found


def test_more_threads_than_connections_get_their_turn_and_the_server_sees_no_more(
    three: Database, postgresql_url: str
) -> None:
    seen: list[int] = []
    came, all_held = itertools.count(), threading.Barrier(3)

    def reads() -> None:
        with three.read() as tx:
            tx.connection.exec_driver_sql("SELECT 1")
            if next(came) < 3:
                all_held.wait(5)
            seen.append(_counted(postgresql_url))

    in_threads([reads] * 12)
    assert (len(seen), max(seen)) == (12, 3)


def test_whoever_finds_all_of_them_in_use_for_too_long_is_told_so(postgresql_url: str) -> None:
    one = Database(postgresql_url, KEYS, timedelta(seconds=0.2), connections=1)
    with one.read() as tx:
        tx.connection.exec_driver_sql("SELECT 1")
        with pytest.raises(Unavailable), one.read():
            pass
    one.dispose()


def test_a_web_process_has_one_for_each_thread_that_may_ask() -> None:
    """And one for whoever stands in for the clock: a page that waits keeps no telephone waiting."""
    assert sum(web_worker.THREADS.values()) + 1 <= CONNECTIONS


def test_the_server_looks_whether_we_are_still_there(postgresql_url: str) -> None:
    """A machine that lost its power says no goodbye; by itself the server would keep its connections for two hours."""
    database = Database(postgresql_url, KEYS, timedelta(seconds=5))
    with database.read() as tx:
        asked = "SELECT setting FROM pg_settings WHERE name = 'idle_in_transaction_session_timeout'"
        assert tx.connection.exec_driver_sql(asked).scalar_one() == "10000"
        reset = "SELECT reset_val FROM pg_settings WHERE name = 'tcp_keepalives_idle'"
        assert tx.connection.exec_driver_sql(reset).scalar_one() == "15"
    database.dispose()
