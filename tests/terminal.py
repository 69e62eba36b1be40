"""A command as a person meets it: at a terminal, with keys that are typed and Ctrl-C."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from select import select
from time import monotonic

import pytest


class Terminal:
    """What is typed, and what is shown, until something shows."""

    def __init__(self, end: int, process: subprocess.Popen[bytes]) -> None:
        self._end, self._process = end, process
        self.shown = ""

    def waits_for(self, words: str) -> None:
        """Reads on until these are shown."""
        until = monotonic() + 120
        while words not in self.shown:
            ready, _, _ = select([self._end], [], [], max(until - monotonic(), 0))
            try:
                more = os.read(self._end, 4096).decode(errors="replace") if ready else ""
            except OSError:  # the other end is gone
                more = ""
            if not more:
                pytest.fail(f"never shown: {words!r}, but {self.shown!r}")
            self.shown += more

    def types(self, keys: str) -> None:
        """As a person does; what was shown before is read by then."""
        self.shown = ""
        os.write(self._end, keys.encode())

    def stops(self) -> None:
        """What Ctrl-C does; pressed again by whoever sees nothing, for it may come just before a key is waited for."""
        for _ in range(20):
            self._process.send_signal(signal.SIGINT)
            if select([self._end], [], [], 3)[0]:
                return


def _hears_ctrl_c() -> None:
    """Also where these tests run in the background of a shell, which has what it starts there ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def at_a_terminal(
    folder: Path, *arguments: str, environ: Mapping[str, str] | None = None, ends: int = 1
) -> Iterator[Terminal]:
    """`hotline` with these words, in this folder; when the block ends it has, with this code (stopped: 1)."""
    ours, theirs = pty.openpty()
    ours_alone = {
        key: value for key, value in os.environ.items() if not key.startswith(("HOTLINE_", "TWILIO_"))
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "hotline", *arguments],
        stdin=theirs, stdout=theirs, stderr=theirs, cwd=folder, env={**ours_alone, **(environ or {})},
        start_new_session=True,
        preexec_fn=_hears_ctrl_c,  # noqa: PLW1509 - nothing but a signal's default is set there
    )  # fmt: skip
    os.close(theirs)
    try:
        yield Terminal(ours, process)
        assert process.wait(60) == ends
    finally:
        process.kill()
        process.wait()
        os.close(ours)
