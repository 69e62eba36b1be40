"""Whether this Hotline is well: for load balancers, for monitoring, and for whoever is woken up by it."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

import redis
from flask import Blueprint, Response, abort, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from hotline.effects import Urgency
from hotline.model import as_kept
from hotline.operations.keeping import backup_age
from hotline.operations.transaction import Application, Transaction
from hotline.operations.watching import line_canary, sample_numbers
from hotline.runtime.examining import disks
from hotline.runtime.metrics import Collector
from hotline.runtime.wake_ups import connect
from hotline.store.database import WRONG_KEY, StoreError, Unsealable
from hotline.store.people import schedules, staff
from hotline.store.traffic import outbox
from hotline.store.upkeep import canary, carrier_lists, heartbeats, leaps, refusals
from hotline.telephony.webhooks.refusing import ADVICE, Cause

CLOCK_LATE: Final = timedelta(seconds=10)
CLOCK_WRONG: Final = timedelta(seconds=5)
"""So far from the database's time a machine's own is wrong."""
WORKER_LATE: Final = timedelta(seconds=90)
"""A worker that waits for work shows itself every half minute."""
REFUSED_LATELY: Final = timedelta(minutes=15)
SILENT: Final = timedelta(minutes=10)
UNREAD: Final = timedelta(minutes=2)
"""So much later than they should be, the carrier's lists can't be read."""
WORKERS: Final = tuple(f"worker:{lane}" for lane in Urgency)


def blueprint(application: Application) -> Blueprint:
    """/health/live, /health/ready, /metrics."""
    pages = Blueprint("health", __name__)
    collector = Collector(application)
    redis_here = connect(application.settings.redis_url.get_secret_value())

    @pages.get("/health/live")
    def live() -> ResponseReturnValue:
        return jsonify(status="live")

    @pages.get("/health/ready")
    def ready() -> ResponseReturnValue:
        reasons = problems(application, redis_here)
        status = "not ready" if reasons else "ready"
        return jsonify(status=status, reasons=reasons, **_backups(application)), 503 if reasons else 200

    @pages.get("/metrics")
    def metrics() -> ResponseReturnValue:
        if not _may_read_metrics(application):
            abort(403)
        registry = CollectorRegistry()
        registry.register(collector)
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    return pages


def problems(application: Application, redis_here: redis.Redis) -> list[str]:
    """What is not as it should be, in words that say which part; no identities."""
    found: list[str] = [*disks.full(application.settings)]
    try:
        seen, wrong = application.look(_seen)
    except Unsealable:
        return [*found, f"keys: {WRONG_KEY}", *_redis_problems(redis_here)]
    except StoreError as error:
        return [*found, f"database: {type(error).__name__}", *_redis_problems(redis_here)]
    now = application.clock()
    for name, late in (("clock", CLOCK_LATE), *((worker, WORKER_LATE) for worker in WORKERS)):
        last = seen.get(name)
        if last is None:
            found.append(f"{name}: has never shown itself")
        elif now - last > late:
            found.append(f"{name}: last seen {int((now - last).total_seconds())} s ago")
    return [*found, *wrong, *_redis_problems(redis_here)]


def _backups(application: Application) -> dict[str, object]:
    """How old the newest backup is, and what is wrong about backups: nothing that a caller would notice today, and so
    no reason to send them elsewhere."""
    try:
        state = application.look(backup_age.look)
    except StoreError:
        return {}
    age = None if state.age is None else int(state.age.total_seconds())
    return {"backup_age_seconds": age, "notes": [one.words for one in state.problems]}


def _seen(transaction: Transaction) -> tuple[dict[str, datetime], list[str]]:
    """Who last showed themselves when, and what stands in a caller's way for sure."""
    canary.listen(transaction.tx)
    wrong = [
        *_time(transaction),
        *_this_machine(transaction),
        *_nobody(transaction),
        *sample_numbers.warnings(transaction.settings, transaction.tx),
        *_refused(transaction),
        *_lost(transaction),
        *_canary(transaction),
    ]
    return heartbeats.last(transaction.tx), wrong


def _time(transaction: Transaction) -> Iterator[str]:
    """Machines that share a database need one time: what one of them leases has long run out for another one."""
    database = leaps.database_time(transaction.tx)
    ahead = transaction.now - database if database is not None else timedelta(0)
    if abs(ahead) >= CLOCK_WRONG:
        seconds, where = abs(int(ahead.total_seconds())), "ahead of" if ahead > timedelta(0) else "behind"
        yield f"time: this machine is {seconds} s {where} the database's server: let both follow one time (NTP)"


def _this_machine(transaction: Transaction) -> Iterator[str]:
    """What ran here within the last day and runs elsewhere now: nobody waits for it, and nobody else would notice."""
    anywhere = heartbeats.last(transaction.tx)
    for (name, machine), at in sorted(heartbeats.last_on_each(transaction.tx).items()):
        late = CLOCK_LATE if name == "clock" else WORKER_LATE
        elsewhere = name in anywhere and transaction.now - anywhere[name] <= late
        if machine == transaction.application.machine and elsewhere and transaction.now - at > late:
            seconds = int((transaction.now - at).total_seconds())
            yield f"{name} on this machine: last seen {seconds} s ago; another machine does its work"


def _nobody(transaction: Transaction) -> Iterator[str]:
    """Without staff to ring, every caller is promised what nobody keeps."""
    if not any(row.can_be_rung for row in staff.active(transaction.tx)):
        yield "staff: nobody who can be rung: `hotline load` a staff file"
    elif not any(one.named for one in schedules.every(transaction.tx)):
        yield "staff: nobody is on any schedule: `hotline load` a staff file with schedules"


def _refused(transaction: Transaction) -> Iterator[str]:
    """What the carrier itself is refused for. A wrong token can't be proved: it counts if the carrier doesn't let
    us in either, or if nothing else came for a while, so that a stranger who knows the account's name makes no busy
    line look ill."""
    lately = [one for one in refusals.every(transaction.tx) if transaction.now - one.at < REFUSED_LATELY]
    taken = refusals.last_taken(transaction.tx) if lately else None
    for one in lately:
        silent = taken is None or one.at - taken > SILENT
        if one.cause != Cause.SIGNATURE or silent or _is_shut_out(transaction):
            yield f"the carrier is being refused: {ADVICE[as_kept(Cause, one.cause)]}"


def _is_shut_out(transaction: Transaction) -> bool:
    """Whether nothing of ours leaves, or the carrier's lists, read each minute, have not been read for long."""
    every, mark = transaction.settings.centre.recovery.every, carrier_lists.mark(transaction.tx)
    if every and mark is not None and transaction.now - mark.looked_at > every + UNREAD:
        return True
    return outbox.carrier_lost_since(transaction.tx, transaction.now) is not None


def _lost(transaction: Transaction) -> Iterator[str]:
    """Nothing of ours reaches the carrier: phones that were to ring don't."""
    since = outbox.carrier_lost_since(transaction.tx, transaction.now)
    if since is not None:
        seconds = int((transaction.now - since).total_seconds())
        yield (
            f"the carrier: nothing has reached it for {seconds} s: look at this machine's network, and at "
            "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN"
        )


def _canary(transaction: Transaction) -> Iterator[str]:
    """The line's call and text to itself; a slip in her own number is nothing that callers meet."""
    found = line_canary.state(transaction)
    if found.amiss is not None and not found.slip:
        yield f"canary: {found.amiss}"


def _redis_problems(redis_here: redis.Redis) -> list[str]:
    try:
        redis_here.ping()
    except (redis.RedisError, OSError) as error:
        return [f"redis: {type(error).__name__}"]
    return []


def _may_read_metrics(application: Application) -> bool:
    """Only with the token, from wherever: what comes from this machine may have come through a proxy on it."""
    token = application.settings.metrics_token
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if token is None or scheme.lower() != "bearer":
        return False
    return hmac.compare_digest(given.encode(), token.get_secret_value().encode())
