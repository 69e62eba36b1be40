"""Which copies were made, whether they opened, and who is making one now."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, delete, not_, select

from hotline.model import KeptWord, as_kept
from hotline.store.database import Tx, rows
from hotline.store.database.tables import backups

LEASE: Final = timedelta(minutes=5)
"""Whoever makes one and says nothing for so long makes it no more."""
_ONE_AT_A_TIME: Final = "backup"


class BackupStatus(KeptWord):
    """How far it is."""

    MAKING = "making"
    KEPT = "kept"
    """It was written, and opened again."""
    FAILED = "failed"
    REMOVED = "removed"
    """It was made, and has made room for newer ones."""


@dataclass(frozen=True, slots=True)
class BackupRow:
    """One copy. All times are UTC."""

    id: str
    file: str
    """The file's name, without its folder."""
    status: BackupStatus
    begun_at: datetime
    """What happened since then is not in it."""
    data_keys: tuple[str, ...]
    """The public names of the keys in HOTLINE_DATA_KEY then."""
    lease_until: datetime | None = None
    ended_at: datetime | None = None
    removed_at: datetime | None = None
    problem: str | None = None
    """A word of ours: why it failed."""
    bytes: int | None = None
    digest: str | None = None
    """SHA-256 of the file."""


def begin(tx: Tx, backup_id: str, file: str, now: datetime) -> bool:
    """Begin one, unless somebody makes one now. One whose maker is gone has failed."""
    rows.hold(tx, _ONE_AT_A_TIME)
    making = backups.c.status == BackupStatus.MAKING.value
    gone = {"status": BackupStatus.FAILED.value, "ended_at": now, "problem": "whoever made it is gone"}
    rows.change(tx, backups, [making, backups.c.lease_until < now], gone)
    if rows.one(tx, select(backups.c.id).where(making).limit(1)) is not None:
        return False
    values = {
        "id": backup_id,
        "file": file,
        "status": BackupStatus.MAKING.value,
        "begun_at": now,
        "lease_until": now + LEASE,
        "data_keys": json.dumps(tx.keys.names),
    }
    rows.add(tx, backups, values)
    return True


def goes_on(tx: Tx, backup_id: str, now: datetime) -> bool:
    """Whoever makes it is at work; False if it was taken from them."""
    return rows.change(tx, backups, _making(backup_id), {"lease_until": now + LEASE}) == 1


def kept(tx: Tx, backup_id: str, now: datetime, size: int, digest: str) -> bool:
    """It was written, and has opened again; False if it was taken from whoever made it."""
    values = {"status": BackupStatus.KEPT.value, "ended_at": now, "bytes": size, "digest": digest}
    return rows.change(tx, backups, _making(backup_id), values) == 1


def was_kept(tx: Tx, now: datetime) -> None:
    """In a copy that was put back, the copy itself is one that is being made: it was made, and has opened."""
    making = backups.c.status == BackupStatus.MAKING.value
    rows.change(tx, backups, [making], {"status": BackupStatus.KEPT.value, "ended_at": now})


def lost(tx: Tx, here: Collection[str]) -> None:
    """Where a copy was put back: those that are not among these files count for none any more. They may lie on a disk
    that is gone."""
    kept_here = and_(backups.c.status == BackupStatus.KEPT.value, backups.c.file.in_(tuple(here)))
    made = backups.c.status.in_((BackupStatus.KEPT.value, BackupStatus.REMOVED.value))
    tx.execute(delete(backups).where(made, not_(kept_here)))


def failed(tx: Tx, backup_id: str, now: datetime, problem: str) -> None:
    """There is none. `problem`: a word of ours."""
    values = {"status": BackupStatus.FAILED.value, "ended_at": now, "problem": problem}
    rows.change(tx, backups, _making(backup_id), values)


def removed(tx: Tx, file: str, now: datetime) -> None:
    """A file has made room."""
    where = [backups.c.file == file, backups.c.status == BackupStatus.KEPT.value]
    rows.change(tx, backups, where, {"status": BackupStatus.REMOVED.value, "removed_at": now})


def _making(backup_id: str) -> list[rows.Condition]:
    return [backups.c.id == backup_id, backups.c.status == BackupStatus.MAKING.value]


def last(tx: Tx, *statuses: BackupStatus) -> BackupRow | None:
    """The newest of these."""
    among = backups.c.status.in_([one.value for one in statuses])
    found = rows.one(tx, select(backups).where(among).order_by(backups.c.begun_at.desc()).limit(1))
    return None if found is None else _row(found)


def every(tx: Tx) -> list[BackupRow]:
    """All that is known, the newest first."""
    return [_row(one) for one in rows.many(tx, select(backups).order_by(backups.c.begun_at.desc()))]


def named(tx: Tx, file: str) -> BackupRow | None:
    """The one with this file name."""
    found = rows.one(tx, select(backups).where(backups.c.file == file).order_by(backups.c.begun_at.desc()))
    return None if found is None else _row(found)


def _row(found: rows.Found) -> BackupRow:
    return BackupRow(
        id=found.id,
        file=found.file,
        status=as_kept(BackupStatus, found.status),
        begun_at=found.begun_at,
        data_keys=tuple(json.loads(found.data_keys)),
        lease_until=found.lease_until,
        ended_at=found.ended_at,
        removed_at=found.removed_at,
        problem=found.problem,
        bytes=found.bytes,
        digest=found.digest,
    )
