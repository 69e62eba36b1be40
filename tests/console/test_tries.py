"""How many guesses are checked, whoever makes them, from wherever, and however many at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from hotline.console.sign_in import tries
from hotline.console.sign_in.tries import Attempt, Backoff
from hotline.operations.transaction import Application, Transaction
from hotline.settings.elsewhere.far_ends import far_end, home_of
from hotline.store.database import Database, Keyring, Tx
from hotline.store.people.sign_in_tries import Tries
from tests import databases
from tests.store.threads import in_threads

NOW = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
RULE = Backoff.read("5/minute")


@pytest.mark.parametrize(
    ("failures", "minutes"), [(0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (8, 8), (9, 15), (10, 15), (5000, 15)]
)
def test_each_failure_beyond_what_is_free_doubles_the_wait(failures: int, minutes: int) -> None:
    """Up to a quarter of an hour; and an hour without one forgets them all."""
    known = Tries(failures, NOW)
    assert RULE.wait(known, NOW) == minutes * MINUTE
    assert RULE.wait(known, NOW + minutes * MINUTE) <= timedelta(0)
    assert RULE.wait(known, NOW + tries.FORGOTTEN) == timedelta(0)
    assert RULE.after(known, NOW) == failures + 1
    assert RULE.after(known, NOW + tries.FORGOTTEN) == 1


@pytest.mark.parametrize(
    ("written", "rule"),
    [("3/second", Backoff(3, timedelta(seconds=1))), ("10/hour", Backoff(10, timedelta(hours=1)))],
)
def test_the_limit_is_read_from_the_settings(written: str, rule: Backoff) -> None:
    """As it always was written."""
    assert Backoff.read(written) == rule


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database."""
    if request.param == "sqlite":
        yield databases.sqlite(tmp_path)
        return
    made = databases.postgresql()
    yield made
    databases.drop(made)


def transaction(tx: Tx) -> Transaction:
    """All that counting tries needs of one."""
    return Transaction(tx, cast(Application, None), NOW)


def test_of_forty_guesses_at_once_over_several_processes_five_are_checked(url: str) -> None:
    """Four processes with a database pool of their own each; a try takes its place before it is checked."""
    processes = [Database(url, Keyring((b"k" * 32,)), busy=timedelta(seconds=20)) for _ in range(4)]
    made = tries.attempt("secret", RULE, "ana", "203.0.113.7", None)
    barrier, waits = threading.Barrier(40), []

    def guess(process: Database) -> None:
        barrier.wait(20)
        waits.append(process.transact(lambda tx: tries.take(transaction(tx), made)))

    in_threads([lambda process=process: guess(process) for process in processes * 10])  # type: ignore[misc]
    assert sorted(waits) == [timedelta(0)] * 5 + [MINUTE] * 35
    for process in processes:
        process.dispose()


def attempts() -> dict[str, Attempt]:
    """Some tries that differ in one thing."""
    given: dict[str, tuple[Any, ...]] = {
        "hers": ("ana", "a", None),
        "elsewhere": ("ana", "b", None),
        "another's": ("ben", "a", None),
        "device": ("ana", "a", "d1"),
        "other device": ("ana", "a", "d2"),
    }
    return {name: tries.attempt("secret", RULE, *which) for name, which in given.items()}


def test_what_counts_for_what(tmp_path: Path) -> None:
    """Five failures of one account at one address keep nothing else waiting; fifty keep whoever has failed where they
    are, too, but no known device, and nobody's first try from elsewhere."""
    database = Database(databases.sqlite(tmp_path), Keyring((b"k" * 32,)), busy=timedelta(seconds=5))
    made = attempts()

    def waiting() -> set[str]:
        with database.read() as tx:
            return {name for name, one in made.items() if tries.waits(transaction(tx), one)}

    for _ in range(5):
        database.transact(lambda tx: tries.take(transaction(tx), made["hers"]))
    assert waiting() == {"hers"}
    for number in range(45):
        stranger = tries.attempt("secret", RULE, "ana", f"c{number}", None)
        with database.write() as tx:
            tries.take(transaction(tx), stranger)
    assert waiting() == {"hers"}
    assert database.transact(lambda tx: tries.take(transaction(tx), made["elsewhere"])) == timedelta(0)
    assert waiting() == {"hers", "elsewhere"}
    database.transact(lambda tx: tries.give_back(transaction(tx), made["elsewhere"]))
    assert waiting() == {"hers"}
    database.dispose()


def test_the_table_holds_neither_names_nor_addresses() -> None:
    """Keys are hashes, and differ with the secret."""
    one = tries.attempt("secret", RULE, "ana", "203.0.113.7", None)
    other = tries.attempt("another", RULE, "ana", "203.0.113.7", None)
    assert not any("ana" in key or "203" in key for key in one.rules)
    assert not set(one.rules) & set(other.rules)


@pytest.mark.parametrize(
    ("remote", "said", "trusted", "found"),
    [
        ("203.0.113.7", "", [], "203.0.113.7"),
        ("203.0.113.7", "198.51.100.4", [], "203.0.113.7"),
        ("10.0.0.1", "198.51.100.4", [], "10.0.0.1"),
        ("10.0.0.1", "198.51.100.4", ["10.0.0.0/8"], "198.51.100.4"),
        ("10.0.0.1", "1.2.3.4, 198.51.100.4", ["10.0.0.0/8"], "198.51.100.4"),
        ("10.0.0.1", "198.51.100.4, 10.0.0.2", ["10.0.0.0/8"], "198.51.100.4"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", ["10.0.0.0/8"], "10.0.0.3"),
        ("203.0.113.7", "198.51.100.4", ["10.0.0.0/8"], "203.0.113.7"),
        ("10.0.0.1", "nonsense", ["10.0.0.0/8"], "10.0.0.1"),
        ("10.0.0.1", ",, ,", ["10.0.0.1/32"], "10.0.0.1"),
        ("::ffff:10.0.0.1", "198.51.100.4", ["10.0.0.0/8"], "198.51.100.4"),
        ("::1", "2001:db8::7", ["::1/128"], "2001:db8::7"),
        ("", "198.51.100.4", ["10.0.0.0/8"], ""),
    ],
)
def test_whom_a_request_comes_from(remote: str, said: str, trusted: list[str], found: str) -> None:
    """The last one, seen from us, who is no proxy of ours; what a stranger has put before it counts for nothing."""
    assert far_end(remote, said, trusted) == found


@pytest.mark.parametrize(
    ("address", "home"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("nonsense", "nonsense"),
        ("", ""),
    ],
)
def test_one_home_counts_as_one_address(address: str, home: str) -> None:
    """With IPv6 everybody has more addresses than could be counted."""
    assert home_of(address) == home
