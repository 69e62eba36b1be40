"""Opening a backup with its private key: to see whether it is whole, to get its files out, to put it back."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, Final

from hotline.runtime.keeping.making_backups import CannotBackUp
from hotline.store.database import Keyring, Unsealable
from hotline.store.keeping import sealed_file, table_lines
from hotline.store.keeping.sealed_file import DamagedFile, WrongBackupKey
from hotline.store.keeping.table_lines import BackupBeginning, BackupReading

_CANARY: Final = ("canary.words", "1")


@contextmanager
def read(path: Path, key: Path) -> Iterator[BackupReading]:
    """A backup, opened with the private key in the file `key`. Raises CannotBackUp, in words."""
    try:
        private = sealed_file.private_key(key.read_text(encoding="utf-8"))
    except OSError as error:
        raise CannotBackUp(f"{key} can't be read: {error.strerror}.") from error
    except ValueError as error:
        raise CannotBackUp(f"{key} holds no private key as `hotline backup key` writes it.") from error
    try:
        with path.open("rb") as file:
            yield BackupReading(table_lines.unpacked(sealed_file.opened(file, private)))
    except OSError as error:
        raise CannotBackUp(f"{path} can't be read: {error.strerror}.") from error
    except WrongBackupKey as error:
        raise CannotBackUp(f"That key doesn't open {path.name}: it was sealed for another one.") from error
    except DamagedFile as error:
        raise CannotBackUp(f"{path.name} is damaged: {error}. Take another backup.") from error


def fits(keys: Keyring, beginning: BackupBeginning) -> bool:
    """Whether HOTLINE_DATA_KEY opens what is sealed in it."""
    if beginning.canary is None:
        return True
    try:
        keys.open(beginning.canary, *_CANARY)
    except Unsealable:
        return False
    return True


def write_file(folder: Path, named: dict[str, Any], parts: Iterable[list[Any]]) -> Path:
    """A file of the backup, below this folder, for this user alone. Raises DamagedFile if its name leads elsewhere."""
    inside = PurePosixPath(str(named["file"]))
    if inside.is_absolute() or ".." in inside.parts or not inside.parts:
        raise DamagedFile("a file in it was not written by us")
    path = folder.joinpath(*inside.parts)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        for part in parts:
            file.write(table_lines.file_part(part))
    return path
