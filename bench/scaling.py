"""`make bench-scaling`: what SQLite carries, and PostgreSQL: webhooks, callbacks, boards. Bounded, loopback only.
`python -m bench.scaling boards`: the boards alone.

PostgreSQL is a server of the run's own on the same machine, whose commits are on disk as in earnest.
"""

from __future__ import annotations

import os
import platform
import re
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import psutil
from flask import Flask, Response, session

from bench.__main__ import (
    _GUNICORN,
    OURS,
    SID,
    STAFF,
    TOKEN,
    _callbacks,
    _Calls,
    _environ,
    _free_port,
    _keep_busy,
    _ms,
    _running,
    _until_workers,
    _wait_for,
)
from bench.knocks import Knocker, at_rate, p
from bench.sink import Sink
from hotline import console
from hotline.commands import staff_file
from hotline.console import console_wiring
from hotline.console.frame import signed_in
from hotline.console.sign_in import devices
from hotline.operations import roster
from hotline.runtime import embedded_redis
from hotline.runtime.wiring import open_application
from hotline.settings.load import load_settings
from hotline.store.migrations import migrate
from hotline.store.people import staff
from tests.chaos.servers import Postgres, pid_of

HOUSE_SCRIPTS = Path(console.__file__).parent / "static"
BOARDS = 200
EVERY = int(re.findall(r"CALM = (\d+)", (HOUSE_SCRIPTS / "board.js").read_text())[0]) / 1000
"""Seconds between two looks of one board at what is new, as its page has it where nothing happens."""
SECONDS = float(os.environ.get("BENCH_SECONDS", "6"))
RATES = (50, 100, 150, 200)
"""Webhooks a second that are tried one after the other."""
AIM = 500
"""Milliseconds, of the slowest hundredth."""
OPEN = 20
"""Callbacks on the board."""
BUSY = 1
"""Calls a second while boards are open."""


def main() -> None:
    """Measure on both, and print what was found."""
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    with tempfile.TemporaryDirectory(prefix="hlb") as folder:
        _measured("SQLite", Path(folder) / "s", None)
        server = Postgres.start()
        try:
            _measured("PostgreSQL", Path(folder) / "p", server)
        finally:
            server.close()


def _measured(name: str, home: Path, server: Postgres | None) -> None:
    sink = Sink()
    environ = _environ(home, _free_port(), sink)
    if server is not None:
        environ["DATABASE_URL"] = server.address()
    with _application(environ, home) as ours:
        knock = Knocker(environ["PUBLIC_BASE_URL"], TOKEN)
        at_rate(_Calls(knock, "w").first, 5, 2)
        for number in range(OPEN):
            _asks(knock, number)
        looked_at = psutil.Process(pid_of(server)) if server is not None else None
        print(f"{name}: no board, nothing new: {_at_rest(ours):.2f} cores", flush=True)
        with _Boards(environ, BOARDS) as boards:
            boards.told(name, "nothing new", ours, looked_at)
            stop = threading.Event()
            busy = threading.Thread(target=_keep_busy, args=(_Calls(knock, "b"), stop, BUSY))
            busy.start()
            boards.told(name, f"{60 * BUSY} new calls a minute", ours, looked_at)
            stop.set()
            busy.join()
        if "boards" in sys.argv:
            return
        for rate in RATES:
            took = at_rate(_Calls(knock, f"r{rate}").first, rate, SECONDS)
            print(f"{name}: first webhooks at {rate}/s: {_ms(took)}", flush=True)
            if p(99, took) > AIM:
                break
        found, took = _callbacks(knock)
        print(f"{name}: callbacks accepted: {found:.0f}/s, {_ms(took)}", flush=True)
        if server is not None:
            print(f"{name}: connections of one machine now: {_connections(server)}")


def _asks(knock: Knocker, number: int) -> None:
    """Somebody wants to be rung back, by text."""
    form = {"AccountSid": SID, "From": f"+1857{2000000 + number:07d}", "To": OURS, "NumMedia": "0"}
    for place, body in enumerate("24"):
        knock.post("/twilio/sms", {**form, "MessageSid": f"SMo{place}{number:029x}", "Body": body})


@contextmanager
def _application(environ: dict[str, str], home: Path) -> Iterator[list[psutil.Process]]:
    """Everything, ready; the processes that run: web, workers, clock."""
    settings = load_settings(environ)
    migrate.upgrade(settings.database_url.get_secret_value())
    staff_file.change_with(settings, lambda tx, now: str(roster.load(tx, STAFF, now)))
    before = {one.pid for one in psutil.Process().children()}
    commands = [
        embedded_redis.command(embedded_redis.find_program(os.environ.get("PATH")), home),
        [*_GUNICORN, "hotline.runtime.app:create_app()"],
        *([sys.executable, "-m", "workers", which] for which in ("emergency", "urgent", "ordinary", "clock")),
    ]
    with _running(*commands, environ=environ):
        _wait_for(int(environ["PORT"]))
        _until_workers(environ["REDIS_URL"])
        yield [one for one in psutil.Process().children() if one.pid not in before]


def _connections(server: Postgres) -> object:
    ((found,),) = server.ask(
        "SELECT count(*) - 1 FROM pg_stat_activity WHERE backend_type = 'client backend'"
    )
    return found


class _Boards:
    """Browsers with the board open, each of which asks what is new."""

    def __init__(self, environ: dict[str, str], number: int) -> None:
        self._host = urlsplit(environ["PUBLIC_BASE_URL"]).netloc
        self._cookies = _signed_in(environ, number)
        self._stop = threading.Event()
        self._guard = threading.Lock()
        self.took: list[float] = []
        self.fresh = self.bytes = 0
        hands = 20
        self._hands = [
            threading.Thread(target=self._look, args=(self._cookies[n::hands],), daemon=True)
            for n in range(hands)
        ]

    def __enter__(self) -> _Boards:
        for one in self._hands:
            one.start()
        time.sleep(2 * EVERY)
        return self

    def __exit__(self, *_failure: object) -> None:
        self._stop.set()
        for one in self._hands:
            one.join()

    def told(self, name: str, what: str, ours: list[psutil.Process], server: psutil.Process | None) -> None:
        """Print what they cost over a while."""
        with self._guard:
            self.took, self.fresh, self.bytes = [], 0, 0
        cpu, of_server, began = _spent(ours), _spent([server]) if server else 0.0, time.monotonic()
        time.sleep(2 * SECONDS)
        lasted = time.monotonic() - began
        cpu, of_server = _spent(ours) - cpu, (_spent([server]) if server else 0.0) - of_server
        with self._guard:
            took, fresh, size = list(self.took), self.fresh, self.bytes
        print(
            f"{name}: {len(self._cookies)} boards, {what}: {cpu / lasted:.2f} cores, the database's server "
            f"{of_server / lasted:.2f}; {len(took) / lasted:.0f} looks a second, of which {fresh / lasted:.0f} drawn "
            f"anew, {size / lasted / 1024:.0f} KiB/s; {_ms(took)}",
            flush=True,
        )

    def _look(self, cookies: list[str]) -> None:
        connection = HTTPConnection(self._host, timeout=30)
        tags = [""] * len(cookies)
        while not self._stop.is_set():
            round_ends = time.monotonic() + EVERY
            for place, cookie in enumerate(cookies):
                # As the page's own script asks: without the first header it would be somebody's hand on it.
                headers = {"X-Board": "1", "Cookie": cookie, "If-None-Match": tags[place]}
                began = time.monotonic()
                connection.request("GET", "/board/live", headers=headers)
                answer = connection.getresponse()
                body = answer.read()
                tags[place] = answer.headers.get("ETag", "")
                if answer.status not in (200, 304):
                    raise RuntimeError(f"the board was answered with {answer.status}")
                with self._guard:
                    self.took.append(time.monotonic() - began)
                    self.fresh += answer.status == 200
                    self.bytes += len(body) + len(str(answer.headers))
                self._stop.wait(max(0.0, (round_ends - time.monotonic()) / (len(cookies) - place)))
        connection.close()


def _at_rest(ours: list[psutil.Process]) -> float:
    """Cores that everything takes while nothing happens."""
    spent, began = _spent(ours), time.monotonic()
    time.sleep(SECONDS)
    return (_spent(ours) - spent) / (time.monotonic() - began)


def _spent(processes: list[psutil.Process]) -> float:
    """Seconds of computing, those of their children included."""
    every = [one for process in processes for one in (process, *process.children(recursive=True))]
    times = [one.cpu_times() for one in every]
    return sum(one.user + one.system for one in times) + sum(
        one.children_user + one.children_system for one in times
    )


def _signed_in(environ: dict[str, str], number: int) -> list[str]:
    """The cookies of so many browsers in which somebody has signed in."""
    application = open_application(load_settings(environ)).application
    app = Flask("boards")
    console_wiring.install(app, application)
    everyone = application.look(lambda transaction: staff.active(transaction.tx))
    found = []
    for place in range(number):
        who = everyone[place % len(everyone)].id
        with app.test_request_context():
            _, secret = application.change(lambda transaction, who=who: signed_in.begin(transaction, who))
            signed_in.keep(secret)
            response = Response()
            app.session_interface.save_session(app, session, response)
            devices.remember(response, who)
        found.append("; ".join(one.split(";")[0] for one in response.headers.getlist("Set-Cookie")))
    application.database.dispose()
    return found


if __name__ == "__main__":
    main()
