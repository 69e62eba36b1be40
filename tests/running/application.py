"""A supervisor in a process of its own, to be watched, killed and stopped."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]

PROGRAM = """
import os, sys
from pathlib import Path
from hotline.runtime.supervisor import AlreadyRunning, Process, keep_running
home = Path(sys.argv[1])
try:
    processes = [Process(*each.split("=", 1), patience=2) for each in sys.argv[2:]]
    keep_running(processes, home, dict(os.environ))
except AlreadyRunning:
    sys.exit("already running")
print("all stopped")
"""


class Application:
    """A running supervisor."""

    def __init__(self, process: "subprocess.Popen[str]", said: Path) -> None:
        self.process = process
        self._said = said

    def says(self, words: str, times: int = 1) -> str:
        """Everything said so far, as soon as ``words`` have been said that often."""
        eventually(lambda: self.said.count(words) >= times, lambda: f"never said {words!r}:\n{self.said}")
        return self.said

    @property
    def said(self) -> str:
        """Everything said so far."""
        return self._said.read_text(encoding="utf-8")

    def stops_on(self, number: signal.Signals) -> int:
        """Send a signal and wait for the end; returns the exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=30)


@contextmanager
def application(home: Path, *processes: str) -> Iterator[Application]:
    """Supervise ``processes``, each as ``name=shell command``; killed at the end if it is still there."""
    home.mkdir(exist_ok=True)
    said = home / "said.txt"
    with said.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(home), *processes],
            stdout=out,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        )
    try:
        yield Application(process, said)
    finally:
        process.kill()
        process.wait()


def eventually(holds: Callable[[], bool], otherwise: Callable[[], str], seconds: float = 30) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, otherwise()
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
