"""`make bench`: one run, one table. Bounded in time, loopback only."""

from __future__ import annotations

import base64
import os
import platform
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import redis

from bench.knocks import Knocker, at_rate, flat_out, p
from bench.sink import Asked, Sink
from hotline.commands import staff_file
from hotline.operations import roster
from hotline.runtime import embedded_redis
from hotline.settings.load import load_settings, socket_path
from hotline.store.migrations import migrate

TOKEN, SID = "the-token-of-the-bench", "AC" + "0" * 32
OURS = "+16175550100"
EMERGENCIES = int(os.environ.get("BENCH_EMERGENCIES", "200"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "8"))
_GUNICORN = [sys.executable, "-m", "gunicorn", "--config", "python:hotline.runtime.server"]
_ACTION = re.compile(r'action="([^"#]+)')
CENTRE = f"""
[line]
name = "Care Line"
numbers = ["{OURS}"]
failsafe_number = "+16175550999"
[texts]
replies_per_hour = 1000
replies_per_hour_overall = 100000
[spending]
calls_per_day = 100000
texts_per_day = 100000
[carrier]
calls_per_second = 100
"""
STAFF = {
    "staff": [
        {"name": f"Clinician {n}", "phone": f"+1617555020{n}", "verified": True, "roles": ["clinician"]}
        for n in (1, 2)
    ],
    "schedule": [
        {"name": "clinicians", "timezone": "America/New_York", "always": ["Clinician 1", "Clinician 2"]}
    ],
}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _running(*commands: list[str], environ: dict[str, str]) -> Iterator[None]:
    started = [
        subprocess.Popen(one, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for one in commands
    ]
    try:
        yield
    finally:
        for one in started:
            one.send_signal(signal.SIGTERM)
        for one in started:
            try:
                one.wait(10)
            except subprocess.TimeoutExpired:
                one.kill()


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the server did not start")


def _environ(home: Path, port: int, sink: Sink) -> dict[str, str]:
    home.mkdir(parents=True, exist_ok=True)
    (home / "hotline.toml").write_text(CENTRE)
    return {
        **os.environ,
        "PORT": str(port),
        "HOTLINE_BIND": "127.0.0.1",
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
        "TWILIO_ACCOUNT_SID": SID,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_API_BASE_URL": sink.url,
        "HOTLINE_HOME": str(home),
        "HOTLINE_CONFIG": str(home / "hotline.toml"),
        "HOTLINE_DATA_KEY": base64.b64encode(b"b" * 32).decode(),
        "SECRET_KEY": "b" * 48,
        "FLOOR_DATABASE": str(home / "floor.db"),
        "REDIS_URL": f"unix://{socket_path(home)}",
        "HOTLINE_LOGS": "json",
    }


# --- what is measured -------------------------------------------------------------------------------------------


def _floor(home: Path, sink: Sink) -> tuple[float, list[float]]:
    port = _free_port()
    environ = _environ(home / "floor", port, sink)
    with _running([*_GUNICORN, "bench.floor:create_app()"], environ=environ):
        _wait_for(port)
        knock = Knocker(environ["PUBLIC_BASE_URL"], TOKEN)

        def turn(number: int) -> float:
            return knock.post("/turn", {"CallSid": f"CA{number % 64:032x}", "Digits": "9"})[0]

        flat_out(turn, 1, 8)
        return flat_out(turn, SECONDS, 8)


class _Calls:
    """Calls that stand at the menu, and press a wrong key or nothing, turn after turn."""

    def __init__(self, knock: Knocker, name: str) -> None:
        self._knock, self._name = knock, name
        self._at: dict[int, tuple[str, dict[str, str]]] = {}
        self._guard = threading.Lock()
        self._made = 0

    def first(self, number: int) -> float:
        """A new call's first webhook."""
        form = self._form(f"{self._name}{number}")
        return self._knock.post("/twilio/voice", form)[0]

    def menu_turn(self, number: int) -> float:
        """One turn at the menu; a fresh call, whose beginning isn't counted, where one has left it."""
        form = self._form(f"{self._name}t{number}")
        _, answer = self._knock.post("/twilio/voice", form)
        return self._knock.post(_action(answer), {**form, "Digits": "9"})[0]

    def _form(self, name: str) -> dict[str, str]:
        caller = f"+1617{abs(hash(name)) % 10_000_000:07d}"
        return {
            "CallSid": f"CA{name}",
            "AccountSid": SID,
            "From": caller,
            "To": OURS,
            "CallStatus": "in-progress",
        }

    def emergency(self, number: int) -> tuple[float, dict[str, str]]:
        """A call that presses 1; when it was pressed (monotonic)."""
        form = self._form(f"{self._name}e{number}")
        _, answer = self._knock.post("/twilio/voice", form)
        pressed = time.monotonic()
        self._knock.post(_action(answer), {**form, "Digits": "1"})
        return pressed, form


def _action(answer: str) -> str:
    found = _ACTION.search(answer)
    if found is None:
        raise RuntimeError("no action in the answer")
    return found[1]


def _menu_turns(knock: Knocker) -> tuple[float, list[float]]:
    """Turns a second while every thread does nothing else: each call is begun beforehand, uncounted."""
    calls = _Calls(knock, "m")
    ready: list[tuple[str, dict[str, str]]] = []
    for number in range(int(SECONDS * 400)):
        form = calls._form(f"m{number}")
        _, answer = knock.post("/twilio/voice", form)
        ready.append((_action(answer), form))
    until = iter(ready)
    guard = threading.Lock()
    took: list[float] = []

    def hand() -> None:
        while True:
            with guard:
                one = next(until, None)
            if one is None or time.perf_counter() > end:
                return
            spent = knock.post(one[0], {**one[1], "Digits": "9"})[0]
            with guard:
                took.append(spent)

    began = time.perf_counter()
    end = began + SECONDS
    hands = [threading.Thread(target=hand) for _ in range(8)]
    for one in hands:
        one.start()
    for one in hands:
        one.join()
    return len(took) / (time.perf_counter() - began), took


def _pages(knock: Knocker, sink: Sink, name: str) -> list[float]:
    """Key press to first staff phone dialled, for one emergency after the other; each is closed again."""
    calls = _Calls(knock, name)
    took: list[float] = []
    for number in range(EMERGENCIES):
        since = len(sink.asked)
        pressed, form = calls.emergency(number)
        first = sink.first_call_after(since, within=20)
        took.append(first.at - pressed if first else 20.0)
        if first is not None:
            _close(knock, first, form)
            _all_over(knock, sink.asked[since:])
    return took


def _all_over(knock: Knocker, asked: Sequence[Asked]) -> None:
    """The carrier reports the end of every call to staff: their telephones are free for the next one."""
    for one in asked:
        if one.kind == "calls" and "/page/" in one.url:
            over = {"CallSid": one.sid, "CallStatus": "completed", "SequenceNumber": "9", "AccountSid": SID}
            knock.post(one.status.partition("#")[0].removeprefix(knock.base), over)


def _close(knock: Knocker, rung: Asked, caller: dict[str, str]) -> None:
    """The clinician takes it, the caller hangs up, and the clinician says that it is over."""
    page = rung.url.partition("#")[0].removeprefix(knock.base)
    leg = {"CallSid": rung.sid, "AccountSid": SID, "From": OURS, "To": rung.to}
    _, joined = knock.post(f"{page}/key/0", {**leg, "Digits": "1"})
    knock.post("/twilio/voice/status", {**caller, "CallStatus": "completed", "SequenceNumber": "0"})
    knock.post(_action(joined), leg)
    knock.post(f"{page}/outcome/0", {**leg, "Digits": "1"})


def _callbacks(knock: Knocker) -> tuple[float, list[float]]:
    """Texted "2", then "4": one committed callback for two webhooks."""

    def ask(number: int) -> float:
        sender = f"+1781{2000000 + number:07d}"
        form = {"AccountSid": SID, "From": sender, "To": OURS, "NumMedia": "0"}
        first, _ = knock.post("/twilio/sms", {**form, "MessageSid": f"SMa{number:030x}", "Body": "2"})
        second, answer = knock.post("/twilio/sms", {**form, "MessageSid": f"SMb{number:030x}", "Body": "4"})
        # Past what the database can take, a texter is answered without a promise: that one doesn't count.
        accepted.append("in line" in answer)
        return first + second

    accepted: list[bool] = []
    rate, took = flat_out(ask, SECONDS, 8)
    return rate * sum(accepted) / max(1, len(accepted)), took


def main() -> None:
    """Measure, and print the table."""
    sink = Sink()
    with tempfile.TemporaryDirectory(prefix="hlb") as folder:
        home = Path(folder)
        floor_rate, floor_took = _floor(home, sink)
        port = _free_port()
        environ = _environ(home / "h", port, sink)
        program = embedded_redis.find_program(os.environ.get("PATH"))
        settings = load_settings(environ)
        migrate.upgrade(settings.database_url.get_secret_value())
        staff_file.change_with(settings, lambda tx, now: str(roster.load(tx, STAFF, now)))
        commands = [
            embedded_redis.command(program, home / "h"),
            [*_GUNICORN, "hotline.runtime.app:create_app()"],
            *(
                [sys.executable, "-m", "workers", which]
                for which in ("emergency", "urgent", "ordinary", "clock")
            ),
        ]
        with _running(*commands, environ=environ):
            _wait_for(port)
            _until_workers(environ["REDIS_URL"])
            _table(floor_rate, floor_took, Knocker(environ["PUBLIC_BASE_URL"], TOKEN), sink)


def _until_workers(url: str) -> None:
    client = redis.Redis.from_url(url)
    for _ in range(600):  # a busy machine takes its time
        if client.scard("rq:workers") >= 3:
            time.sleep(2)
            return
        time.sleep(0.1)
    raise RuntimeError("the workers did not start")


def _table(floor_rate: float, floor_took: list[float], knock: Knocker, sink: Sink) -> None:
    idle = _pages(knock, sink, "i")
    turn_rate, turn_took = _menu_turns(knock)
    calls = _Calls(knock, "r")
    steady = at_rate(calls.first, 50, SECONDS * 2)
    stop = threading.Event()
    busy = threading.Thread(target=_keep_busy, args=(_Calls(knock, "b"), stop))
    busy.start()
    loaded = _pages(knock, sink, "l")
    stop.set()
    busy.join()
    callback_rate, callback_took = _callbacks(knock)
    rows = [
        ("floor: turns/s, p50, p99", f"{floor_rate:.0f}/s", _ms(floor_took)),
        ("menu turn: turns/s, p50, p99", f"{turn_rate:.0f}/s", _ms(turn_took)),
        ("menu turn / floor", f"{turn_rate / floor_rate:.2f}", "aim >= 0.80"),
        ("webhooks at 50/s: p50, p99", "50/s", f"{_ms(steady)}, aim p99 <= 250 ms"),
        (f"key press -> first phone, idle ({len(idle)})", "", f"{_ms(idle)}, aim p99 <= 2000 ms"),
        (f"key press -> first phone, 50/s load ({len(loaded)})", "", f"{_ms(loaded)}, aim p99 <= 2000 ms"),
        ("callbacks accepted", f"{callback_rate:.0f}/s", _ms(callback_took)),
    ]
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, SQLite WAL synchronous=FULL\n")
    for what, rate, times in rows:
        print(f"| {what:<44} | {rate:>8} | {times} |")


def _ms(took: list[float]) -> str:
    return f"p50 {p(50, took):.1f} ms, p99 {p(99, took):.1f} ms"


def _first_of(calls: _Calls, base: int, number: int) -> float:
    return calls.first(base + number)


def _keep_busy(calls: _Calls, stop: threading.Event, rate: int = 50) -> None:
    number = 0
    while not stop.is_set():
        at_rate(partial(_first_of, calls, number), rate, 1)
        number += rate


if __name__ == "__main__":
    main()
