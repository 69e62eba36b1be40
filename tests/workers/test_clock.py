"""The clock goes on, whatever a second brings."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import requests

from hotline.effects import Origin, OriginKind, PlaceCall
from hotline.model import EscalationId, Language, OutboxId, PhoneNumber, RoomName, Subject
from hotline.oncall.escalation import open_escalation
from hotline.oncall.policy import default_policy
from hotline.operations.transaction import Transaction
from hotline.simulator import Simulator, WsgiAdapter, WsgiWeb, rest_app
from hotline.store.cases import escalations
from hotline.store.cases.escalations import EscalationRow
from hotline.store.traffic import outbox
from hotline.store.traffic.outbox import EffectStatus, WakeUp
from hotline.store.upkeep import heartbeats
from tests.operations.outages import locked
from tests.stories.centre import ANA, LINE, MIA, SID, TOKEN
from tests.telephony.doorstep import Doorstep, build
from workers.clock import Clock, tick

CALL = PlaceCall(PhoneNumber(ANA), "/twilio/voice/page/p", "/twilio/voice/status/page/p", 20)

PAUSES = {"pause": timedelta(seconds=30), "read_within": timedelta(minutes=2)}


class Slow(WsgiAdapter):
    """A provider who answers when told to."""

    def __init__(self, sim: Simulator) -> None:
        super().__init__(rest_app(sim))
        self.arrived, self.go = threading.Semaphore(0), threading.Event()
        self.go.set()
        self.breaks = 0

    def send(self, request: requests.PreparedRequest, **how: object) -> requests.Response:  # type: ignore[override]
        self.arrived.release()
        if self.breaks:
            self.breaks -= 1
            raise RuntimeError("nobody has thought of this")
        assert self.go.wait(10)
        return super().send(request, **how)  # type: ignore[arg-type]


@pytest.fixture
def provider(tmp_path: Path) -> tuple[Doorstep, Simulator, Slow]:
    """A house, a provider, and the way between them."""
    session = requests.Session()
    door = build(tmp_path, session=session, patience=5)  # several hands write at once, on a busy machine
    sim = Simulator(SID, TOKEN, door.clock, WsgiWeb(lambda environ, start: [b""]))
    sim.number(LINE)
    wire = Slow(sim)
    session.mount("https://", wire)
    return door, sim, wire


def promise(door: Doorstep, *, to_caller: bool = False) -> OutboxId:
    """A call that must leave."""

    def send(transaction: Transaction) -> OutboxId:
        return transaction.send(CALL, about=Origin(OriginKind.STAFF, "ana"), to_caller=to_caller)

    return door.here.application.change(send)


def status(transaction: Transaction, outbox_id: OutboxId) -> EffectStatus:
    row = outbox.get(transaction.tx, outbox_id)
    assert row is not None
    return row.status


def later(door: Doorstep, seconds: float) -> None:
    door.clock.now += timedelta(seconds=seconds)


def last_beat(door: Doorstep) -> object:
    def read(transaction: Transaction) -> object:
        return heartbeats.last(transaction.tx).get("clock")

    return door.look(read)


def nobody(wake_up: WakeUp) -> None:
    raise AssertionError("nothing was to be carried out")


def into(done: list[OutboxId]) -> Callable[[WakeUp], None]:
    """Keeps what the clock would carry out."""
    return lambda wake_up: done.append(wake_up.id)


def test_every_three_seconds_it_is_shown_that_the_clock_is_alive(door: Doorstep) -> None:
    """For those who ask whether we are ready; a clock is dead to them after many times that."""
    tick(door.here, nobody)
    assert last_beat(door) == door.clock.now
    later(door, 3)
    tick(door.here, nobody)
    assert last_beat(door) == door.clock.now


@pytest.fixture
def door(tmp_path: Path) -> Doorstep:
    return build(tmp_path)


def test_a_wake_up_that_was_lost_is_sent_again_and_then_done_without(door: Doorstep) -> None:
    """After two seconds a second hint; after four the clock carries an urgent effect out itself."""
    kept = promise(door)
    door.wake_up.rung.clear()
    done: list[OutboxId] = []
    tick(door.here, into(done))
    assert (door.wake_up.rung, done) == ([], [])
    later(door, 2)
    tick(door.here, into(done))
    assert ([wake_up.id for wake_up in door.wake_up.rung], done) == ([kept], [])
    later(door, 2)
    tick(door.here, into(done))
    assert done == [kept]


def test_without_redis_it_doesn_t_wait_for_workers(door: Doorstep) -> None:
    """A wake-up that can't be sent is known at once."""
    kept = promise(door)
    door.wake_up.is_quiet = True
    later(door, 2)
    done: list[OutboxId] = []
    tick(door.here, into(done))
    assert done == [kept]


def test_what_must_be_looked_up_is_looked_up_without_workers_too(door: Doorstep) -> None:
    """A row that is unsure is rung for at once, and done without after four seconds."""
    kept = promise(door)

    def unsure(transaction: Transaction) -> None:
        row = outbox.claim(transaction.tx, kept, transaction.now, door.settings.centre.deliveries.lease)
        assert row is not None
        outbox.unsure(transaction.tx, row, transaction.now, "lost")

    door.here.application.change(unsure)
    door.wake_up.rung.clear()
    done: list[OutboxId] = []
    tick(door.here, into(done))
    assert [wake_up.id for wake_up in door.wake_up.rung] == [kept]
    assert done == []
    later(door, 4)
    tick(door.here, into(done))
    assert done == [kept]


@pytest.mark.parametrize("to_caller", [False, True])
def test_what_a_dead_worker_held_waits_for_no_other(door: Doorstep, to_caller: bool) -> None:
    """Within ten seconds of its promise a page leaves (or is looked up) by the clock alone, by default settings."""
    kept = promise(door, to_caller=to_caller)
    later(door, 0.9)
    lease = door.settings.centre.deliveries.lease
    door.here.application.change(
        lambda transaction: outbox.claim(transaction.tx, kept, transaction.now, lease)
    )
    done: list[OutboxId] = []
    for second in range(1, 10):
        later(door, 1)
        tick(door.here, into(done))
        assert bool(done) is (second >= lease.total_seconds())
    assert set(done) == {kept}


def test_a_database_that_is_away_doesn_t_stop_the_clock(door: Doorstep) -> None:
    """The next second asks again."""
    clock = Clock(door.here)
    with locked(door.here):
        assert clock.tick() == 1.0
    assert last_beat(door) is None
    clock.tick()
    assert last_beat(door) == door.clock.now
    clock.stop()


@pytest.mark.parametrize(("in_seconds", "waits"), [(0.4, 0.4), (0.01, 0.25), (30, 1.0), (-5, 1.0)])
def test_the_second_is_cut_short_where_somebody_waits_for_it(
    door: Doorstep, in_seconds: float, waits: float
) -> None:
    """The next rung of an emergency is not up to a second late; nor does the clock spin."""

    def opens(transaction: Transaction) -> None:
        rule = open_escalation(
            EscalationId("e1"), default_policy(Subject.EMERGENCY, **PAUSES), transaction.now
        )
        due = replace(rule, rung=0, next_at=transaction.now + timedelta(seconds=in_seconds))
        escalations.add(transaction.tx, EscalationRow(due, RoomName("r1"), Language.EN))

    door.here.application.change(opens)
    clock = Clock(door.here)
    assert clock.tick() == pytest.approx(waits)
    clock.stop()


def test_a_journal_that_can_t_be_read_doesn_t_stop_the_clock(door: Doorstep) -> None:
    """A disk that fails there must not keep emergencies waiting that the database knows of."""
    door.here.journal.write("/twilio/voice", {"CallSid": "CA1", "From": MIA}, door.clock.now)
    (file,) = door.here.journal.files()
    file.unlink()
    file.mkdir()
    clock = Clock(door.here)
    clock.tick()
    assert last_beat(door) == door.clock.now
    clock.stop()


def test_one_effect_is_under_way_once(provider: tuple[Doorstep, Simulator, Slow]) -> None:
    """However long the provider takes, and however often the clock comes by it."""
    door, sim, wire = provider
    wire.go.clear()
    kept = promise(door)
    clock = Clock(door.here)
    later(door, 5)
    clock.tick()
    assert wire.arrived.acquire(timeout=5)
    for _ in range(3):
        later(door, 1)
        clock.tick()
    wire.go.set()
    clock.stop()
    assert len(sim.calls) == 1
    assert door.look(lambda transaction: outbox.get(transaction.tx, kept)).status is EffectStatus.SENT


def test_one_slow_effect_holds_up_no_other(provider: tuple[Doorstep, Simulator, Slow]) -> None:
    """Eight leave side by side, and the clock itself waits for none of them."""
    door, sim, wire = provider
    wire.go.clear()
    for _ in range(8):
        promise(door)
    clock = Clock(door.here)
    later(door, 5)
    clock.tick()
    assert all(wire.arrived.acquire(timeout=5) for _ in range(8))
    assert last_beat(door) == door.clock.now
    wire.go.set()
    clock.stop()
    assert len(sim.calls) == 8


def test_what_makes_us_stumble_is_one_effect_s_matter(provider: tuple[Doorstep, Simulator, Slow]) -> None:
    """A fault of ours in one is logged; the others leave, and its lease brings it back."""
    door, sim, wire = provider
    wire.breaks = 1
    kept = [promise(door), promise(door)]
    clock = Clock(door.here)
    later(door, 5)
    clock.tick()
    assert all(wire.arrived.acquire(timeout=5) for _ in kept)
    clock.stop()
    assert len(sim.calls) == 1
    first, second = (door.look(partial(status, outbox_id=one)) for one in kept)
    assert {first, second} == {EffectStatus.CLAIMED, EffectStatus.SENT}
