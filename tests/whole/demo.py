"""The real demo in real processes: started as a newcomer starts it, watched and tormented from outside."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LINE = "+16175550100"


class Demo:
    """A running demo: its phones, through the simulator's control transaction, and its processes."""

    def __init__(self, home: Path, phones: str, console: str) -> None:
        self.home, self.phones, self.console = home, phones, console
        self._heard_before: dict[str, int] = {}

    # --- phones ------------------------------------------------------------------------------------------------

    def joins(self, number: str) -> None:
        """Somebody new has a telephone."""
        _ask(f"{self.phones}/sim/phones", {"number": number, "behaviour": "rings"})

    def does(self, number: str, action: str, **details: Any) -> None:
        """Somebody does something with their telephone."""
        if action in ("calls", "answer"):
            self._heard_before[number] = len(self.phone(number)["heard"])
        _ask(f"{self.phones}/sim/phones/{number}/{action}", details)

    def state(self) -> dict[str, Any]:
        """Everything that the phone network knows."""
        found: dict[str, Any] = _ask(f"{self.phones}/sim/state")
        return found

    def phone(self, number: str) -> dict[str, Any]:
        """One telephone."""
        return next(one for one in self.state()["phones"] if one["number"] == number)

    def fault(self, **details: Any) -> None:
        """Make something go wrong at the phone company."""
        _ask(f"{self.phones}/sim/faults", details)

    def heard(self, number: str, words: str) -> bool:
        """Whether these words were said to them in their last call."""
        heard = self.phone(number)["heard"][self._heard_before.get(number, 0) :]
        return any(words.lower() in str(one).lower() for one in heard)

    def rings(self, number: str) -> bool:
        return bool(self.phone(number)["ringing"])

    def talk(self, one: str, other: str) -> bool:
        """Whether these two hear each other."""
        return other in self.phone(one)["talking_with"] and one in self.phone(other)["talking_with"]

    def calls_to(self, number: str) -> list[dict[str, Any]]:
        """Every call that was placed to this number."""
        return [one for one in self.state()["calls"] if one["to"] == number and one["direction"] != "inbound"]

    # --- processes ---------------------------------------------------------------------------------------------

    def ready(self) -> bool:
        """Whether /health/ready says so."""
        try:
            return bool(_ask(f"{self.console}/health/ready")["status"] == "ready")
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def pids(self, words: str) -> list[int]:
        """The demo's own processes whose command line has these words."""
        found = []
        for folder in Path("/proc").iterdir():
            try:
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                environ = (folder / "environ").read_bytes()
            except (OSError, UnicodeDecodeError):
                continue
            if words in command and f"HOTLINE_HOME={self.home}/demo".encode() in environ:
                found.append(int(folder.name))
        return found

    def kill(self, words: str) -> None:
        """SIGKILL, for all of them."""
        for pid in self.pids(words):
            os.kill(pid, signal.SIGKILL)

    def kill_redis(self) -> None:
        """SIGKILL for the embedded Redis."""
        os.kill(int((self.home / "demo" / "redis.pid").read_text()), signal.SIGKILL)


def eventually(holds: Callable[[], bool], what: str, within: float = 20) -> None:
    """Wait until it holds, at most so many seconds."""
    until = time.monotonic() + within
    while not holds():
        assert time.monotonic() < until, f"not within {within} s: {what}"
        time.sleep(0.1)


def _ask(url: str, body: dict[str, Any] | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        if error.code == 503:
            return json.loads(error.read())
        raise AssertionError(f"{url}: {error.code} {error.read().decode()}") from None


@contextmanager
def demo(home: Path, port: int) -> Iterator[Demo]:
    """`hotline demo` in a home of its own; stopped with Ctrl-C at the end, which it must heed."""
    said = home / "said"
    with said.open("w") as lines:
        process = subprocess.Popen(
            [sys.executable, "-m", "hotline", "demo"],
            cwd=ROOT,
            env={**os.environ, "HOTLINE_HOME": str(home), "PORT": str(port)},
            stdout=lines,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        eventually(lambda: "Console" in said.read_text(), "the addresses are printed", 30)
        phones, console = re.findall(r"(?:Phones|Console)\s+(http://[\d.]+:\d+)", said.read_text())
        running = Demo(home, phones, console)
        eventually(running.ready, "everything is ready", 60)
        yield running
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        assert running.pids("") == [], "something was left running"
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
