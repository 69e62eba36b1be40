"""Real workers: processes of their own, with a real Redis, a database file and a provider over real HTTP."""

from __future__ import annotations

import base64
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from hotline.effects import Origin, OriginKind, PlaceCall, SendText, Urgency
from hotline.model import OutboxId, PhoneNumber
from hotline.runtime.wiring import Wiring, open_application
from hotline.settings.load import load_settings
from hotline.simulator import HttpWeb, Served, Simulator, wall_clock
from hotline.store.traffic import outbox
from hotline.store.traffic.outbox import OutboxRow
from hotline.store.upkeep import heartbeats
from tests import databases
from tests.stories.centre import ANA, LINE, SID, TOKEN
from tests.stories.redis_server import RedisServer

ROOT = Path(__file__).resolve().parents[2]
CENTRE = f"""
[line]
name = "Care Line"
numbers = ["{LINE}"]
failsafe_number = "+16175550999"
[carrier]
calls_per_second = CALLS
request_timeout = "2s"
[deliveries]
lease = "3s"
"""


@dataclass
class Works:
    """Where workers work."""

    environ: dict[str, str]
    here: Wiring
    sim: Simulator
    redis: RedisServer
    home: Path
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, which: str) -> subprocess.Popen[bytes]:
        """`python -m workers WHICH`."""
        said = (self.home / f"{which}.log").open("ab")
        process = subprocess.Popen(
            [sys.executable, "-m", "workers", which], env=self.environ, cwd=ROOT, stdout=said, stderr=said
        )
        said.close()
        self.running.append(process)
        return process

    def said(self, which: str) -> str:
        """What it has logged."""
        return (self.home / f"{which}.log").read_text()

    def promise_text(self) -> OutboxId:
        """A text that must leave, as above."""
        text = SendText(PhoneNumber(ANA), "Somebody waits.", "/twilio/sms/status")
        kept: OutboxId = self.here.application.change(
            lambda transaction: transaction.send(text, about=Origin(OriginKind.STAFF, "ana"))
        )
        return kept

    def promise(self, *, to_caller: bool = False, lane: Urgency = Urgency.URGENT) -> OutboxId:
        """A call that must leave; a wake-up has been sent for it."""
        call = PlaceCall(PhoneNumber(ANA), "/twilio/voice/page/p", "/twilio/voice/status/page/p", 20)
        kept: OutboxId = self.here.application.change(
            lambda transaction: transaction.send(
                call, about=Origin(OriginKind.STAFF, "ana"), urgency=lane, to_caller=to_caller
            )
        )
        return kept

    def row(self, outbox_id: OutboxId) -> OutboxRow:
        found = self.here.application.look(lambda transaction: outbox.get(transaction.tx, outbox_id))
        assert found is not None
        return found

    def heartbeats(self, name: str) -> bool:
        """Whether this process has shown itself."""
        return name in self._beats()

    def last_beat(self, name: str) -> datetime:
        """When this process, which has shown itself, last did so (UTC)."""
        return self._beats()[name]

    def _beats(self) -> dict[str, datetime]:
        found: dict[str, datetime] = self.here.application.look(
            lambda transaction: heartbeats.last(transaction.tx)
        )
        return found


@contextmanager
def works(home: Path, calls_per_second: float = 20) -> Iterator[Works]:
    """Everything but the workers; what was started is killed at the end."""
    redis, sim = RedisServer(), Simulator(SID, TOKEN, wall_clock, HttpWeb())
    sim.number(LINE)
    sim.phone(ANA, label="Ana")
    (home / "hotline.toml").write_text(CENTRE.replace("CALLS", str(calls_per_second)))
    redis.start()
    with Served(sim) as served:
        environ = {
            "PATH": os.environ["PATH"],
            "TWILIO_ACCOUNT_SID": SID,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_API_BASE_URL": served.url,
            "PUBLIC_BASE_URL": "http://127.0.0.1:9",
            "DATABASE_URL": databases.sqlite(home),
            "REDIS_URL": redis.url,
            "HOTLINE_HOME": str(home),
            "HOTLINE_CONFIG": str(home / "hotline.toml"),
            "HOTLINE_DATA_KEY": base64.b64encode(b"k" * 32).decode(),
            "SECRET_KEY": "s" * 48,
        }
        made = Works(environ, open_application(load_settings(environ)), sim, redis, home)
        try:
            yield made
        finally:
            for process in made.running:
                kill(process)
            redis.close()


def kill(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL, for it and for the horse that it has forked."""
    family = [*children(process.pid), process.pid]
    for pid in family:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    process.wait()


def children(pid: int) -> list[int]:
    """The processes that this one has started."""
    try:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(child) for child in listed.split()]


def eventually(happened: Callable[[], bool], what: str, within: float = 60) -> None:
    """Wait until it has happened, on the busiest of machines; what must be soon is measured by the test."""
    deadline = time.monotonic() + within
    while not happened():
        assert time.monotonic() < deadline, f"within {within} s: {what}"
        time.sleep(0.05)
