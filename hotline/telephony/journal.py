"""What happened while the database could not be reached: sealed lines in a local file, read back in afterwards.

A line is on disk (fsync) before the webhook is answered. It holds the request as it came, sealed with the same keys
as the database's columns. Each process appends to a file of its own; the clock reads all of them.
"""

from __future__ import annotations

import fcntl
import json
import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import structlog

from hotline.operations.house import new_id
from hotline.store.sealed import Keyring, Unsealable

_log = structlog.get_logger("hotline.journal")
_WHERE = "journal.entry"


@dataclass(frozen=True, slots=True)
class Entry:
    """One webhook that could not be recorded."""

    id: str
    at: datetime
    path: str
    form: dict[str, str] = field(repr=False)


class Journal:
    """The journal under HOTLINE_HOME."""

    def __init__(self, folder: Path, keys: Keyring) -> None:
        """`folder` is made, for this user only, when the first line is written."""
        self._folder = folder
        self._keys = keys
        self._guard = threading.Lock()

    def write(self, path: str, form: Mapping[str, str], now: datetime) -> bool:
        """Keep a webhook; whether it is safely on disk. Never raises: the caller must be answered all the same."""
        entry = {"id": new_id(), "at": now.isoformat(), "path": path, "form": dict(form)}
        try:
            line = self._keys.seal(json.dumps(entry), _WHERE) + "\n"
            with self._guard:
                self._append(line)
        except (OSError, UnicodeError) as error:
            _log.error("journal not written", reason=type(error).__name__)
            return False
        return True

    def _append(self, line: str) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / f"{os.getpid()}.journal"
        kept = False
        while not kept:
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                fcntl.flock(file, fcntl.LOCK_EX)
                # The reader may have removed it between our opening and our locking it: then a new one.
                kept = os.fstat(file).st_nlink > 0
                if kept:
                    os.write(file, line.encode("ascii"))
                    os.fsync(file)
            finally:
                os.close(file)

    def files(self) -> list[Path]:
        """Files that hold, or may hold, entries."""
        return sorted(self._folder.glob("*.journal")) if self._folder.is_dir() else []

    def entries(self, file: Path) -> Iterator[Entry]:
        """The entries of one file, in order. A line that was cut off by a crash is left out, and said so."""
        for line in file.read_text("ascii", errors="replace").splitlines():
            try:
                kept = json.loads(self._keys.open(line, _WHERE))
            except (Unsealable, ValueError):
                _log.error("a journal line can't be read")
                continue
            yield Entry(kept["id"], datetime.fromisoformat(kept["at"]), kept["path"], kept["form"])

    def finished(self, file: Path, size: int) -> None:
        """Remove a file of which everything has been read back in, unless it has grown meanwhile."""
        with file.open("rb") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            if os.fstat(held.fileno()).st_size == size:
                file.unlink(missing_ok=True)
