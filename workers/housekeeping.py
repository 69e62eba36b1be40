"""What takes minutes and nobody waits for: done once in a while by a process of its own, beside the ordinary worker.

The worker only looks whether it is time. Each command looks again, and claims in the database what it does: however
many machines have such a worker, one does it. A process of its own keeps a long look through the database away from the
threads that send texts, and gives its memory back.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Final

import structlog

from hotline.operations.keeping import backup_age, removing
from hotline.operations.transaction import Application, Transaction
from hotline.store.database import StoreError

_log = structlog.get_logger("workers.housekeeping")
_EVERY: Final = 60.0
_MOST_SAID: Final = 500
"""Letters, the last ones, of what a command says."""
_PATIENCE: Final = 5.0
"""Seconds that a command has to end when this worker is told to stop."""
CHORES: Final[Mapping[str, tuple[Callable[[Transaction], bool], tuple[str, ...]]]] = {
    "backup": (lambda transaction: backup_age.look(transaction).due, ("backup", "--if-due")),
    "purge": (removing.is_due, ("purge", "--if-due")),
}
"""Whether it is time, and the command."""


class Housekeeping:
    """A thread that looks once a minute."""

    def __init__(self, application: Application, every: float = _EVERY) -> None:
        """`every`: seconds between two looks."""
        self._application = application
        self._every = every
        self._stopping = threading.Event()
        self._running: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._go, name="housekeeping", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """A command that is at work is told to end: what it had half done is done anew by the next one."""
        self._stopping.set()
        running = self._running
        if running is not None:
            running.terminate()
        self._thread.join(_PATIENCE)

    def _go(self) -> None:
        while not self._stopping.wait(self._every):
            for name, (is_due, command) in CHORES.items():
                try:
                    if self._application.look(is_due) and not self._stopping.is_set():
                        self._run(name, command)
                except StoreError as error:
                    _log.warning("can't see whether it is time", chore=name, reason=type(error).__name__)
                except Exception:
                    _log.exception("not done", chore=name)

    def _run(self, name: str, command: tuple[str, ...]) -> None:
        """What it says goes into this worker's own lines."""
        ours = [sys.executable, "-m", "hotline", *command]
        self._running = subprocess.Popen(  # noqa: S603 - words of ours
            ours, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        said = self._running.communicate()[0].decode(errors="replace").strip()[-_MOST_SAID:]
        code = self._running.returncode
        self._running = None
        if code and not self._stopping.is_set():
            _log.error("not done", chore=name, code=code, said=said)
        else:
            _log.info("done", chore=name, said=said)
