"""Real workers, killed: what they held is carried out by the clock, once."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from hotline.effects import Urgency
from hotline.store.traffic.outbox import EffectStatus
from tests.workers.processes import Works, children, eventually, kill, works

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def at_work(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Works]:
    """One place for all of these."""
    with works(tmp_path_factory.mktemp("works")) as made:
        yield made


def test_an_urgent_worker_carries_out_what_it_is_rung_for(at_work: Works) -> None:
    """Within two seconds of the wake-up; it shows itself in the database, and stops cleanly when told."""
    worker = at_work.start("urgent")
    eventually(lambda: at_work.heartbeats("worker:urgent"), "the worker shows itself")
    before = len(at_work.sim.calls)
    kept = at_work.promise()
    rung_at = time.monotonic()
    eventually(lambda: at_work.row(kept).status is EffectStatus.SENT, "the call is placed")
    assert time.monotonic() - rung_at < 2.5
    assert len(at_work.sim.calls) == before + 1
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=10) == 0


def test_a_worker_without_redis_waits_for_it(at_work: Works) -> None:
    """It starts, and it goes on, without one; Redis is back, and within seconds so is promptness."""
    at_work.redis.kill()
    worker = at_work.start("urgent")
    eventually(lambda: "no Redis" in at_work.said("urgent"), "it says that there is no Redis")
    at_work.redis.start()
    eventually(at_work.redis.is_waited_at, "the worker is there again")
    kept = at_work.promise()
    eventually(lambda: at_work.row(kept).status is EffectStatus.SENT, "the call is placed")
    at_work.redis.kill()
    at_work.redis.start()
    eventually(at_work.redis.is_waited_at, "the worker is there again", within=4)
    again = at_work.promise()
    eventually(lambda: at_work.row(again).status is EffectStatus.SENT, "the next call is placed", within=6)
    said = len(at_work.said("urgent"))
    at_work.redis.kill()
    eventually(lambda: len(at_work.said("urgent")) > said, "it says that there is no Redis again")
    worker.send_signal(signal.SIGTERM)
    worker.wait(timeout=5)
    assert "Traceback" not in at_work.said("urgent")
    at_work.redis.start()
    at_work.redis.flush()


def test_a_worker_killed_between_claiming_and_placing(at_work: Works) -> None:
    """No other worker is there: the clock finds the lease, looks the call up, and places it once."""
    before = len(at_work.sim.calls)
    worker = at_work.start("urgent")
    eventually(
        lambda: "worker:urgent" in at_work.said("urgent") or at_work.heartbeats("worker:urgent"), "it is up"
    )
    at_work.sim.faults.delay(600, "calls", created=False)
    kept = at_work.promise(to_caller=True)
    eventually(lambda: at_work.row(kept).status is EffectStatus.CLAIMED, "claimed")
    time.sleep(0.3)  # the carrier notes a request only when it answers
    kill(worker)
    assert len(at_work.sim.calls) == before
    clock = at_work.start("clock")
    eventually(lambda: at_work.row(kept).status is EffectStatus.SENT, "the clock has placed it")
    placed_at = at_work.here.application.clock()
    eventually(lambda: at_work.last_beat("clock") > placed_at, "the clock goes on")
    assert len(at_work.sim.calls) == before + 1
    assert at_work.row(kept).provider_sid == at_work.sim.calls[-1].sid
    clock.send_signal(signal.SIGTERM)
    assert clock.wait(timeout=10) == 0


def test_processes_show_nobody_s_number(at_work: Works) -> None:
    """Neither in their logs nor, while they work, in the list of processes."""
    worker = at_work.start("urgent")
    at_work.sim.faults.delay(1, "calls")
    kept = at_work.promise()
    eventually(lambda: at_work.row(kept).status is EffectStatus.CLAIMED, "it works")
    shown = b"".join(
        Path(f"/proc/{pid}/{what}").read_bytes()
        for pid in (worker.pid, *children(worker.pid))
        for what in ("cmdline", "comm")
    )
    eventually(lambda: at_work.row(kept).status is EffectStatus.SENT, "the call is placed")
    assert b"617555" not in shown
    for which in ("urgent", "clock"):
        assert "617555" not in at_work.said(which)


def test_a_page_waits_for_no_burst_and_for_no_slow_request(at_work: Works) -> None:
    """Two dozen urgent texts wait, each a second and a half at the carrier; so does one page before it. 2 s at most."""
    workers = [at_work.start(which) for which in ("emergency", "urgent")]
    for which in ("emergency", "urgent"):
        eventually(lambda which=which: at_work.heartbeats(f"worker:{which}"), "it is up")  # type: ignore[misc]
    at_work.sim.faults.delay(1.5, "messages", times=24)
    burst = [at_work.promise_text() for _ in range(24)]
    at_work.sim.faults.delay(1.5, "calls")
    slow = at_work.promise(lane=Urgency.EMERGENCY)
    eventually(lambda: at_work.row(slow).status is EffectStatus.CLAIMED, "the slow one is under way")
    pages = [at_work.promise(lane=Urgency.EMERGENCY) for _ in range(6)]
    rung_at = time.monotonic()
    eventually(
        lambda: all(at_work.row(one).status is EffectStatus.SENT for one in pages), "all six are placed"
    )
    took = time.monotonic() - rung_at
    eventually(
        lambda: all(at_work.row(one).status is EffectStatus.SENT for one in burst), "all texts leave", 20
    )
    for worker in workers:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=10) == 0
    assert took < 4  # 2 s, and as much again for a busy machine; one after the other it would be 36


@pytest.mark.proof
def test_the_account_s_calls_are_shared_by_all_workers(tmp_path: Path) -> None:
    """Two a second, over an emergency worker, an urgent one and the clock: emergencies first, nobody lost."""
    with works(tmp_path, calls_per_second=2) as at_work:
        for which in ("emergency", "urgent", "clock"):
            at_work.start(which)
        for which in ("worker:emergency", "worker:urgent", "clock"):
            eventually(lambda which=which: at_work.heartbeats(which), "it is up")  # type: ignore[misc]
        others = [at_work.promise() for _ in range(6)]
        pages = [at_work.promise(lane=Urgency.EMERGENCY) for _ in range(4)]
        began = time.monotonic()
        eventually(lambda: all(at_work.row(one).status is EffectStatus.SENT for one in pages), "pages")
        eventually(lambda: all(at_work.row(one).status is EffectStatus.SENT for one in others), "others", 20)
        took = time.monotonic() - began
        claimed = sorted(
            at_work.row(one).claimed_at or at_work.row(one).created_at for one in (*others, *pages)
        )
        last_page = max(at_work.row(one).claimed_at or at_work.row(one).created_at for one in pages)
        assert sum(at_work.row(one).claims for one in (*others, *pages)) == 10
        # Two may have been on their way before the first page was promised; after that, pages go first.
        ahead = sum((at_work.row(one).claimed_at or last_page) < last_page for one in others)
        assert ahead <= 3
        assert 3 <= took < 12
        assert all(
            late - early > timedelta(seconds=0.9) for early, late in zip(claimed, claimed[3:], strict=False)
        )
