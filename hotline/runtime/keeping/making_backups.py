"""Making a backup while all goes on: read at one moment, sealed, written, opened again from the disk, and only then
named and counted.

The file key is still in memory when the file is opened again, and nowhere else: what is tried is the file as it lies on
the disk, to its last line, without the private key. One process at a time makes one; whoever is killed with it
half-made leaves a file that the next one removes.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final

from hotline.operations.keeping import backup_age
from hotline.operations.transaction import Application, Transaction, new_id
from hotline.settings.load import Settings
from hotline.store.database import StoreError, Unavailable
from hotline.store.keeping import backup_log, sealed_file, table_lines
from hotline.store.keeping.sealed_file import DamagedFile, SealedWriter
from hotline.store.migrations import migrate

_NAMED: Final = re.compile(r"hotline-\d{8}-\d{6}\.jsonl\.gz\.age", re.ASCII)
_NAME: Final = "hotline-%Y%m%d-%H%M%S.jsonl.gz.age"
_HALF: Final = ".part"
_SAYS_SO: Final = timedelta(seconds=30)
_ROOM: Final = 256 * 1024 * 1024
"""Bytes that stay free beside it: the database on the same disk needs them more."""
_NO_ROOM: Final = "no room on its disk"
_NOT_WRITTEN: Final = "its folder can't be written to"
_NOT_READ: Final = "the database could not be read"
_NOT_OPENED: Final = "what was written did not open again"
_OTHER_VERSION: Final = (
    "the database is as another version needs it: `hotline migrate` first, or back it up with that version"
)
_TAKEN: Final = "it took too long, and another process took over"
Say = Callable[[str], None]


class CannotBackUp(Exception):
    """No backup was made; why, and what to do, in words."""


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that has opened again."""

    path: Path
    bytes: int
    digest: str
    """SHA-256 of the file."""
    rows: dict[str, int]
    """How many of each table."""


def folder_of(settings: Settings) -> Path:
    """Where backups lie on this machine."""
    return settings.home / Path(settings.centre.backups.folder).expanduser()


def backups_in(folder: Path) -> list[Path]:
    """Those that are there, the oldest first."""
    return sorted(one for one in folder.glob("hotline-*") if _NAMED.fullmatch(one.name))


def begun_by_name(name: str) -> datetime | None:
    """When a backup of this name was begun (UTC), wherever; None: no backup has such a name."""
    try:
        return datetime.strptime(name, _NAME).replace(tzinfo=UTC) if _NAMED.fullmatch(name) else None
    except ValueError:
        return None


def make(application: Application, *, if_due: bool = False) -> Made | None:
    """One now, unless another process makes one; with `if_due` only if it is time. None: nothing was to be made.

    Raises CannotBackUp, and StoreError.
    """
    settings = application.settings
    if not settings.centre.backups.keys:
        raise CannotBackUp(
            "There is no key to seal a backup for: `hotline backup key` makes one, and says where it goes."
        )
    backup_id, now = new_id(), application.clock()
    path = folder_of(settings) / now.strftime(_NAME)
    if not application.change(partial(_begin, backup_id=backup_id, file=path.name, if_due=if_due)):
        if if_due:
            return None
        raise CannotBackUp("Another process makes a backup at this moment.")
    try:
        made = _written(application, path, backup_id, now)
    except CannotBackUp as refused:
        _failed(application, backup_id, str(refused))
        raise CannotBackUp(f"No backup was made: {refused}.") from refused
    except Exception:
        _failed(application, backup_id, "something unforeseen")
        raise
    if not application.change(partial(_kept, backup_id=backup_id, made=made)):
        made.path.unlink(missing_ok=True)
        raise CannotBackUp(f"No backup was made: {_TAKEN}.")
    _make_room(application, path.parent)
    return made


def _begin(transaction: Transaction, backup_id: str, file: str, *, if_due: bool) -> bool:
    if if_due and not backup_age.look(transaction).due:
        return False
    return backup_log.begin(transaction.tx, backup_id, file, transaction.now)


def _kept(transaction: Transaction, backup_id: str, made: Made) -> bool:
    return backup_log.kept(transaction.tx, backup_id, transaction.now, made.bytes, made.digest)


def _failed(application: Application, backup_id: str, problem: str) -> None:
    with suppress(StoreError):  # its lease tells the same a little later
        application.change(
            lambda transaction: backup_log.failed(transaction.tx, backup_id, transaction.now, problem)
        )


# --- the file ----------------------------------------------------------------------------------------------------


def _written(application: Application, path: Path, backup_id: str, now: datetime) -> Made:
    half = path.with_name(path.name + _HALF)
    with _in_words():
        _make_folder(path.parent, half)
        try:
            made = _half_written(application, half, _Sign(application, backup_id), now)
            half.rename(path)
            _settle(path.parent)
        except BaseException:
            half.unlink(missing_ok=True)
            raise
    return Made(path, made.bytes, made.digest, made.rows)


@contextmanager
def _in_words() -> Iterator[None]:
    """Whatever may be expected to go wrong, in words that may be kept. Raises CannotBackUp."""
    try:
        yield
    except OSError as error:
        raise CannotBackUp(_NO_ROOM if error.errno == 28 else _NOT_WRITTEN) from error
    except Unavailable as error:
        raise CannotBackUp(_NOT_READ) from error
    except DamagedFile as error:
        raise CannotBackUp(_NOT_OPENED) from error


def _make_folder(folder: Path, half: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in folder.glob(f"hotline-*{_HALF}"):
        if left != half:
            left.unlink(missing_ok=True)
    there = backups_in(folder)
    expected = there[-1].stat().st_size * 5 // 4 if there else 0
    if shutil.disk_usage(folder).free < expected + _ROOM:
        raise CannotBackUp(_NO_ROOM)


class _Sign:
    """Says now and then that the backup is still being made."""

    def __init__(self, application: Application, backup_id: str) -> None:
        self._application = application
        self._id = backup_id
        self._said = application.clock()

    def say(self) -> None:
        """Raises CannotBackUp if another process has taken over."""
        now = self._application.clock()
        if now - self._said < _SAYS_SO:
            return
        self._said = now
        if not self._application.change(partial(_goes_on, backup_id=self._id)):
            raise CannotBackUp(_TAKEN)


def _goes_on(transaction: Transaction, backup_id: str) -> bool:
    return backup_log.goes_on(transaction.tx, backup_id, transaction.now)


def _half_written(application: Application, half: Path, sign: _Sign, now: datetime) -> Made:
    settings = application.settings
    url = settings.database_url.get_secret_value()
    revision = migrate.current(url)
    if revision != migrate.newest():
        raise CannotBackUp(_OTHER_VERSION)
    with ExitStack() as stack:
        file = stack.enter_context(_Counted(half))
        files = [(name, stack.enter_context(one.open("rb"))) for name, one in _files(settings)]
        connection = stack.enter_context(table_lines.at_one_moment(url))
        writer = SealedWriter(file, settings.centre.backups.keys)  # type: ignore[arg-type]  # it only writes
        for part in table_lines.packed(table_lines.lines(connection, revision, now, files)):
            writer.write(part)
            sign.say()
        writer.close()
    size, digest = file.size, file.digest.hexdigest()
    rows = _opened_again(half, writer.file_key, digest, sign)
    return Made(half, size, digest, rows)


class _Counted:
    """A new file for this user alone, and what went into it."""

    def __init__(self, path: Path) -> None:
        self.size = 0
        self.digest = hashlib.sha256()
        self._file: BinaryIO = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")

    def __enter__(self) -> _Counted:
        return self

    def __exit__(self, *_: object) -> None:
        with self._file:
            self._file.flush()
            os.fsync(self._file.fileno())

    def write(self, part: bytes) -> int:
        """As a file's."""
        self.size += len(part)
        self.digest.update(part)
        return self._file.write(part)


def _opened_again(half: Path, file_key: bytes, digest: str, sign: _Sign) -> dict[str, int]:
    """From the disk, to its last line. Raises DamagedFile."""
    with half.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != digest:
            raise DamagedFile("the disk gives back something else than was written")
        file.seek(0)
        return table_lines.looked_through(
            table_lines.unpacked(_signed(sealed_file.opened(file, file_key), sign))
        ).rows


def _signed(parts: Iterator[bytes], sign: _Sign) -> Iterator[bytes]:
    for part in parts:
        sign.say()
        yield part


def _files(settings: Settings) -> list[tuple[str, Path]]:
    """What belongs to a centre beside its database: its own settings and voice, and webhooks that wait to be read."""
    journal = settings.home / "journal"
    voice = settings.config_path.parent / Path(settings.centre.voices.recordings).expanduser()
    found = [("hotline.toml", settings.config_path)] if settings.config_path.is_file() else []
    for name, folder in (("journal", journal), ("recordings", voice)):
        inside = sorted(one for one in folder.rglob("*") if one.is_file()) if folder.is_dir() else []
        found += [(f"{name}/{one.relative_to(folder).as_posix()}", one) for one in inside]
    return found


def _settle(folder: Path) -> None:
    """The new name is on the disk, too."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _make_room(application: Application, folder: Path) -> None:
    """Older ones than the centre keeps are removed."""
    for old in backups_in(folder)[: -application.settings.centre.backups.keep]:
        old.unlink(missing_ok=True)
        application.change(partial(_removed, file=old.name))


def _removed(transaction: Transaction, file: str) -> None:
    backup_log.removed(transaction.tx, file, transaction.now)
