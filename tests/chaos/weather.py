"""What befalls the day: the carrier's faults, processes that are killed, Redis and databases that suffer."""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from random import Random

import psycopg
from redis import RedisError

from hotline.simulator import Faults
from tests.chaos.application import Application
from tests.chaos.servers import Postgres
from tests.chaos.stage import Script

Notes = Callable[[str], None]
_STATUS = ("status", "sms-status", "machine", "conference")


def carrier(faults: Faults, dice: Random, every: float, notes: Notes) -> Script:
    """A fault at the carrier every so many seconds; status news are late and out of order all the time."""
    faults.reorder(dice.randrange(1 << 30), spread=2.0)
    befalls: tuple[tuple[str, Callable[[], None], int], ...] = (
        ("a create is refused: 500", lambda: faults.error(500, times=1), 2),
        ("a create is refused: 503", lambda: faults.error(503, times=1), 2),
        ("a create is refused: 429", lambda: faults.error(429, times=2), 2),
        ("a create happens, and is answered 500", lambda: faults.error(500, times=1, created=True), 2),
        ("a connection breaks before the create", lambda: faults.drop_before(times=1), 2),
        ("a connection breaks after the create", lambda: faults.drop_after(times=1), 3),
        ("a create is answered late", lambda: faults.delay(dice.uniform(1, 4), times=1), 3),
        ("a create happens, and is never answered", lambda: faults.time_out_after(times=1), 1),
        ("a webhook comes twice at once", lambda: faults.duplicate(1), 4),
        ("a voice webhook comes again later", lambda: faults.duplicate_later(dice.uniform(1, 8), "voice"), 3),
        ("a text comes again later", lambda: faults.duplicate_later(dice.uniform(1, 8), "sms"), 2),
        ("status news come again later", lambda: faults.duplicate_later(dice.uniform(1, 8), "status"), 3),
        ("status news are lost", lambda: faults.lose("status"), 4),
        ("news of a text are lost", lambda: faults.lose("sms-status"), 2),
        ("a voice webhook is lost", lambda: faults.lose("voice"), 1),
        ("a text's webhook is lost", lambda: faults.lose("sms"), 1),
        ("an answer comes too late", lambda: faults.late("voice"), 2),
        ("a webhook finds no connection", faults.unreachable, 3),
    )
    names, weights = [one[0] for one in befalls], [one[2] for one in befalls]
    acts = {name: act for name, act, _ in befalls}
    while True:
        yield dice.expovariate(1 / every)
        name = dice.choices(names, weights)[0]
        acts[name]()
        notes(f"carrier: {name}")


def kills(application: Application, dice: Random, every: float, notes: Notes) -> Script:
    """A process is killed every so many seconds."""
    while True:
        yield dice.uniform(0.5 * every, 1.5 * every)
        name = dice.choice(tuple(application.kept))
        notes(f"killed: {name}")
        application.kill(name)


def machines_die(application: Application, dice: Random, every: float, notes: Notes) -> Script:
    """Everything on one machine of several is killed every so many seconds, and is gone for a while. Never on all."""
    while True:
        yield dice.uniform(0.5 * every, 1.5 * every)
        machine = dice.choice(application.machines)
        notes(f"machine {machine.name} dies")
        machine.dies()
        yield dice.uniform(3, 20)
        notes(f"machine {machine.name} is back")
        machine.returns()


def all_of_it_stops(application: Application, dice: Random, every: float, notes: Notes) -> Script:
    """As if the mains had gone: every process of every machine, and Redis, at once, for some seconds."""
    while True:
        yield dice.uniform(0.5 * every, 1.5 * every)
        notes("everything stops")
        application.dies()
        try:
            yield dice.uniform(3, 15)
        finally:
            application.returns()
            notes("everything is back")


def redis_suffers(application: Application, dice: Random, every: float, notes: Notes) -> Script:
    """Every so many seconds Redis forgets everything, takes nothing more, or answers nobody, for a while."""
    redis = application.redis_client()
    while True:
        yield dice.uniform(0.5 * every, 1.5 * every)
        befalls = dice.choice(("is flushed", "is full", "stands still"))
        notes(f"Redis {befalls}")
        lasts = dice.uniform(2, 8)
        if befalls == "is flushed":
            with suppress(RedisError):
                redis.flushall()
        elif befalls == "is full":
            with suppress(RedisError):
                redis.config_set("maxmemory", 1)
            try:
                yield lasts
            finally:
                with suppress(RedisError):
                    redis.config_set("maxmemory", 0)
        else:
            application.redis.send(signal.SIGSTOP)
            try:
                yield lasts
            finally:
                application.redis.send(signal.SIGCONT)


def file_suffers(application: Application, file: Path, dice: Random, every: float, notes: Notes) -> Script:
    """Every so many seconds somebody else holds SQLite's lock for a while, or no process can write to the disk."""
    while True:
        yield dice.uniform(0.5 * every, 1.5 * every)
        lasts = dice.uniform(2, 9)
        if dice.random() < 0.5:
            yield from _disk_full(application, lasts, notes)
            continue
        with closing(sqlite3.connect(file, 0.2, isolation_level=None, check_same_thread=False)) as raw:
            with suppress(sqlite3.OperationalError):
                raw.execute("BEGIN IMMEDIATE")
            if raw.in_transaction:
                notes("the database is locked")
                yield lasts


def _disk_full(application: Application, lasts: float, notes: Notes) -> Script:
    notes("the disk is full")
    try:
        for _ in range(max(1, int(lasts))):
            application.may_write(0)
            yield 1.0
    finally:
        application.may_write(None)
        notes("the disk has room again")


def server_suffers(server: Postgres, dice: Random, every: float, notes: Notes) -> Script:
    """Every so many seconds somebody else holds PostgreSQL's tables for a while, or it dies and comes back."""
    while True:
        yield dice.uniform(0.5 * every, 1.5 * every)
        lasts = dice.uniform(2, 9)
        if dice.random() < 0.5:
            notes("PostgreSQL dies")
            server.kill()
            try:
                yield lasts / 2
            finally:
                server.control("restart")
                notes("PostgreSQL is back")
            continue
        with suppress(psycopg.Error), psycopg.connect(server.address().replace("+psycopg", "")) as raw:
            raw.execute("SET lock_timeout = 200")
            raw.execute("LOCK TABLE contacts, callbacks, escalations IN ACCESS EXCLUSIVE MODE")
            notes("the database's tables are locked")
            yield lasts


def failover(primary: Postgres, standby: Postgres, after: float, notes: Notes) -> Script:
    """After so many seconds the first server is killed, and a moment later the second one takes over."""
    yield after
    notes("PostgreSQL's first server dies")
    primary.kill()
    yield 1.5
    standby.control("promote")
    notes("PostgreSQL's standby has taken over")


def coordinators(board: Callable[[], str | None], every: float, dice: Random, notes: Notes) -> Script:
    """Somebody does something on the board every so many seconds."""
    while True:
        yield dice.expovariate(1 / every)
        if (done := board()) is not None:
            notes(f"board: {done}")
