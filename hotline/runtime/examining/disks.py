"""The disks on which Hotline keeps what it keeps: its home's, SQLite's and the backups', each once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqlalchemy.engine import make_url

from hotline.operations.checkup.account_seen import NotSeen
from hotline.operations.checkup.machine_seen import DiskSeen, Keeps
from hotline.runtime.keeping.making_backups import folder_of
from hotline.settings.load import Settings

FULL: Final = 64 * 2**20
"""With fewer bytes free, writing fails at any moment."""


def disks(settings: Settings) -> tuple[DiskSeen, ...]:
    """As they are at this moment, HOTLINE_HOME's first; another only where it is on another disk. Never raises."""
    seen: dict[int, DiskSeen] = {}
    for keeps, folder in _folders(settings):
        try:
            device, usage = os.stat(folder).st_dev, shutil.disk_usage(folder)
        except OSError as error:
            if keeps is Keeps.EVERYTHING:
                return (DiskSeen(str(folder), keeps, NotSeen(_words(error)), 0),)
            continue  # made when it is first needed, or told by the database's own finding
        seen.setdefault(device, DiskSeen(str(folder), keeps, usage.free, usage.total))
    return tuple(seen.values())


def full(settings: Settings) -> Iterator[str]:
    """Which of them are full, in words for whoever is woken."""
    for one in disks(settings):
        if isinstance(one.free, int) and one.free < FULL:
            yield f"disk: {one.free // 2**20} MiB are free in {one.folder}: {_NOW[one.keeps]}; make room"


_CALLERS: Final = "nothing can be written down, callers are put through to the failsafe number"
_NOW: Final = {
    Keeps.EVERYTHING: _CALLERS,
    Keeps.DATABASE: _CALLERS,
    Keeps.BACKUPS: "no backup is made",
}


def _folders(settings: Settings) -> Iterator[tuple[Keeps, Path]]:
    yield Keeps.EVERYTHING, settings.home
    url = make_url(settings.database_url.get_secret_value())
    if url.get_backend_name() == "sqlite" and url.database:
        yield Keeps.DATABASE, Path(url.database).parent
    if settings.centre.backups.keys:
        yield Keeps.BACKUPS, folder_of(settings)


def _words(error: OSError) -> str:
    return str(error.strerror or type(error).__name__).lower()
