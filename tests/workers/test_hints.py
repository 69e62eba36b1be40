"""Whoever can write to Redis can make a worker do nothing but look whether one effect of ours waits."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from rq import Callback, Queue
from rq.exceptions import DequeueTimeout
from rq.serializers import JSONSerializer, PickleSerializer

from hotline.effects import Urgency
from hotline.model import OutboxId
from hotline.runtime.wake_ups import JOB, RedisWakeUps, connect
from hotline.store.traffic.outbox import EffectStatus, WakeUp
from hotline.store.upkeep import tallies
from tests.stories.redis_server import RedisServer
from tests.workers.processes import eventually, works
from workers.hints import HintQueue, meant
from workers.queues import REFUSED

OURS = OutboxId("0123456789abcdef0123")


class Bomb:
    """What runs a command when it is unpickled."""

    def __init__(self, command: str) -> None:
        self.command = command

    def __reduce__(self) -> tuple[object, tuple[str]]:
        import os

        return os.system, (self.command,)


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    """A Redis of this module's own."""
    started = RedisServer()
    started.start()
    yield started
    started.close()


@pytest.fixture
def connection(server: RedisServer) -> Iterator[redis.Redis]:
    """Empty."""
    server.flush()
    client = redis.Redis.from_url(server.url)
    yield client
    client.close()


def taken(connection: redis.Redis) -> list[OutboxId]:
    """What a worker takes from the queue, until there is nothing more."""
    queue = HintQueue("urgent", connection=connection, serializer=JSONSerializer)
    found: list[OutboxId] = []
    while True:
        try:
            result = HintQueue.dequeue_any([queue], 1, connection)
        except DequeueTimeout:
            return found
        assert result is not None
        found.append(result[0].outbox_id)


def queued(connection: redis.Redis, data: bytes, job_id: str = "0f-0f") -> None:
    """A job with this data, as anybody could write it."""
    connection.hset(f"rq:job:{job_id}", "data", data)
    connection.rpush("rq:queue:urgent", job_id)


@pytest.mark.parametrize(
    "data",
    [
        pickle.dumps(Bomb("touch /tmp/never")),
        zlib.compress(pickle.dumps((JOB, None, (OURS,), {}))),
        json.dumps(["os.system", None, ["touch /tmp/never"], {}]).encode(),
        zlib.compress(json.dumps(["os.system", None, ["true"], {}]).encode()),
        json.dumps([JOB, None, [OURS, OURS], {}]).encode(),
        json.dumps([JOB, None, [OURS], {"outbox_id": OURS}]).encode(),
        json.dumps([JOB, "os", [OURS], {}]).encode(),
        json.dumps([JOB, None, ["../../etc"], {}]).encode(),
        json.dumps([JOB, None, [7], {}]).encode(),
        json.dumps([JOB, None, OURS, {}]).encode(),
        json.dumps({"0": JOB}).encode(),
        zlib.compress(b"[" * 100_000),
        zlib.compress(b" " * 50_000_000),
        b"[" * 500,
        b"\xff\xfe",
        b"x" * 100_000,
        b"null",
    ],
)
def test_only_one_exact_form_means_anything(data: bytes) -> None:
    """All else is nothing at all, at once, whatever it would do if it were unpickled, imported or unpacked."""
    began = time.monotonic()
    assert meant(data) is None
    assert time.monotonic() - began < 0.2


@pytest.mark.parametrize("pack", [bytes, zlib.compress])
def test_our_own_form_is_understood_packed_or_not(pack: type[bytes]) -> None:
    """As RQ writes it."""
    assert meant(pack(json.dumps([JOB, None, [OURS], {}]).encode())) == OURS


def test_garbage_is_thrown_away_and_counted_and_hides_no_hint(
    connection: redis.Redis, server: RedisServer
) -> None:
    """Around a hint of ours: jobs of another kind, a key of another type, ids that are none, and too much data."""
    before = HintQueue.refused
    for serializer in (PickleSerializer, JSONSerializer):
        Queue("urgent", connection=connection, serializer=serializer).enqueue("os.system", "true")
    connection.set("rq:job:0a", "a string, where a hash should be")
    connection.rpush("rq:queue:urgent", "0a", b"\xff\xfe", "rq:job:../x", "x" * 1000)
    queued(connection, b"x" * 1_000_000)
    RedisWakeUps(connect(server.url), time.monotonic).ring([WakeUp(OURS, Urgency.URGENT)])
    connection.rpush("rq:queue:urgent", "abcdef-expired")
    assert taken(connection) == [OURS]
    assert HintQueue.refused - before == 7 + 1  # "abcdef-expired" has letters that no id has
    assert connection.keys("rq:job:*") == []


def test_a_hint_that_has_had_its_time_is_no_garbage(connection: redis.Redis) -> None:
    """Its minute is over, and the clock has found the row."""
    before = HintQueue.refused
    connection.rpush("rq:queue:urgent", "0f3a-00")
    assert taken(connection) == []
    assert HintQueue.refused == before


def test_what_else_a_job_says_of_itself_has_no_say(connection: redis.Redis) -> None:
    """Callbacks by name, dependents, webhooks: a job of the right form is a hint, and nothing of these is read."""
    queue = Queue("urgent", connection=connection, serializer=JSONSerializer)
    nasty = Callback("os.system")
    queue.enqueue(JOB, OURS, on_success=nasty, on_failure=nasty, on_stopped=nasty)
    result = HintQueue.dequeue_any([queue], 1, connection)
    assert result is not None
    hint, _ = result
    assert hint.outbox_id == OURS
    assert hint.success_callback is None
    assert hint.failure_callback is None
    assert connection.keys("rq:job:*") == []


@pytest.mark.process
def test_a_real_worker_does_its_work_among_everything_that_redis_could_tell_it(tmp_path: Path) -> None:
    """Queued commands don't run; suspension, a shutdown by message and poisoned registries change nothing."""
    with works(tmp_path) as at_work:
        worker = at_work.start("urgent")
        eventually(lambda: at_work.heartbeats("worker:urgent"), "the worker shows itself")
        client = redis.Redis.from_url(at_work.redis.url)
        (name,) = (key.decode().rpartition(":")[2] for key in client.smembers("rq:workers"))  # type: ignore[union-attr]
        client.set("rq:suspended", 1)
        client.publish(f"rq:pubsub:{name}", json.dumps({"command": "shutdown"}))
        client.zadd("rq:wip:urgent", {"0a:0b": 1})
        mark = tmp_path / "it ran"
        program = (
            "import sys; from redis import Redis; from rq import Queue, Callback;"
            "q = Queue('urgent', connection=Redis.from_url(sys.argv[1]));"
            "q.enqueue('os.system', 'touch ' + repr(sys.argv[2]), on_success=Callback('os.system'))"
        )
        subprocess.run([sys.executable, "-c", program, at_work.redis.url, str(mark)], check=True)
        kept = at_work.promise()
        eventually(lambda: at_work.row(kept).status is EffectStatus.SENT, "the call is placed")
        again = at_work.promise()
        eventually(lambda: at_work.row(again).status is EffectStatus.SENT, "the next call is placed")
        assert not mark.exists()
        assert worker.poll() is None
        counted = at_work.here.application.look(lambda transaction: tallies.every(transaction.tx))
        assert counted == {REFUSED: 1}
        client.close()
