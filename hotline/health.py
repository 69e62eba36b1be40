"""Whether this Hotline is well: for load balancers, for monitoring, and for whoever is woken up by it."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

import redis
from flask import Blueprint, Response, abort, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

from hotline.callbacks.promise import is_late
from hotline.doorbell import connect
from hotline.operations.house import Desk, House
from hotline.store import beats, callbacks, escalations, outbox
from hotline.store.failures import StoreError

CLOCK_LATE: Final = timedelta(seconds=10)
WORKER_LATE: Final = timedelta(seconds=90)
"""A worker that waits for work shows itself every half minute."""
WORKERS: Final = ("worker:urgent", "worker:ordinary")
_HERE: Final = frozenset({"127.0.0.1", "::1"})
_NAMED_HERE: Final = _HERE | {"localhost"}
_PROXIES_SAY: Final = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via", "CF-Connecting-IP")


def blueprint(house: House) -> Blueprint:
    """/health/live, /health/ready, /metrics."""
    pages = Blueprint("health", __name__)
    redis_here = connect(house.settings.redis_url.get_secret_value())

    @pages.get("/health/live")
    def live() -> ResponseReturnValue:
        return jsonify(status="live")

    @pages.get("/health/ready")
    def ready() -> ResponseReturnValue:
        reasons = problems(house, redis_here)
        return jsonify(status="not ready" if reasons else "ready", reasons=reasons), 503 if reasons else 200

    @pages.get("/metrics")
    def metrics() -> ResponseReturnValue:
        if not _may_read_metrics(house):
            abort(403)
        registry = CollectorRegistry()
        registry.register(_Collector(house))
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    return pages


def problems(house: House, redis_here: redis.Redis) -> list[str]:
    """What is not as it should be, in words that say which part; no identities."""
    found: list[str] = []
    try:
        seen = house.look(lambda desk: beats.last(desk.tx))
    except StoreError as error:
        return [f"database: {type(error).__name__}", *_redis_problems(redis_here)]
    now = house.clock()
    for name, late in (("clock", CLOCK_LATE), *((worker, WORKER_LATE) for worker in WORKERS)):
        last = seen.get(name)
        if last is None:
            found.append(f"{name}: has never shown itself")
        elif now - last > late:
            found.append(f"{name}: last seen {int((now - last).total_seconds())} s ago")
    return [*found, *_redis_problems(redis_here)]


def _redis_problems(redis_here: redis.Redis) -> list[str]:
    try:
        redis_here.ping()
    except (redis.RedisError, OSError) as error:
        return [f"redis: {type(error).__name__}"]
    return []


def _may_read_metrics(house: House) -> bool:
    token = house.settings.metrics_token
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if token is not None and given:
        right = hmac.compare_digest(given.encode(), token.get_secret_value().encode())
        return right and scheme.lower() == "bearer"
    # What came through a proxy comes from this machine only in appearance.
    proxied = any(name in request.headers for name in _PROXIES_SAY)
    asked_here = urlsplit(f"//{request.host}").hostname in _NAMED_HERE
    return request.remote_addr in _HERE and asked_here and not proxied


class _Collector:
    """Counted in SQL when asked, so that it is the same from every process. Counts only, no identities."""

    def __init__(self, house: House) -> None:
        self._house = house

    def collect(self) -> Iterator[Metric]:
        try:
            yield from self._house.look(_gauges)
        except StoreError:
            yield GaugeMetricFamily("hotline_database_up", "Whether the database can be read", value=0)


def _gauges(desk: Desk) -> list[Metric]:
    up = GaugeMetricFamily("hotline_database_up", "Whether the database can be read", value=1)
    waiting = GaugeMetricFamily("hotline_outbox_overdue", "Effects past their time", labels=["urgency"])
    oldest = GaugeMetricFamily(
        "hotline_outbox_oldest_seconds", "How long the oldest of them has waited", labels=["urgency"]
    )
    for one in outbox.backlog(desk.tx, desk.now):
        waiting.add_metric([one.urgency], one.waiting)
        oldest.add_metric([one.urgency], (desk.now - one.oldest_due_at).total_seconds())
    return [up, waiting, oldest, *_promises(desk), *_reaching(desk), _beats(desk)]


def _promises(desk: Desk) -> list[Metric]:
    by_line = GaugeMetricFamily("hotline_callbacks_open", "Open callbacks", labels=["line"])
    late = GaugeMetricFamily("hotline_callbacks_late", "Of these, past their promise", labels=["line"])
    rows = [row.callback for row in callbacks.all_open(desk.tx)]
    for line in sorted({rule.line for rule in rows}):
        of_line = [rule for rule in rows if rule.line is line]
        by_line.add_metric([line], len(of_line))
        late.add_metric([line], sum(is_late(rule, desk.now) for rule in of_line))
    return [by_line, late]


def _reaching(desk: Desk) -> list[Metric]:
    reaching = GaugeMetricFamily(
        "hotline_escalations_open", "Escalations not closed", labels=["subject", "status"]
    )
    rows = [row.escalation for row in escalations.all_open(desk.tx)]
    for subject, status in sorted({(rule.subject, rule.status) for rule in rows}):
        of_kind = sum(rule.subject is subject and rule.status is status for rule in rows)
        reaching.add_metric([subject, status], of_kind)
    return [reaching]


def _beats(desk: Desk) -> Metric:
    age = GaugeMetricFamily(
        "hotline_beat_age_seconds", "Since a process last showed itself", labels=["process"]
    )
    for name, at in sorted(beats.last(desk.tx).items()):
        age.add_metric([name], (desk.now - at).total_seconds())
    return age
