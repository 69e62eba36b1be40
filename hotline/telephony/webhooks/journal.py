"""What happened while the database could not be reached: sealed lines in local files, read back in afterwards.

A line is on disk (fsync) before the webhook is answered. It holds the request as it came, sealed with the same keys
as the database's columns. Each process appends to a file of its own until that has been read; the clock reads all.

A line that was cut off (a full disk, a crash) spoils no other: the next one begins on a line of its own. Room for some
hundred lines is taken beforehand, and given back to a disk that is full.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import re
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from hotline.operations.transaction import new_id
from hotline.store.database import Keyring, Unsealable
from hotline.telephony.webhooks.spare_room import FULL, ROOM, SpareRoom

_log = structlog.get_logger("hotline.journal")
_WHERE = "journal.entry"
_NO_ROW = ""
"""A line is no row: its entry's id is inside it, and is read back once, wherever it stands."""
_TOKEN = re.compile(r"(?:2\.)?[0-9a-f]{8}\.", re.ASCII)
_LONGEST_WAIT = timedelta(minutes=5)
_ASIDE = "set-aside"
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One webhook that could not be recorded. `at` is UTC."""

    id: str
    at: datetime
    path: str
    form: dict[str, str] = field(repr=False)
    line: str = field(repr=False)
    """As it is in the file."""


@dataclass(frozen=True, slots=True)
class JournalFile:
    """One file of the journal, as it was read."""

    file: Path
    size: int
    """Bytes."""
    entries: list[JournalEntry] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)


class Journal:
    """The journal under HOTLINE_HOME."""

    def __init__(self, folder: Path, keys: Keyring, room: int = ROOM) -> None:
        """`folder` is made, for this user only, when the first line is written; `room`: bytes that are kept beside it
        for a full disk, once they have been taken."""
        self._folder = folder
        self._keys = keys
        self._spare = SpareRoom(folder.with_name(f"{folder.name}-room"), room)
        self._guard = threading.Lock()
        self._name: str | None = None
        self._waiting: dict[str, tuple[int, datetime]] = {}
        """By entry: how often it could not be read back, and when it is tried again."""

    def waits(self, entry: JournalEntry, now: datetime) -> bool:
        """Whether it could not be read back, and is tried again later only."""
        return entry.id in self._waiting and now < self._waiting[entry.id][1]

    def try_later(self, entry: JournalEntry, now: datetime) -> None:
        """It could not be read back: it waits twice as long each time, from 10 seconds to 5 minutes."""
        tries = self._waiting.get(entry.id, (0, now))[0] + 1
        self._waiting[entry.id] = tries, now + min(timedelta(seconds=5 * 2**tries), _LONGEST_WAIT)

    def write(self, path: str, form: Mapping[str, str], now: datetime) -> bool:
        """Keep a webhook; whether it is safely on disk. Never raises: the caller must be answered all the same."""
        entry = {"id": new_id(), "at": now.isoformat(), "path": path, "form": dict(form)}
        try:
            line = self._keys.seal(json.dumps(entry), _WHERE, _NO_ROW)
            with self._guard:
                self._keep_where_there_is_room(line)
        except (OSError, UnicodeError) as error:
            _log.error("journal not written", reason=type(error).__name__)
            return False
        return True

    def take_room(self) -> None:
        """Take the room for a full disk, where it is missing and there is plenty. Never raises."""
        self._spare.take()

    def _keep_where_there_is_room(self, line: str) -> None:
        while True:
            try:
                return self._keep(line)
            except OSError as error:
                if error.errno not in FULL or not self._spare.give():
                    raise

    def files(self) -> list[Path]:
        """Files that hold, or may hold, entries."""
        return sorted(self._folder.glob("*.journal")) if self._folder.is_dir() else []

    def read(self, file: Path) -> JournalFile:
        """What one file holds; nothing if it is gone, as when another clock was quicker. Raises OSError."""
        try:
            held = file.read_bytes()
        except FileNotFoundError:
            return JournalFile(file, 0)
        part = JournalFile(file, len(held))
        for line in filter(None, held.decode("ascii", "replace").split("\n")):
            try:
                part.entries.append(self._entry(line))
            except (Unsealable, ValueError, KeyError, TypeError):
                # Cut off by a crash, or sealed with a key that we were not given.
                _log.error("a journal line can't be read")
                part.unreadable.append(line)
        return part

    def _entry(self, line: str) -> JournalEntry:
        kept = json.loads(self._keys.open(line, _WHERE, _NO_ROW))
        return JournalEntry(kept["id"], datetime.fromisoformat(kept["at"]), kept["path"], kept["form"], line)

    def finished(self, part: JournalFile, refused: Iterable[str] = ()) -> None:
        """Remove a file that has been read back in, unless it has grown, or gone, meanwhile. Raises OSError.

        Its unreadable lines, and the `refused` ones, are set aside: not tried every second, and not thrown away.
        """
        try:
            with part.file.open("rb") as held:
                fcntl.flock(held, fcntl.LOCK_EX)
                if os.fstat(held.fileno()).st_size == part.size:
                    for line in (*part.unreadable, *refused):
                        self._set_aside(line)
                    part.file.unlink(missing_ok=True)
        except FileNotFoundError:
            return

    def take_up_again(self) -> None:
        """What was set aside is tried once more: a newer Hotline, or one with all its keys, may read it.

        Raises OSError.
        """
        with suppress(FileNotFoundError):
            (self._folder / _ASIDE).rename(self._folder / f"{new_id()}.journal")

    def reseal(self) -> int:
        """Seal every line anew under the newest key; how many are sealed with a key that is not on the ring.

        Each file's lines go into a new one before it is removed: what is in both for a moment is read back once.
        Raises OSError.
        """
        aside = self._folder / _ASIDE
        return sum(self._reseal(file) for file in (*self.files(), *([aside] if aside.exists() else [])))

    def _reseal(self, file: Path) -> int:
        try:
            with file.open("rb") as held:
                fcntl.flock(held, fcntl.LOCK_EX)
                lines = [line for line in held.read().decode("ascii", "replace").split("\n") if line]
                if os.fstat(held.fileno()).st_nlink == 0 or all(map(self._keys.is_newest, lines)):
                    return 0
                fresh = [self._resealed(line) for line in lines]
                kept = self._folder / f"{new_id()}.part"
                with os.fdopen(os.open(kept, _NEW, 0o600), "w") as written:
                    written.writelines(f"{line}\n" for line, _ in fresh)
                    written.flush()
                    os.fsync(written.fileno())
                kept.rename(file if file.name == _ASIDE else self._folder / f"{new_id()}.journal")
                if file.name != _ASIDE:
                    file.unlink(missing_ok=True)
                _sync_names(self._folder)
                return sum(not opened for _, opened in fresh)
        except FileNotFoundError:
            return 0

    def _resealed(self, line: str) -> tuple[str, bool]:
        try:
            return self._keys.seal(self._keys.open(line, _WHERE, _NO_ROW), _WHERE, _NO_ROW), True
        except Unsealable:
            return line, self._is_torn(line)

    def _is_torn(self, line: str) -> bool:
        """No key would open it, so none is missed."""
        if not _TOKEN.match(line):
            return True
        try:
            self._keys.check_key(line, _WHERE)
        except Unsealable:
            return False
        return True

    def _set_aside(self, line: str) -> None:
        kept = False
        while not kept:
            # It may be taken up again at this very moment: then into the next one.
            kept = self._append(_ASIDE, line, os.O_RDWR | os.O_APPEND | os.O_CREAT)

    def _keep(self, line: str) -> None:
        """Into the file that this process writes, or a new one where that has been read and removed.

        No name is ever used again: whoever still holds the old file must not take the new one for it.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        while self._name is None or not self._append(self._name, line):
            self._name = f"{new_id()}.journal"
            os.close(os.open(self._folder / self._name, _NEW, 0o600))

    def _append(self, name: str, line: str, flags: int = os.O_RDWR | os.O_APPEND) -> bool:
        """Whether the file was still there to be added to."""
        try:
            file = os.open(self._folder / name, flags, 0o600)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            # The reader may have removed it between our opening and our locking it.
            there = os.fstat(file).st_nlink > 0
            if there:
                self._add(file, line)
            return there
        finally:
            os.close(file)

    def _add(self, file: int, line: str) -> None:
        size = os.fstat(file).st_size
        torn = size > 0 and os.pread(file, 1, size - 1) != b"\n"
        whole = f"{chr(10) if torn else ''}{line}\n".encode("ascii")
        written = os.write(file, whole)
        if written < len(whole):
            os.ftruncate(file, size)
            raise OSError(errno.ENOSPC, "the disk is full")
        os.fsync(file)
        if size == 0:
            _sync_names(self._folder)


def _sync_names(folder: Path) -> None:
    """A new file is safe only when its name is, too."""
    names = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(names)
    finally:
        os.close(names)
