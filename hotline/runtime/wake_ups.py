"""The wake-up queue: Redis, told that something waits in the outbox. It holds ids, and the only copy of nothing.

A job is a wake-up hint: one constant name, one outbox id, a constant description, short lives.
Whatever happens to it, the clock finds the row by SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import redis
import structlog
from rq import Queue
from rq.exceptions import TimeoutFormatError
from rq.serializers import JSONSerializer

from hotline.effects import Urgency
from hotline.model import ByWord
from hotline.store.traffic.outbox import WakeUp

JOB: Final = "workers.deliver.deliver"
"""What a hint calls itself. Nothing is imported by it: a worker knows a hint by these words, and does one thing."""
_HINT_LIVES: Final = 60
"""Seconds; by then the clock has long carried it out."""
_RUN_AT_MOST: Final = 30
_QUIET_AFTER_FAILURE: Final = 1.0
"""Seconds during which nobody waits for a Redis that has just failed."""

_log = structlog.get_logger("hotline.runtime.wake_ups")


def connect(url: str) -> redis.Redis:
    """A connection that gives up in a fifth of a second rather than keep a caller waiting. Opens nothing yet."""
    return redis.Redis.from_url(
        url,
        socket_connect_timeout=0.2,
        socket_timeout=0.2,
        health_check_interval=15,
        retry=None,
        retry_on_error=[],
    )


def queue(urgency: Urgency, connection: redis.Redis) -> Queue:
    """The queue of this urgency."""
    return Queue(urgency.value, connection=connection, serializer=JSONSerializer)


class RedisWakeUps:
    """Rings through RQ. Never raises; after a failure it stays quiet for a second."""

    def __init__(
        self, connection: redis.Redis, monotonic: Callable[[], float], *, resident: bool = True
    ) -> None:
        """`monotonic`: seconds that only go forward. `resident`: of a process that stays, beside which Redis runs, so
        that a failure is a fault; a command may come while nothing runs."""
        each = {urgency: queue(urgency, connection) for urgency in Urgency}
        self._queues = ByWord(each, unknown=each[Urgency.EMERGENCY])
        self._monotonic = monotonic
        self._resident = resident
        self._quiet_until = 0.0

    def ring(self, waiting: Sequence[WakeUp]) -> None:
        """One hint per row."""
        if self._monotonic() < self._quiet_until:
            return
        try:
            for wake_up in waiting:
                self._queues[wake_up.urgency].enqueue_call(
                    JOB,
                    args=(str(wake_up.id),),
                    timeout=_RUN_AT_MOST,
                    result_ttl=0,
                    ttl=_HINT_LIVES,
                    failure_ttl=0,
                    description="deliver",
                )
        except (redis.RedisError, OSError, TimeoutFormatError) as error:
            self._quiet_until = self._monotonic() + _QUIET_AFTER_FAILURE
            if self._resident:
                _log.warning("a wake-up was not sent", reason=type(error).__name__)

    @property
    def is_quiet(self) -> bool:
        """Whether it failed within the last second."""
        return self._monotonic() < self._quiet_until
