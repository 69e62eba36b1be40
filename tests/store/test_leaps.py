"""On both databases: what is open moves by a leap, exactly, and what is over or asked for by the clock does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.model import CallbackId, OutboxId
from hotline.store.cases import callbacks
from hotline.store.database import Database
from hotline.store.traffic import outbox
from hotline.store.upkeep import heartbeats, leaps
from tests.store.examples import MINUTE, NOW, SECOND, callback, effect

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("by", [-HOUR, HOUR, -24 * HOUR, 24 * HOUR], ids=str)
def test_open_effects_move_and_settled_ones_stay(database: Database, by: timedelta) -> None:
    """Also what is to be tried again in a few seconds; what the new time has written already stays where it is."""
    new = NOW + by
    with database.write() as tx:
        outbox.add(tx, effect("waits", due_at=NOW + 2 * SECOND, created_at=NOW - MINUTE))
        outbox.add(tx, effect("over", status=outbox.EffectStatus.SENT, settled_at=NOW))
        outbox.add(tx, effect("fresh", due_at=new, created_at=new))
        leaps.move(tx, new, by)
    with database.read() as tx:
        rows = {one: outbox.get(tx, OutboxId(one)) for one in ("waits", "over", "fresh")}
        due = {name: row.due_at for name, row in rows.items() if row is not None}
    assert due == {"waits": new + 2 * SECOND, "over": NOW, "fresh": new}


@pytest.mark.parametrize("asked_later", [False, True])
def test_a_time_that_somebody_asked_for_stays_on_the_wall(database: Database, asked_later: bool) -> None:
    """A promise in minutes moves along; "call me at six" is at six."""
    with database.write() as tx:
        row = callback("cb1")
        rule = replace(
            row.callback, due_at=NOW + 15 * MINUTE, promised_at=NOW + 15 * MINUTE, asked_later=asked_later
        )
        callbacks.add(tx, replace(row, callback=rule))
        leaps.move(tx, NOW - HOUR, -HOUR)
    with database.read() as tx:
        moved = callbacks.get(tx, CallbackId("cb1"))
    assert moved is not None
    assert moved.callback.due_at == NOW + 15 * MINUTE - (timedelta(0) if asked_later else HOUR)


@pytest.mark.parametrize("by", [-HOUR, HOUR], ids=str)
def test_of_several_clocks_one_moves(database: Database, by: timedelta) -> None:
    """Whoever comes second finds the clock's sign of life in the new time already."""
    with database.write() as tx:
        heartbeats.beat(tx, "clock", NOW)
    with database.write() as tx:
        assert [leaps.noticed(tx, NOW + by, by) for _ in range(3)] == [True, False, False]


def test_only_a_database_server_has_a_clock_of_its_own(database: Database, url: str) -> None:
    """By which one can tell whether this machine's clock is wrong, or everybody's was set."""
    with database.read() as tx:
        assert (leaps.database_time(tx) is None) == url.startswith("sqlite")
