"""The web as the Procfile starts it: real processes, a database file, nobody else."""

from __future__ import annotations

import base64
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from hotline.runtime.procfile import read_procfile
from hotline.settings.load import load_settings
from hotline.simulator.asking.signing import sign
from hotline.store.migrations import migrate
from tests import databases
from tests.running.application import REPOSITORY, eventually
from tests.stories.centre import CENTRE, LINE, MIA, SID, TOKEN


@dataclass
class Web:
    """A running web, and those who ask it."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def webhook(self, sid: str, path: str = "/twilio/voice", **headers: str) -> tuple[int, str]:
        """A call begins, as the carrier tells it: status and body."""
        form = {"CallSid": sid, "From": MIA, "To": LINE, "CallStatus": "ringing"}
        return self.tells(path, form, **headers)

    def tells(self, path: str, form: Mapping[str, str], **headers: str) -> tuple[int, str]:
        """The carrier tells this, and has signed it: status and body."""
        signed = {"X-Twilio-Signature": sign(TOKEN, f"http://127.0.0.1:{self.port}{path}", form)}
        return self.ask("POST", path, urlencode(form), {**signed, **headers})

    def ask(
        self, method: str, path: str, body: str | bytes = "", headers: Mapping[str, str] | None = None
    ) -> tuple[int, str]:
        """One request on a connection of its own."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        given = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
        try:
            connection.request(method, path, body, given)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def says(self, sent: bytes, wait: float = 20) -> bytes:
        """Everything that is answered to these bytes until the other end closes, or is silent for so long."""
        with socket.create_connection(("127.0.0.1", self.port), wait) as one:
            one.sendall(sent)
            said = b""
            with suppress(OSError):
                while more := one.recv(65536):
                    said += more
            return said


@contextmanager
def web(
    home: Path, database: str = "", sources: Path = REPOSITORY, programs: Path = Path(sys.executable).parent
) -> Iterator[Web]:
    """Started by the Procfile's own words; killed at the end if it is still there.

    `database`: in place of a new one of its own; `sources`: another checkout's program;
    `programs`: where they are installed.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    (home / "hotline.toml").write_text(CENTRE)
    environ = {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "PORT": str(port),
        "HOTLINE_BIND": "127.0.0.1",
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
        "TWILIO_ACCOUNT_SID": SID,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_API_BASE_URL": "http://127.0.0.1:9",
        "DATABASE_URL": database or databases.sqlite(home),
        "REDIS_URL": f"unix://{home}/no-redis.sock",
        "HOTLINE_HOME": str(home),
        "HOTLINE_CONFIG": str(home / "hotline.toml"),
        "HOTLINE_DATA_KEY": base64.b64encode(b"k" * 32).decode(),
        "SECRET_KEY": "s" * 48,
        "PYTHONPATH": str(sources),
    }
    migrate.upgrade(load_settings(environ).database_url.get_secret_value())
    log = home / "web.log"
    with log.open("wb") as said:
        command = f"exec {read_procfile()['web']}"
        process = subprocess.Popen(
            ["/bin/sh", "-c", command], env=environ, cwd=sources, stdout=said, stderr=said
        )
    running = Web(port, process, log)
    try:
        eventually(lambda: _listens(running), lambda: f"the web did not start:\n{log.read_text()}", 180)
        yield running
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _listens(running: Web) -> bool:
    try:
        return running.ask("GET", "/health/live")[0] == 200
    except OSError:
        time.sleep(0.1)
        return False
