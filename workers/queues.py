"""Workers that answer the wake-up queue: one queue each, so that a kill between two of RQ's steps loses no hint for
long."""

from __future__ import annotations

import signal
import time
from functools import partial
from time import monotonic
from typing import Any

import redis
import structlog
from rq import Queue
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.utils import now as rq_now
from rq.worker import SimpleWorker

from hotline.effects import Urgency
from hotline.operations.transaction import Transaction
from hotline.store.database import StoreError
from hotline.store.upkeep import heartbeats, tallies
from workers.application import opened
from workers.hints import Hint, HintQueue
from workers.lane import Lane

_log = structlog.get_logger("workers.queues")
_AFTER_FAILURE = 1.0
_SHOWN_EVERY = 5.0
"""Seconds between two heartbeats in the database: RQ's come with every hint."""


REFUSED = "hints refused"
"""Under this name what Redis held and a worker did not carry out is counted in the database."""


class HintWorker(SimpleWorker):
    """An RQ worker that does one thing: it delivers the effect that a hint names.

    Of RQ it is the loop, the signals and the reconnecting. What else RQ lets Redis decide (callbacks, registries,
    commands, suspension) is not asked for. Its heartbeat is also seen in the database, by those who ask whether we
    are ready.
    """

    max_connection_wait_time = _AFTER_FAILURE
    """Seconds between two tries to reach Redis; RQ's own limit is a minute, in which every page would wait longer."""

    told_to_stop = False
    lane: Lane
    _shown_at = -_SHOWN_EVERY

    def handle_warm_shutdown_request(self) -> None:
        """As RQ's, and remembered: without Redis RQ can't even say goodbye."""
        super().handle_warm_shutdown_request()  # type: ignore[no-untyped-call]
        self.told_to_stop = True

    def heartbeat(self, *arguments: Any, **named: Any) -> None:
        """As RQ's, and a beat of ours."""
        super().heartbeat(*arguments, **named)
        name = f"worker:{self.queues[0].name}"
        if not HintQueue.refused and monotonic() - self._shown_at < _SHOWN_EVERY:
            return
        self._shown_at = monotonic()
        refused, HintQueue.refused = HintQueue.refused, 0
        if refused:
            _log.warning("Redis held what is no hint of ours: thrown away", refused=refused)
        try:
            opened().application.change(partial(_show, name=name, refused=refused))
        except StoreError as error:
            HintQueue.refused += refused
            _log.warning("no beat", reason=type(error).__name__)

    def execute_job(self, job: Job, _queue: Queue) -> None:
        """Hand it to the lane, which has several senders: the next hint is not kept waiting."""
        assert isinstance(job, Hint)  # noqa: S101 - the queue gives nothing else
        self.lane.hint(job.outbox_id)

    def run_maintenance_tasks(self) -> None:
        """RQ's registries hold nothing of ours, and could name functions to call."""
        self.last_cleaned_at = rq_now()  # type: ignore[assignment]  # RQ says so itself

    def check_for_suspension(self, burst: bool) -> None:
        """Redis can't suspend us."""

    def subscribe(self) -> None:
        """Redis can't command us."""

    def unsubscribe(self) -> None:
        """Nothing was subscribed to."""


def _show(transaction: Transaction, name: str, refused: int) -> None:
    heartbeats.beat(transaction.tx, name, transaction.now, transaction.application.machine)
    if refused:
        tallies.count(transaction.tx, REFUSED, refused)


def work(urgency: Urgency) -> None:
    """Answer one queue's wake-up queue until told to stop. A Redis that is away is waited for."""
    url = opened().application.settings.redis_url.get_secret_value()
    lane = Lane(opened(), urgency)
    while not _answer(urgency, url, lane):
        time.sleep(_AFTER_FAILURE)
    lane.stop()


def _answer(urgency: Urgency, url: str, lane: Lane) -> bool:
    """One worker's life; whether it was told to stop, and not only left alone by Redis."""
    worker: HintWorker | None = None
    try:
        worker = _worker(urgency, url)
        worker.lane = lane
        worker.work(logging_level="WARNING", with_scheduler=False)
    except (redis.RedisError, OSError) as error:
        if worker is None or not worker.told_to_stop:
            _log.warning("no Redis: the clock carries out what is urgent", reason=type(error).__name__)
            _stop_at_once_when_told()
            return False
    _log.info("stopping")
    return True


def _stop_at_once_when_told() -> None:
    """The handlers that RQ has installed would tell a worker that is gone."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _worker(urgency: Urgency, url: str) -> HintWorker:
    connection = redis.Redis.from_url(url)
    return HintWorker(
        [HintQueue(urgency.value, connection=connection, serializer=JSONSerializer)],
        connection=connection,
        queue_class=HintQueue,
        job_class=Hint,
        serializer=JSONSerializer,
        worker_ttl=45,
        maintenance_interval=30,
        job_monitoring_interval=5,
        log_job_description=False,
    )
