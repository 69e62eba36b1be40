"""The account's calls are shared by all processes: so many in a second, each taken once, whatever the clock does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hotline.store.database import Database
from hotline.store.traffic import pace
from tests.store.examples import NOW, SECOND
from tests.store.threads import in_threads


def taken(database: Database, at: timedelta, per_second: float, tries: int = 10) -> int:
    """How many of so many tries at one moment are given a call."""
    got = 0
    for _ in range(tries):
        with database.write() as tx:
            got += pace.take(tx, NOW + at, per_second)
    return got


@pytest.mark.proof("1", "2", "20")
@pytest.mark.parametrize(("per_second", "together"), [(0.5, 1), (1, 1), (2, 2), (5, 5), (20, 20)])
def test_a_second_s_calls_may_start_together_and_then_no_more(
    database: Database, per_second: float, together: int
) -> None:
    """Never more than so many in a second, and over a minute exactly as many as the account allows."""
    assert taken(database, timedelta(0), per_second, 25) == together
    assert taken(database, timedelta(0), per_second) == 0
    starts = [
        at
        for tenth in range(1, 300)
        for at in [timedelta(seconds=tenth / 10)]
        * taken(database, timedelta(seconds=tenth / 10), per_second, 3)
    ]
    assert len(starts) == pytest.approx(30 * per_second, abs=max(1, per_second / 5))
    for start in starts:
        # From a second on after the burst, no second has more than the account allows, and one on its edge.
        within = sum(start <= other < start + SECOND for other in starts)
        assert within <= max(1, per_second) + 1


def test_each_call_is_given_once_to_however_many_ask(database: Database) -> None:
    """Eight at once, two calls a second."""
    got: list[bool] = []

    def one() -> None:
        with database.write() as tx:
            got.append(pace.take(tx, NOW, 2))

    assert taken(database, -10 * SECOND, 2, 1) == 1
    in_threads([one] * 8)
    # Who loses a race for one asks again a moment later.
    assert 1 <= sum(got) <= 2
    assert sum(got) + taken(database, timedelta(0), 2) == 2


def test_what_is_left_is_what_may_be_taken(database: Database) -> None:
    """And when the next one is free."""
    with database.write() as tx:
        assert pace.left(tx, NOW, 3) == (3, NOW)
        assert pace.take(tx, NOW, 3)
        assert pace.left(tx, NOW, 3) == (2, NOW)
        assert pace.take(tx, NOW, 3)
        assert pace.take(tx, NOW, 3)
        free, at = pace.left(tx, NOW, 3)
        assert free == 0
        assert NOW < at <= NOW + SECOND / 2
        assert pace.left(tx, at, 3)[0] == 1


@pytest.mark.parametrize("leap", [timedelta(hours=1), timedelta(days=1)])
def test_a_clock_that_is_set_back_or_forth_stops_no_call(database: Database, leap: timedelta) -> None:
    """What was written by another clock is not waited for."""
    assert taken(database, timedelta(0), 1) == 1
    assert taken(database, leap, 1) == 1
    assert taken(database, timedelta(0), 1) == 1
    assert taken(database, -leap, 1) == 1
    assert taken(database, SECOND - leap, 1) == 1
