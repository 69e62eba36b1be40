"""Drawings of figures: had from a process that draws, kept by what they show."""

from __future__ import annotations

import hashlib
import json
import os
import re
import select
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any, Final

import structlog

_log = structlog.get_logger("hotline.console")
PLOTTER: Final = "hotline.plotter"
"""Where an app keeps its own, among its extensions."""
_PROGRAM: Final = (sys.executable, "-I", str(Path(__file__).with_name("draw_plots.py")))
LONGEST: Final = 20.0
"""Seconds for one drawing. It takes a twentieth of one, and half of one with the start of the process; but calls come
first, and on a machine that is busy with them it may wait."""
RESTS: Final = 30.0
"""Seconds without a try after one that failed: the other plots of a page must not wait as long again."""
_KEPT: Final = 256
_LARGEST: Final = 1_000_000
_FOREIGN: Final = re.compile(
    r"<(?:script|style|foreignObject|image|a)\b|\sstyle=|href=|\son\w+=", re.IGNORECASE
)
"""What a drawing of ours never has, and a page may not."""


class Plotter:
    """Draws in a process of its own, one at a time; it is started when it is asked, and again after a failure."""

    def __init__(self, program: Sequence[str] = _PROGRAM, longest: float = LONGEST) -> None:
        self._program, self._longest = program, longest
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._known: OrderedDict[str, str] = OrderedDict()
        self._rests_until = 0.0

    def start(self) -> None:
        """Have it begin, while whoever will need it still counts."""
        with self._lock, suppress(OSError):
            self._running()

    def draw(self, spec: Mapping[str, Any]) -> str | None:
        """The SVG of this Vega-Lite; None if it can't be drawn in time. What was drawn before is not drawn again."""
        asked = json.dumps(spec, sort_keys=True)
        key = hashlib.sha256(asked.encode()).hexdigest()
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
            drawn = self._draw(asked) if monotonic() >= self._rests_until else None
            if drawn is not None:
                self._known[key] = drawn
                while len(self._known) > _KEPT:
                    self._known.popitem(last=False)
            return drawn

    def stop(self) -> None:
        """End its process, if there is one."""
        with self._lock:
            self._end()

    def _draw(self, asked: str) -> str | None:
        try:
            answer = json.loads(self._exchanged(asked))
        except (OSError, ValueError, TimeoutError) as error:
            _log.warning("a plot could not be drawn", why=type(error).__name__)
            self._end()
            self._rests_until = monotonic() + RESTS
            return None
        drawn = answer.get("svg")
        if not isinstance(drawn, str) or _FOREIGN.search(drawn):
            _log.warning("a plot could not be drawn", why="refused")
            return None
        return drawn

    def _exchanged(self, asked: str) -> bytes:
        """One line there, one line back. Raises OSError, TimeoutError."""
        process = self._running()
        if process.stdin is None or process.stdout is None:
            raise BrokenPipeError
        process.stdin.write(asked.encode() + b"\n")
        process.stdin.flush()
        until = monotonic() + self._longest
        answer = b""
        while not answer.endswith(b"\n"):
            if not select.select([process.stdout], [], [], max(0.0, until - monotonic()))[0]:
                raise TimeoutError
            part = os.read(process.stdout.fileno(), 65536)
            if not part or len(answer) > _LARGEST:
                raise BrokenPipeError
            answer += part
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = subprocess.Popen(  # noqa: S603 - our own program, by its own path
                self._program,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"LANG": "C.UTF-8"},
                cwd="/",
            )
            # It ends by itself when nobody has asked for a while: nobody may be there to see it then.
            threading.Thread(target=self._process.wait, name="plotter", daemon=True).start()
        return self._process

    def _end(self) -> None:
        if self._process is None:
            return
        self._process.kill()
        for end in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                if end is not None:
                    end.close()
        self._process.wait()
        self._process = None
