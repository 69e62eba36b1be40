"""Workers that answer the doorbell: one queue each, so that a kill between two of RQ's steps loses no hint for long."""

from __future__ import annotations

import signal
import time
from typing import Any

import redis
import structlog
from rq import Worker
from rq.serializers import JSONSerializer

from hotline import doorbell
from hotline.effects import Urgency
from hotline.store import beats
from hotline.store.failures import StoreError
from workers.house import opened

_log = structlog.get_logger("workers.queues")
_AFTER_FAILURE = 1.0


class BeatingWorker(Worker):
    """An RQ worker whose heartbeat is also seen in the database, by those who ask whether we are ready."""

    max_connection_wait_time = _AFTER_FAILURE
    """Seconds between two tries to reach Redis; RQ's own limit is a minute, in which every page would wait longer."""

    told_to_stop = False

    def handle_warm_shutdown_request(self) -> None:
        """As RQ's, and remembered: without Redis RQ can't even say goodbye."""
        super().handle_warm_shutdown_request()  # type: ignore[no-untyped-call]
        self.told_to_stop = True

    def heartbeat(self, *arguments: Any, **named: Any) -> None:
        """As RQ's, and a beat of ours."""
        super().heartbeat(*arguments, **named)
        name = f"worker:{self.queues[0].name}"
        try:
            house = opened().house
            house.change(lambda desk: beats.beat(desk.tx, name, desk.now))
        except StoreError as error:
            _log.warning("no beat", reason=type(error).__name__)


def work(urgency: Urgency) -> None:
    """Answer one queue's doorbell until told to stop. A Redis that is away is waited for."""
    url = opened().house.settings.redis_url.get_secret_value()
    while not _answer(urgency, url):
        time.sleep(_AFTER_FAILURE)


def _answer(urgency: Urgency, url: str) -> bool:
    """One worker's life; whether it was told to stop, and not only left alone by Redis."""
    worker: BeatingWorker | None = None
    try:
        worker = _worker(urgency, url)
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


def _worker(urgency: Urgency, url: str) -> BeatingWorker:
    connection = redis.Redis.from_url(url)
    return BeatingWorker(
        [doorbell.queue(urgency, connection)],
        connection=connection,
        serializer=JSONSerializer,
        worker_ttl=45,
        maintenance_interval=30,
        job_monitoring_interval=5,
        log_job_description=False,
    )
