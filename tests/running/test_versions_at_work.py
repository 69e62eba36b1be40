"""A deploy, one process after another, while people call: what the web of one version promises, workers and a clock of
the other keep, and both together keep it once."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from sqlalchemy import text

from hotline import paths
from hotline.operations import roster
from hotline.runtime.procfile import read_procfile
from hotline.simulator import HttpWeb, Phone, Served, Simulator, wall_clock
from hotline.store.database import Database, Keyring
from hotline.store.upkeep import heartbeats
from tests import databases
from tests.chaos.centre import (
    CENTRE,
    CLINICIANS,
    COORDINATORS,
    FAILSAFE,
    LINE,
    RETRY,
    SID,
    TOKEN,
    staffed,
)
from tests.running.application import REPOSITORY, eventually
from tests.running.version_before import unpack_version_before
from tests.stories.redis_server import RedisServer

pytestmark = [pytest.mark.process, pytest.mark.slow, pytest.mark.proof]

_KEY = b"k" * 32
_KEPT = ("worker_emergency", "worker", "clock")
"""What keeps promises to callers, by the Procfile's names."""
_BEATS = {"worker_emergency": "worker:emergency", "worker": "worker:urgent", "clock": "clock"}
_PATIENT = CENTRE.replace(
    'staff_ring = "12s"\ncaller_ring = "12s"', 'staff_ring = "60s"\ncaller_ring = "60s"'
).replace('emergency_untouched = "60s"', 'emergency_untouched = "10m"')
"""Nobody is rung again only because the machine is slow: whoever is rung twice was rung twice."""
_QUESTIONS = (
    ("For a call at this number", "4"),
    ("safe to leave a message", "5"),
    ("safe to text", "5"),
    ("as soon as we can", "4"),
)


@dataclass
class Deploy:
    """What both versions share, and the processes of each."""

    home: Path
    file: Path
    """The database's."""
    sources: dict[str, Path]
    environ: dict[str, str]
    sim: Simulator
    database: Database
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def starts(self, version: str, *which: str) -> None:
        """These processes of the Procfile, by its own words; returns when each has shown itself."""
        began = datetime.now(UTC)
        for one in which:
            with self._log(version, one).open("ab") as said:
                self.running[f"{version}:{one}"] = subprocess.Popen(
                    ["/bin/sh", "-c", f"exec {read_procfile()[one]}"],
                    env={**self.environ, "PYTHONPATH": str(self.sources[version])},
                    cwd=self.sources[version],
                    stdout=said,
                    stderr=said,
                )
        for one in which:
            shows_itself = self._answers if one == "web" else partial(self._beats, version, one, began)
            eventually(shows_itself, lambda one=one: self._log(version, one).read_text(), 120)  # type: ignore[misc]

    def stops(self, version: str, *which: str) -> None:
        """They are told to, and end as they should."""
        for one in which:
            self.running[f"{version}:{one}"].terminate()
        for one in which:
            assert self.running.pop(f"{version}:{one}").wait(30) == 0, self._log(version, one).read_text()

    def delivered(self, version: str, which: str) -> list[str]:
        """Which effects this process has carried out, by their ids."""
        lines = map(json.loads, self._log(version, which).read_text().splitlines())
        return [line["outbox"] for line in lines if line["event"] == "delivered"]

    def faults(self) -> list[str]:
        """Every line of every process that is an error's, or tells of something that it could not read."""
        return [
            line
            for log in sorted(self.home.glob("*.log"))
            for line in log.read_text().splitlines()
            if not line.startswith("{")
            or json.loads(line)["level"] in ("error", "critical")
            or "refused" in line
        ]

    def asked(self, statement: str) -> list[tuple[object, ...]]:
        """What the database says."""
        with self.database.read() as tx:
            return [tuple(row) for row in tx.execute(text(statement))]

    def _log(self, version: str, which: str) -> Path:
        return self.home / f"{version}-{which}.log"

    def _answers(self) -> bool:
        try:
            with urlopen(f"{self.environ['PUBLIC_BASE_URL']}/health/live", timeout=5) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def _beats(self, version: str, which: str, since: datetime) -> bool:
        """Both versions beat by one name: who is up has opened the database, too."""
        process = self.running[f"{version}:{which}"]
        fds = Path(f"/proc/{process.pid}/fd").iterdir()
        opened = [one.readlink().name for one in fds if one.is_symlink()]
        with self.database.read() as tx:
            shown = heartbeats.last(tx).get(_BEATS[which])
        return shown is not None and shown > since and self.file.name in opened


@contextmanager
def _deploying(home: Path, before: Path) -> Iterator[Deploy]:
    """Nothing runs yet but Redis and the carrier. The database is as today's version wants it."""
    redis = RedisServer()
    redis.start()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    base, url = f"http://127.0.0.1:{port}", databases.sqlite(home)
    file = Path(url.removeprefix("sqlite:///"))
    (home / "hotline.toml").write_text(_PATIENT)
    sim = Simulator(SID, TOKEN, wall_clock, HttpWeb())
    for number in (*COORDINATORS[:2], *CLINICIANS[:2], FAILSAFE):
        sim.phone(number)
    sim.number(
        LINE,
        voice_url=base + paths.VOICE + RETRY,
        status_callback=base + paths.VOICE_STATUS + RETRY,
        sms_url=base + paths.SMS + RETRY,
    )
    database = Database(url, Keyring((_KEY,)), timedelta(seconds=20))
    database.transact(lambda tx: roster.load(tx, staffed(2, 2), datetime.now(UTC)))
    with Served(sim) as served:
        environ = {
            "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
            "PORT": str(port),
            "HOTLINE_BIND": "127.0.0.1",
            "WEB_CONCURRENCY": "1",
            "HOTLINE_LOGS": "json",
            "PUBLIC_BASE_URL": base,
            "TWILIO_ACCOUNT_SID": SID,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_API_BASE_URL": served.url,
            "DATABASE_URL": url,
            "REDIS_URL": redis.url,
            "HOTLINE_HOME": str(home),
            "HOTLINE_CONFIG": str(home / "hotline.toml"),
            "HOTLINE_DATA_KEY": b64encode(_KEY).decode(),
            "SECRET_KEY": "s" * 48,
        }
        deploy = Deploy(home, file, {"before": before, "today": REPOSITORY}, environ, sim, database)
        try:
            yield deploy
        finally:
            for process in deploy.running.values():
                process.kill()
                process.wait()
            database.dispose()
            redis.close()


def test_what_one_version_promises_the_other_keeps_and_both_keep_it_once(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The web is new first; then all of it runs twice; then workers and clock are new, and the web goes back."""
    before = unpack_version_before(tmp_path_factory.mktemp("before"))
    with _deploying(tmp_path, before) as deploy:
        deploy.starts("before", *_KEPT)
        deploy.starts("today", "web")
        _two_who_need_somebody(deploy, "0")
        for one in ("worker_emergency", "worker"):
            assert deploy.delivered("before", one), f"{one} has carried out what the other version promised"

        deploy.starts("today", *_KEPT)
        _two_who_need_somebody(deploy, "1")

        deploy.stops("before", *_KEPT)
        deploy.stops("today", "web")
        deploy.starts("before", "web")
        known = {one: len(deploy.delivered("today", one)) for one in ("worker_emergency", "worker")}
        _two_who_need_somebody(deploy, "2")
        for one, already in known.items():
            assert len(deploy.delivered("today", one)) > already, (
                f"{one} has carried out what the web promised"
            )

        deploy.stops("before", "web")
        deploy.stops("today", *_KEPT)
        assert deploy.faults() == []


def _two_who_need_somebody(deploy: Deploy, which: str) -> None:
    """One is owed a call and gets one; one is in danger, and each clinician's phone rings once for them."""
    since = len(deploy.sim.calls)
    mia, rosa = deploy.sim.phone(f"+1617555016{which}"), deploy.sim.phone(f"+1617555017{which}")
    for one in (rosa, mia):
        one.calls(LINE)
    _until(partial(_has_heard, rosa, "press 2"), "the menu")
    rosa.presses("1")
    _asks_to_be_rung_back(mia)
    clinician = _takes(deploy, CLINICIANS[:2])
    coordinator = _takes(deploy, COORDINATORS[:2])
    _until(lambda: clinician.number in rosa.talking_with, "they talk")
    _until(lambda: mia.ringing, "she is rung")
    mia.answer()
    _until(lambda: bool(mia.talking_with) or _has_heard(mia, "press 1"), "she is asked, or meets them")
    if not mia.talking_with:
        mia.presses("1")
    _until(lambda: coordinator.number in mia.talking_with, "they talk")
    for one in (mia, rosa, coordinator, clinician):
        one.hangs_up()
    _until(lambda: all(call.over for call in deploy.sim.calls), "every call is over")
    rung = Counter(call.to for call in deploy.sim.calls[since:] if call.direction != "inbound")
    assert rung[mia.number] == 1, "whoever is owed one call gets one"
    assert rung[rosa.number] == 0
    assert all(rung[one] <= 1 for one in CLINICIANS), "an emergency pages each phone once"
    assert len(deploy.asked("SELECT 1 FROM escalations WHERE subject = 'emergency'")) == int(which) + 1
    pages = deploy.asked("SELECT escalation_id, staff_id, how, purpose FROM pages")
    assert len(pages) == len(set(pages)), "nobody is paged twice for one thing"


def _asks_to_be_rung_back(mia: Phone) -> None:
    _until(partial(_has_heard, mia, "press 2"), "the menu")
    mia.presses("2")
    _until(partial(_has_heard, mia, "press 4"), "that she may be rung back")
    mia.presses("4")
    for question, key in _QUESTIONS:
        _until(partial(_has_heard, mia, question), question)
        mia.presses(key)
    _until(partial(_has_heard, mia, "You are in line"), "that it is promised")
    mia.hangs_up()


def _takes(deploy: Deploy, numbers: tuple[str, ...]) -> Phone:
    """Whoever of them rings first answers, and presses 1."""
    phones = [deploy.sim.phone(number) for number in numbers]
    _until(lambda: any(one.ringing for one in phones), "a phone rings")
    who = next(one for one in phones if one.ringing)
    since = len(who.heard)
    who.answer()
    _until(lambda: any("press 1" in one.text.lower() for one in who.heard[since:]), "they are asked")
    who.presses("1")
    return who


def _has_heard(phone: Phone, words: str) -> bool:
    return any(words.lower() in one.text.lower() for one in phone.heard)


def _until(holds: Callable[[], bool], what: str) -> None:
    eventually(holds, lambda: f"not within a minute: {what}", 60)
