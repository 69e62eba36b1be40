"""The application in real processes: web, workers, clock, Redis; each is started again when it dies, and may be
killed. On one machine, or on several."""

from __future__ import annotations

import base64
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from redis import Redis

from hotline.operations import roster
from hotline.runtime import embedded_redis
from hotline.runtime.procfile import read_procfile
from hotline.settings.load import Settings, load_settings, socket_path
from hotline.store.database import Database, Keyring
from hotline.store.migrations import migrate
from tests.chaos.centre import SID, TOKEN

ROOT = Path(__file__).parents[2]
AGAIN = 0.5
"""Seconds after which what has died is started again."""


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Kept:
    """One process, started again whenever it is gone."""

    name: str
    command: Sequence[str]
    environ: Mapping[str, str]
    log: Path
    deaths: int = 0
    process: subprocess.Popen[bytes] | None = None
    held: bool = False
    """Not to be started again for now."""
    _stopping: bool = False
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def keep(self) -> None:
        """Start it if it isn't running."""
        with self._guard:
            if self._stopping or self.held or (self.process is not None and self.process.poll() is None):
                return
            if self.process is not None:
                self.deaths += 1
            with self.log.open("ab") as lines:
                self.process = subprocess.Popen(
                    self.command,
                    cwd=ROOT,
                    env=self.environ,
                    stdout=lines,
                    stderr=lines,
                    start_new_session=True,
                )

    def send(self, sign: signal.Signals) -> None:
        """A signal to it and to all of its children."""
        if self.process is not None and self.process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, sign)

    def stop(self, sign: signal.Signals = signal.SIGTERM) -> None:
        """For good."""
        with self._guard:
            self._stopping = True
        self.send(sign)
        if self.process is not None:
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.send(signal.SIGKILL)
                self.process.wait()


def switch_off(several: Collection[Kept]) -> None:
    """SIGKILL for all of them at once; none is started again until it is switched on."""
    for one in several:
        one.held = True
    for one in several:
        one.send(signal.SIGKILL)


def switch_on(several: Collection[Kept]) -> None:
    """They are started again."""
    for one in several:
        one.held = False


class Machine:
    """One machine of several, or the only one: a home and a port of its own, and every process of the Procfile."""

    def __init__(self, name: str, home: Path, environ: Mapping[str, str]) -> None:
        """`name`: a letter, or nothing for the only one. `environ` is the same on all."""
        self.name, self.home, self.port = name, home, free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        home.mkdir(parents=True, exist_ok=True)
        self.environ = {**environ, "HOTLINE_HOME": str(home), "PORT": str(self.port)}
        self.kept = {
            process: Kept(
                f"{name}:{process}" if name else process,
                ["/bin/sh", "-c", f"exec {command}"],
                self.environ,
                home / f"{process}.log",
            )
            for process, command in read_procfile().items()
            if process != "release"
        }

    def dies(self) -> None:
        """SIGKILL for everything on it at once; nothing is started again until it returns."""
        switch_off(self.kept.values())

    def returns(self) -> None:
        """It is switched on again."""
        switch_on(self.kept.values())

    @property
    def is_dead(self) -> bool:
        """Whether it is switched off."""
        return all(one.held for one in self.kept.values())

    def get(self, path: str, within: float = 5, cookies: str = "") -> tuple[int, str]:
        """What this machine's own web answers; 0 for nothing."""
        asked = urllib.request.Request(f"{self.base}{path}", headers={"Cookie": cookies})
        try:
            with urllib.request.urlopen(asked, timeout=within) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()
        except OSError:
            return 0, ""


class Application:
    """Everything that runs, for one database and one pretended carrier: on one machine as `hotline run` would start
    it, or on several that share the database and a Redis."""

    def __init__(
        self,
        home: Path,
        database: str,
        carrier: str,
        centre: str,
        staff: Mapping[str, Any],
        machines: int = 1,
        webs: int = 2,
    ) -> None:
        """Makes the tables and loads the staff; starts nothing."""
        self.home = home
        home.mkdir(parents=True, exist_ok=True)
        (home / "hotline.toml").write_text(centre)
        redis = embedded_redis.command(embedded_redis.find_program(os.environ.get("PATH")), home)
        at = {"REDIS_URL": f"unix://{socket_path(home)}"}
        if machines > 1:
            port = free_port()
            redis += ["--port", str(port), "--bind", "127.0.0.1"]
            at = {"REDIS_URL": f"redis://127.0.0.1:{port}/0", "REDIS_NETWORK": "private"}
        environ = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
            "HOTLINE_BIND": "127.0.0.1",
            "WEB_CONCURRENCY": str(webs),
            "TWILIO_ACCOUNT_SID": SID,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_API_BASE_URL": carrier,
            "HOTLINE_CONFIG": str(home / "hotline.toml"),
            "HOTLINE_DATA_KEY": base64.b64encode(b"c" * 32).decode(),
            "SECRET_KEY": "c" * 48,
            "DATABASE_URL": database,
            "HOTLINE_LOGS": "json",
            "PYTHONUNBUFFERED": "1",
            **at,
        }
        if machines == 1:
            self.machines = [Machine("", home, environ)]
            self.base = self.machines[0].base
        else:
            # What stands before them: see `front`.
            self.base = f"http://127.0.0.1:{free_port()}"
            self.machines = [Machine(letter, home / letter, environ) for letter in "abcdefgh"[:machines]]
        for machine in self.machines:
            machine.environ["PUBLIC_BASE_URL"] = self.base
        self.settings: Settings = load_settings(self.machines[0].environ)
        migrate.upgrade(self.settings.database_url.get_secret_value())
        self.database = self.open_database()
        self.database.transact(lambda tx: roster.load(tx, dict(staff), datetime.now(UTC)))
        self.redis = Kept("redis", redis, environ, home / "redis.log")
        self.kept = {
            one.name: one
            for one in (self.redis, *(kept for each in self.machines for kept in each.kept.values()))
        }
        self._over = threading.Event()
        self._keeper = threading.Thread(target=self._keep, daemon=True)

    def open_database(self) -> Database:
        """The harness's own door to it."""
        keys = Keyring(tuple(key.get_secret_value() for key in self.settings.data_keys))
        url = self.settings.database_url.get_secret_value()
        return Database(url, keys, timedelta(seconds=20))

    def start(self, within: float = 60) -> None:
        """Start everything, and wait until it is ready. Raises RuntimeError."""
        self._keeper.start()
        until = time.monotonic() + within
        while not self.ready():
            if time.monotonic() > until:
                raise RuntimeError("it did not get ready: see " + str(self.home))
            time.sleep(0.2)

    def ready(self) -> bool:
        """Whether /health/ready says so on each machine."""
        return all(machine.get("/health/ready")[0] == 200 for machine in self.machines)

    def kill(self, name: str) -> None:
        """SIGKILL for this process and its children; it is started again a moment later."""
        self.kept[name].send(signal.SIGKILL)

    def dies(self) -> None:
        """SIGKILL for everything on every machine, and Redis, at once."""
        switch_off(self.kept.values())

    def returns(self) -> None:
        """Everything is switched on again."""
        switch_on(self.kept.values())

    def redis_client(self) -> Redis:
        """A way to its Redis, which may be away."""
        url = self.settings.redis_url.get_secret_value()
        return Redis.from_url(url, socket_timeout=1.0, socket_connect_timeout=1.0)

    def may_write(self, at_most: int | None) -> None:
        """No process of the application can make a file longer than so many bytes any more; None: they can again."""
        for pid in self._pids():
            with suppress(ProcessLookupError, PermissionError):
                _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
                soft = hard if at_most is None else at_most
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (soft, hard))

    def _pids(self) -> list[int]:
        """Of everything but Redis: each process began a session, in which its children are."""
        leaders = {
            one.process.pid for one in self.kept.values() if one.process is not None and one is not self.redis
        }
        every = [int(one.name) for one in Path("/proc").iterdir() if one.name.isdigit()]
        found = []
        for pid in every:
            with suppress(ProcessLookupError):
                if os.getsid(pid) in leaders:
                    found.append(pid)
        return found

    def stop(self) -> None:
        """Everything, Redis last."""
        self._over.set()
        if self._keeper.is_alive():
            self._keeper.join(5)
        for kept in self.kept.values():
            if kept.name != "redis":
                kept.send(signal.SIGTERM)
        for name in (*(one for one in self.kept if one != "redis"), "redis"):
            self.kept[name].stop()
        self.database.dispose()

    def _keep(self) -> None:
        while not self._over.is_set():
            for one in self.kept.values():
                one.keep()
            self._over.wait(AGAIN)
