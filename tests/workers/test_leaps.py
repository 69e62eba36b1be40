"""The machine's clock is set by an hour or a day, either way: what was due in a minute still is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from hotline.effects import Origin, OriginKind
from hotline.model import OutboxId
from hotline.operations.transaction import Transaction
from hotline.simulator import Simulator
from hotline.store.cases import callbacks, contacts, escalations
from hotline.store.traffic import outbox
from hotline.store.traffic.outbox import EffectStatus
from hotline.store.upkeep import heartbeats
from tests.stories.centre import MIA
from tests.telephony.doorstep import AFTERNOON, Doorstep, build
from tests.workers.processes import ROOT, eventually, works
from tests.workers.test_clock import CALL, Slow, promise, provider
from workers.clock import Clock

__all__ = ["provider"]

LEAPS = [timedelta(hours=hours) for hours in (-1, 1, -24, 24)]
Provided = tuple[Doorstep, Simulator, Slow]


class Steady:
    """Goes on with a hand-moved clock, whatever leaps that makes."""

    def __init__(self, door: Doorstep) -> None:
        self.door, self.seconds = door, 100.0

    def __call__(self) -> float:
        return self.seconds

    def passes(self, seconds: float) -> None:
        self.seconds += seconds
        self.door.clock.now += timedelta(seconds=seconds)


@pytest.mark.parametrize("by", LEAPS, ids=str)
def test_what_was_promised_before_leaves_within_seconds(provider: Provided, by: timedelta) -> None:
    """Also what was to be tried again two seconds later, and what somebody had claimed and died with."""
    door, sim, _ = provider
    steady = Steady(door)
    clock = Clock(door.here, steady)
    clock.tick()
    kept = [promise(door) for _ in range(3)]

    def in_trouble(transaction: Transaction) -> None:
        again = outbox.claim(transaction.tx, kept[1], transaction.now, timedelta(seconds=8))
        assert again is not None
        outbox.again(transaction.tx, again, transaction.now + timedelta(seconds=2), "503")
        outbox.claim(transaction.tx, kept[2], transaction.now, timedelta(seconds=8))

    door.here.application.change(in_trouble)
    door.clock.now += by
    for _ in range(20):
        steady.passes(1)
        clock.tick()

    def have_left() -> bool:
        clock.tick()
        return [status(door, one) for one in kept] == [EffectStatus.SENT] * 3

    # Those who send are threads, which a busy machine may keep waiting: nothing but that is waited for here.
    eventually(have_left, "all three leave by then")
    clock.stop()
    assert len(sim.calls) == 3


def status(door: Doorstep, outbox_id: OutboxId) -> EffectStatus:
    found: EffectStatus = door.look(lambda transaction: outbox.get(transaction.tx, outbox_id)).status
    return found


@pytest.mark.parametrize("by", LEAPS, ids=str)
def test_everything_that_is_open_keeps_its_distance(tmp_path: Path, by: timedelta) -> None:
    """A call in an emergency, its next rung, a callback's promise: as far from now as before, and no clock is late."""
    door = build(tmp_path, patience=5)
    steady = Steady(door)
    clock = Clock(door.here, steady)
    clock.tick()
    door.calls("CA1")
    row = door.look(lambda transaction: contacts.by_call(transaction.tx, "CA1"))
    door.post(f"/twilio/voice/turn/{row.id}/{row.turn}", {"CallSid": "CA1", "From": MIA, "Digits": "1"})
    door.texts("2", caller="+16175550177")
    door.texts("4", sid="SM2", caller="+16175550177")
    steady.passes(6)
    clock.tick()
    before = distances(door)
    assert len(before) >= 4
    door.clock.now += by
    steady.passes(1)
    clock.tick()
    after = distances(door)
    clock.stop()
    assert set(after) == set(before)
    for name, distance in before.items():
        assert abs(after[name] - distance) <= timedelta(seconds=2), name


def distances(door: Doorstep) -> dict[str, timedelta]:
    """From now to each open time."""

    def read(transaction: Transaction) -> dict[str, datetime | None]:
        times: dict[str, datetime | None] = {"beat": heartbeats.last(transaction.tx)["clock"]}
        for one in escalations.all_open(transaction.tx):
            times[f"{one.escalation.id} next"] = one.escalation.next_at
        for owed in callbacks.all_open(transaction.tx):
            times[f"{owed.callback.id} due"] = owed.callback.due_at
            times[f"{owed.callback.id} promised"] = owed.callback.promised_at
        call = contacts.by_call(transaction.tx, "CA1")
        times["last turn"] = call.last_turn_at if call else None
        return times

    found: dict[str, datetime | None] = door.look(read)
    return {name: at - door.clock.now for name, at in found.items() if at is not None}


def test_of_two_clocks_on_one_machine_one_moves_what_is_open(provider: Provided) -> None:
    """Moved twice, it would be an hour early or late again."""
    door, _, _ = provider
    steady = Steady(door)
    clocks = [Clock(door.here, steady) for _ in range(2)]
    kept = door.here.application.change(
        lambda transaction: transaction.send(
            CALL, about=Origin(OriginKind.STAFF, "ana"), due_at=transaction.now + timedelta(minutes=5)
        )
    )
    for clock in clocks:
        clock.tick()
    door.clock.now -= timedelta(hours=1)
    steady.passes(1)
    for clock in clocks:
        clock.tick()
        clock.stop()
    row = door.look(lambda transaction: outbox.get(transaction.tx, kept))
    assert abs(row.due_at - door.clock.now - timedelta(minutes=5)) <= timedelta(seconds=2)


def test_a_leap_back_while_no_clock_ran_is_seen_at_the_next_start(provider: Provided) -> None:
    """By what the last one wrote, which is in the future now."""
    door, _sim, _ = provider
    first = Clock(door.here, Steady(door))
    first.tick()
    first.stop()
    kept = promise(door)
    door.clock.now -= timedelta(hours=1)
    steady = Steady(door)
    second = Clock(door.here, steady)
    for _ in range(6):
        second.tick()
        steady.passes(1)
    second.stop()
    assert status(door, kept) is EffectStatus.SENT
    assert AFTERNOON - door.clock.now > timedelta(minutes=59)


LEAPING = """
import os, sys
from datetime import timedelta
from pathlib import Path
from hotline.runtime.wiring import open_application, wall_clock
from hotline.settings.load import load_settings
from workers import clock
leap = Path(sys.argv[1])
def time_on_the_wall():
    return wall_clock() + timedelta(seconds=float(leap.read_text() or 0))
clock.run(lambda: open_application(load_settings(os.environ), clock=time_on_the_wall))
"""


@pytest.fixture
def leap(tmp_path: Path) -> Path:
    """A file that says how far the machine's clock is off."""
    file = tmp_path / "leap"
    file.write_text("0")
    return file


@pytest.mark.proof("3600", "86400")
@pytest.mark.process
@pytest.mark.parametrize("by", [-3600, 86400, -86400])
def test_a_real_clock_process_notices_and_goes_on(tmp_path: Path, leap: Path, by: int) -> None:
    """What was promised before the leap is placed by it within seconds; so is what is promised after it."""
    with works(tmp_path) as at_work:
        said = (tmp_path / "clock.log").open("ab")
        process = subprocess.Popen(
            [sys.executable, "-c", LEAPING, str(leap)],
            env={**at_work.environ, "PYTHONPATH": str(ROOT), "HOME": os.environ.get("HOME", "/")},
            cwd=ROOT,
            stdout=said,
            stderr=said,
        )
        said.close()
        at_work.running.append(process)
        eventually(lambda: at_work.heartbeats("clock"), "the clock shows itself")
        time.sleep(1.2)
        kept = at_work.promise()
        leap.write_text(str(by))
        eventually(lambda: at_work.row(kept).status is EffectStatus.SENT, "it leaves all the same", within=15)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
