"""Room on the disk that is taken beforehand and given back when the disk is full, so that the journal can be written.

It is given back in small steps: a database on the same disk takes whatever is free, and would take all at once.
"""

from __future__ import annotations

import errno
import fcntl
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOM: Final = 4 * 2**20
"""Bytes: hundreds of webhooks, each a line of one to two thousand."""
STEP: Final = 16 * 2**10
"""Bytes of one step: a line, and a new file's name."""
_PLENTY: Final = 8
"""The disk has so many times the room free before any of it is taken."""
FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


@dataclass(frozen=True, slots=True)
class SpareRoom:
    """A file that is of no use but for its size. Processes of one machine may share it."""

    file: Path
    size: int = ROOM

    def take(self) -> None:
        """Take it where it is missing and the disk has plenty. Never raises: it is taken another time then."""
        with suppress(OSError):
            if self.file.exists() and self.file.stat().st_size == self.size:
                return
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            disk = os.statvfs(self.file.parent)
            if disk.f_bavail * disk.f_frsize < _PLENTY * self.size:
                return
            opened = os.open(self.file, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                os.posix_fallocate(opened, 0, self.size)
            finally:
                os.close(opened)

    def give(self) -> bool:
        """Give a step of it back to the disk; whether there was any. Never raises."""
        try:
            opened = os.open(self.file, os.O_RDWR)
        except OSError:
            return False
        try:
            fcntl.flock(opened, fcntl.LOCK_EX)
            left = os.fstat(opened).st_size
            if left:
                os.ftruncate(opened, max(left - STEP, 0))
            return left > 0
        except OSError:
            return False
        finally:
            os.close(opened)
