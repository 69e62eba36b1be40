"""What a worker takes from Redis: one opaque id, or nothing at all.

Redis is not trusted: whoever can write to it must not be able to make a worker do anything but look whether one effect
of ours waits. A hint is an RQ job whose data is the JSON `["workers.deliver.deliver", null, [id], {}]` in one exact
form. Nothing else of it is read, nothing is unpickled, no name is looked up, and none of RQ's callbacks, webhooks,
dependents, registries or commands has a say. What has another form is thrown away and counted.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable
from typing import Any, Final

import redis
from rq import Queue
from rq.exceptions import DequeueTimeout
from rq.job import Job

from hotline.model import OutboxId
from hotline.runtime.wake_ups import JOB

_LARGEST: Final = 512
"""Bytes of a hint's data, packed or not; ours has less than 100."""
_JOB_ID: Final = re.compile(rb"[0-9a-f-]{1,64}")
_OUTBOX_ID: Final = re.compile(r"[0-9a-f]{1,64}", re.ASCII)


class Hint(Job):
    """An RQ job of which only the id of an effect is known."""

    outbox_id: OutboxId


class HintQueue(Queue):
    """A queue of hints. What can't be one is counted in `refused`, and gone."""

    refused = 0

    @classmethod
    def dequeue_any(  # type: ignore[override]  # what else RQ passes is about jobs that we don't read
        cls, queues: Iterable[Queue], timeout: int | None, connection: redis.Redis, **_: Any
    ) -> tuple[Hint, Queue] | None:
        """The next hint and its queue, waiting for `timeout` seconds; None without one if `timeout` is None.

        Raises DequeueTimeout, as RQ's.
        """
        known = {queue.key: queue for queue in queues}
        while True:
            popped = _pop(connection, list(known), timeout)
            if popped is None:
                return None
            key, job_id = popped
            hint = cls._taken(connection, job_id)
            if hint is not None:
                return hint, known[key]

    @classmethod
    def _taken(cls, connection: redis.Redis, job_id: bytes) -> Hint | None:
        if not _JOB_ID.fullmatch(job_id):
            cls.refused += 1
            return None
        data = _data(connection, b"rq:job:" + job_id)
        if data is None:
            return None  # it has had its minute: the clock has found the row
        outbox_id = meant(data)
        if outbox_id is None:
            cls.refused += 1
            return None
        hint = Hint(job_id.decode("ascii"), connection=connection)
        hint.outbox_id = outbox_id
        return hint


def meant(data: bytes) -> OutboxId | None:
    """The effect that a hint's data is about, or None for anything that isn't exactly one of our hints."""
    try:
        given = json.loads(_unpacked(data))
    except (ValueError, RecursionError):  # what isn't UTF-8 is a ValueError, too
        return None
    match given:
        case [name, None, [str(outbox_id)], dict(named)] if name == JOB and not named:
            return OutboxId(outbox_id) if _OUTBOX_ID.fullmatch(outbox_id) else None
        case _:
            return None


def _pop(connection: redis.Redis, keys: list[str], timeout: int | None) -> tuple[str, bytes] | None:
    if timeout is None:
        found = [(key, held) for key in keys if (held := connection.lpop(key)) is not None]
        return (found[0][0], bytes(found[0][1])) if found else None  # type: ignore[arg-type]
    popped: Any = connection.blpop(keys, timeout)
    if popped is None:
        raise DequeueTimeout(timeout, keys)
    return bytes(popped[0]).decode(), bytes(popped[1])


def _data(connection: redis.Redis, key: bytes) -> bytes | None:
    """What the job's hash holds, which is gone from Redis afterwards; b"" for what can't be a hint of ours."""
    try:
        size: Any = connection.hstrlen(key, "data")
        held: Any = connection.hget(key, "data") if 0 < size <= _LARGEST else None
    except redis.ResponseError as error:
        if not str(error).startswith("WRONGTYPE"):
            raise
        size, held = 1, None
    connection.delete(key)
    if held is not None:
        return bytes(held)
    return b"" if size else None


def _unpacked(data: bytes) -> bytes:
    unpacking = zlib.decompressobj()
    try:
        return unpacking.decompress(data, _LARGEST)
    except zlib.error:
        return data
