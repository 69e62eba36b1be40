"""The wake-up queue tells workers that something waits: it holds ids, for a minute, and is never in a caller's way."""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from hotline.effects import Urgency
from hotline.model import OutboxId
from hotline.runtime import wake_ups
from hotline.runtime.wake_ups import RedisWakeUps, connect
from hotline.store.traffic.outbox import WakeUp
from tests.stories.redis_server import RedisServer
from workers.hints import meant

BELL = WakeUp(OutboxId("0123456789abcdef0123"), Urgency.URGENT)


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    """A Redis of this module's own."""
    started = RedisServer()
    started.start()
    yield started
    started.close()


@pytest.fixture
def connection(server: RedisServer) -> Iterator[redis.Redis]:
    """Running, and empty."""
    if not server.is_running:
        server.start()
    server.flush()
    client = redis.Redis.from_url(server.url)
    yield client
    client.close()


class Stopwatch:
    """Seconds that go forward when told."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def rung(connection: redis.Redis) -> dict[str, dict[bytes, bytes]]:
    """Every job's hash, by key."""
    keys = [key.decode() for key in connection.keys("rq:job:*")]  # type: ignore[union-attr]
    return {key: connection.hgetall(key) for key in keys}  # type: ignore[misc]


def test_a_hint_holds_an_id_and_nothing_else(connection: redis.Redis, server: RedisServer) -> None:
    """JSON with the worker's function and one outbox id, under a constant description."""
    RedisWakeUps(connect(server.url), Stopwatch()).ring([BELL])
    ((_, job),) = rung(connection).items()
    assert json.loads(_unpacked(job[b"data"])) == [wake_ups.JOB, None, [BELL.id], {}]
    assert job[b"description"] == b"deliver"
    assert b"meta" not in job or json.loads(_unpacked(job[b"meta"])) == {}
    known = {b"data", b"description", b"origin", b"status", b"timeout", b"created_at", b"enqueued_at", b"result_ttl",
             b"failure_ttl", b"ttl", b"success_callback_name", b"failure_callback_name", b"stopped_callback_name",
             b"started_at", b"ended_at", b"last_heartbeat", b"worker_name", b"meta", b"group_id", b"dependency_ids",
             b"number_of_retries", b"retries_left", b"enqueue_at_front", b"allow_dependency_failures",
             b"redis_server_version", b"callback_timeout"}  # fmt: skip
    assert set(job) <= known


def _unpacked(held: bytes) -> bytes:
    try:
        return zlib.decompress(held)
    except zlib.error:
        return held


def test_what_is_rung_is_what_a_worker_understands(connection: redis.Redis, server: RedisServer) -> None:
    """The same form at both ends."""
    RedisWakeUps(connect(server.url), Stopwatch()).ring([BELL])
    ((_, job),) = rung(connection).items()
    assert meant(job[b"data"]) == BELL.id


def test_each_urgency_has_a_queue_of_its_own(connection: redis.Redis, server: RedisServer) -> None:
    """In the order in which they were rung."""
    ordinary = WakeUp(OutboxId("ffff"), Urgency.ORDINARY)
    RedisWakeUps(connect(server.url), Stopwatch()).ring([BELL, ordinary, BELL])
    assert connection.llen("rq:queue:urgent") == 2
    assert connection.llen("rq:queue:ordinary") == 1


def test_a_hint_is_forgotten_within_a_minute(connection: redis.Redis, server: RedisServer) -> None:
    """By then the clock has found the row; results and failures are not kept at all."""
    RedisWakeUps(connect(server.url), Stopwatch()).ring([BELL])
    ((key, job),) = rung(connection).items()
    assert 0 < int(connection.ttl(key)) <= 60
    assert job[b"result_ttl"] == b"0"
    assert job[b"failure_ttl"] == b"0"
    assert int(job[b"timeout"]) <= 30


def test_a_dead_redis_raises_nothing_and_is_left_alone_for_a_second(server: RedisServer) -> None:
    """Then it is tried again."""
    watch = Stopwatch()
    wake_up = RedisWakeUps(connect(server.url), watch)
    server.kill()
    began = time.monotonic()
    wake_up.ring([BELL] * 20)
    assert time.monotonic() - began < 1
    assert wake_up.is_quiet
    server.start()
    server.flush()
    wake_up.ring([BELL])
    with redis.Redis.from_url(server.url) as client:
        assert client.llen("rq:queue:urgent") == 0
        watch.now += 1.0
        wake_up.ring([BELL])
        assert client.llen("rq:queue:urgent") == 1


@pytest.mark.parametrize("resident", [True, False])
def test_a_command_says_nothing_of_a_redis_that_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], resident: bool
) -> None:
    """It may come while nothing runs, and the clock finds what it has left. To a process that stays it is a fault."""
    RedisWakeUps(connect(f"unix://{tmp_path}/none"), Stopwatch(), resident=resident).ring([BELL])
    assert ("a wake-up was not sent" in capsys.readouterr().out) == resident


def test_a_redis_that_hangs_holds_nobody_up(server: RedisServer, connection: redis.Redis) -> None:
    """A fifth of a second for a whole list of hints, and then a second of silence."""
    wake_up = RedisWakeUps(connect(server.url), Stopwatch())
    wake_up.ring([BELL])
    connection.client_pause(700)
    began = time.monotonic()
    wake_up.ring([BELL] * 20)
    assert time.monotonic() - began < 0.6
    assert wake_up.is_quiet
    connection.client_unpause()  # once it is answered, Redis answers others, too


def test_a_redis_that_is_full_is_treated_as_dead(server: RedisServer, connection: redis.Redis) -> None:
    """With noeviction it refuses to write; that is an error of Redis like any other."""
    wake_up = RedisWakeUps(connect(server.url), Stopwatch())
    connection.config_set("maxmemory", "1")
    try:
        wake_up.ring([BELL])
        assert wake_up.is_quiet
    finally:
        connection.config_set("maxmemory", "0")


@pytest.mark.parametrize("address", ["unix:///nowhere/redis.sock", "redis://127.0.0.1:1/0"])
def test_a_redis_that_was_never_there_raises_nothing(address: str) -> None:
    """A wrong address costs promptness, and no caller."""
    wake_up = RedisWakeUps(connect(address), Stopwatch())
    wake_up.ring([BELL])
    assert wake_up.is_quiet


def test_ringing_for_nothing_asks_nobody(tmp_path: Path) -> None:
    """No rows, no Redis."""
    wake_up = RedisWakeUps(connect(f"unix://{tmp_path}/none.sock"), Stopwatch())
    wake_up.ring([])
    assert not wake_up.is_quiet
