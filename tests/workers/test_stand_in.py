"""A dead clock is seen by the web, which stands in for it: what is urgent leaves, and a supervisor is told, once."""

from __future__ import annotations

import shutil
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from sqlalchemy import select

from hotline.effects import Origin, OriginKind, SendText, Urgency
from hotline.model import PhoneNumber
from hotline.operations.transaction import Transaction
from hotline.runtime.stand_in import AFTER_AN_OUTAGE, DEAD_AFTER, LOOKS_EVERY, StandIn
from hotline.simulator import Simulator
from hotline.store.cases import callbacks
from hotline.store.database import StoreError, rows
from hotline.store.database.tables import outbox as outbox_table
from hotline.store.traffic import outbox
from hotline.store.traffic.outbox import EffectStatus
from hotline.store.upkeep import heartbeats, tallies
from hotline.telephony.webhooks.journal import Journal
from tests.operations.outages import locked
from tests.stories.centre import FAILSAFE, MIA, SUE
from tests.telephony.doorstep import Doorstep, build
from tests.telephony.test_read_back import CALL, OVER, keep
from tests.workers.test_clock import Slow, last_beat, nobody, promise, provider
from tests.workers.test_leaps import Steady, status
from workers.clock import tick

__all__ = ["provider"]
Provided = tuple[Doorstep, Simulator, Slow]


@pytest.fixture
def house(provider: Provided) -> Provided:
    """With a clock that has just shown itself."""
    tick(provider[0].here, nobody)
    return provider


def texts(door: Doorstep) -> list[SendText]:
    """What is, or was, to be sent."""

    def read(transaction: Transaction) -> list[SendText]:
        ids = [one.id for one in rows.many(transaction.tx, select(outbox_table.c.id))]
        found = [outbox.get(transaction.tx, one) for one in ids]
        return [one.effect for one in found if one is not None and isinstance(one.effect, SendText)]

    effects: list[SendText] = door.look(read)
    return effects


def test_a_clock_that_shows_no_sign_is_dead_within_half_a_minute(house: Provided) -> None:
    """Measured by seconds that only go forward; a time that is set kills nobody."""
    door, _, _ = house
    steady = Steady(door)
    web = StandIn(door.here, steady)
    assert not web.look()
    door.clock.now += timedelta(days=1)
    assert not web.look()
    steady.passes(DEAD_AFTER - 1)
    assert not web.look()
    tick(door.here, nobody)
    steady.passes(2)
    assert not web.look()
    steady.passes(DEAD_AFTER)
    assert web.look()
    assert DEAD_AFTER + LOOKS_EVERY < 30


def test_a_database_that_nobody_can_use_says_nothing_about_the_clock(tmp_path: Path) -> None:
    """It is locked for half a minute: no clock can show itself then, and none is told to stand still. One that shows
    no sign after that is dead."""
    door = build(tmp_path, session=requests.Session())
    tick(door.here, nobody)
    steady = Steady(door)
    web = StandIn(door.here, steady)
    assert not web.look()
    refused = 0
    with locked(door.here):
        for _ in range(6):
            steady.passes(DEAD_AFTER / 4)
            try:
                assert not web.look()
            except StoreError:
                refused += 1
    assert refused, "it could not be written down"
    steady.passes(AFTER_AN_OUTAGE - 1)
    assert not web.look(), "the clock has hardly had a moment yet"
    assert not texts(door)
    steady.passes(1)
    with suppress(requests.RequestException):
        web.look()
    assert len(texts(door)) == 1


def test_what_is_urgent_leaves_without_a_clock_and_what_can_wait_waits(house: Provided) -> None:
    """It shows no sign of life in the clock's name, and is done as soon as one runs again."""
    door, sim, _ = house
    steady = Steady(door)
    web = StandIn(door.here, steady)
    web.look()
    urgent = promise(door)
    ordinary = door.here.application.change(
        lambda transaction: transaction.send(
            SendText(PhoneNumber(FAILSAFE), "x", "/s"),
            about=Origin(OriginKind.STAFF, "ana"),
            urgency=Urgency.ORDINARY,
        )
    )
    beaten = last_beat(door)
    steady.passes(DEAD_AFTER)
    assert web.look()
    assert len(sim.calls) == 1
    assert last_beat(door) == beaten
    assert status(door, urgent) is EffectStatus.SENT
    assert status(door, ordinary) is EffectStatus.WAITING
    tick(door.here, lambda _: None)
    assert not web.look()


def test_what_was_set_aside_where_no_clock_runs_is_read_back_by_the_web(house: Provided) -> None:
    """A machine of several, or a platform's, on which there is only a web: no other one sees its disk."""
    door, _, _ = house
    keep(door, "/twilio/voice", CALL)
    keep(door, "/twilio/voice/status", OVER)
    several = [StandIn(door.here, Steady(door)) for _ in range(2)]
    assert not any(web.look() for web in several)
    assert len(door.look(lambda transaction: callbacks.all_open(transaction.tx))) == 1
    assert door.here.journal.files() == []


def test_the_disk_of_a_machine_that_is_gone_is_read_on_another_one(house: Provided, tmp_path: Path) -> None:
    """Its files are put into that one's folder, also twice; what had been read back before is not taken again."""
    door, _, _ = house
    gone = Journal(tmp_path / "gone" / "journal", door.here.application.database.keys)
    keep(door, "/twilio/voice", CALL, gone)
    keep(door, "/twilio/voice/status", OVER, gone)
    here = door.here.application.settings.home / "journal"
    web = StandIn(door.here, Steady(door))
    for _ in range(2):
        shutil.copytree(tmp_path / "gone" / "journal", here, dirs_exist_ok=True)
        web.look()
        assert door.here.journal.files() == []
    assert len(door.look(lambda transaction: callbacks.all_open(transaction.tx))) == 1


def test_the_next_rung_is_walked_without_a_clock(house: Provided) -> None:
    """An emergency goes on as if nothing were: somebody is paged who was not before."""
    door, _, _ = house
    steady = Steady(door)
    web = StandIn(door.here, steady)
    web.look()
    door.calls("CA1")
    door.texts("my son is not breathing", caller=MIA)
    before = len(texts(door))
    for _ in range(40):
        steady.passes(1)
        web.look()
    assert len(texts(door)) > before


def test_supervisors_are_told_once_by_however_many(house: Provided) -> None:
    door, _, _ = house
    steady = Steady(door)
    web = [StandIn(door.here, steady) for _ in range(2)]
    for _ in range(2):
        for one in web:
            one.look()
        steady.passes(DEAD_AFTER)
    told = [one for one in texts(door) if "the clock stands still" in one.body]
    assert [one.to.e164 for one in told] == [SUE]
    assert door.look(lambda transaction: tallies.every(transaction.tx))["clock stood still"] == 1


def test_a_clock_that_is_started_and_dies_again_and_again_is_told_once_an_hour(house: Provided) -> None:
    """Each death is counted."""
    door, _, _ = house
    steady = Steady(door)
    web = StandIn(door.here, steady)
    for _ in range(3):
        web.look()
        steady.passes(DEAD_AFTER)
        assert web.look()
        tick(door.here, nobody)
    assert len([one for one in texts(door) if "the clock stands still" in one.body]) == 1
    assert door.look(lambda transaction: tallies.every(transaction.tx))["clock stood still"] == 3


def test_where_no_clock_ever_ran_the_web_stands_in_too(provider: Provided) -> None:
    door, sim, _ = provider
    steady = Steady(door)
    web = StandIn(door.here, steady)
    web.look()
    promise(door)
    steady.passes(DEAD_AFTER)
    assert web.look()
    assert len(sim.calls) == 1
    assert door.look(lambda transaction: heartbeats.last(transaction.tx)) == {}
