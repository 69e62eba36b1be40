"""How old the newest copy of the database is, whether one is due, and what is wrong with that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from hotline.operations.transaction import Transaction
from hotline.store.keeping import backup_log
from hotline.store.keeping.backup_log import BackupRow, BackupStatus
from hotline.worded import joined, worded

_AGAIN: Final = timedelta(minutes=30)
"""After one that failed."""
_LATE: Final = 2
"""A copy older than so many times what the centre wants is told of."""


@dataclass(frozen=True, slots=True)
class BackupProblem:
    """What is wrong, and how to mend it: a sentence each."""

    what: str
    mend: str

    @property
    def words(self) -> str:
        """Both."""
        return joined((self.what, self.mend))


_NO_KEY: Final = BackupProblem(
    worded("No backups are made."), worded("`hotline backup key` makes the key for them.")
)
_NONE_YET: Final = BackupProblem(worded("There is no backup yet."), worded("`hotline backup` makes one."))


@dataclass(frozen=True, slots=True)
class BackupState:
    """How it stands at this moment."""

    now: datetime
    last: BackupRow | None
    """The newest that was made and opened again, wherever its file is now."""
    failed: BackupRow | None
    """What was tried since then in vain."""
    every: timedelta
    """Nothing: only when asked for."""
    has_key: bool
    """The centre has a public key to seal them for."""
    due: bool
    """One is to be made now."""

    @property
    def age(self) -> timedelta | None:
        """Since when what happens is in no copy; None: there is none."""
        return None if self.last is None else self.now - self.last.begun_at

    @property
    def problems(self) -> tuple[BackupProblem, ...]:
        """What is wrong, for whoever runs the server."""
        if not self.has_key:
            return (_NO_KEY,)
        found: list[BackupProblem] = []
        if self.failed is not None:
            found.append(
                BackupProblem(
                    worded("The last backup failed: %(problem)s.", problem=self.failed.problem),
                    worded("`hotline backup` tries again."),
                )
            )
        if self.age is None:
            found.append(_NONE_YET)
        elif self.every and self.age > _LATE * self.every:
            hours = int(self.age / timedelta(hours=1))
            found.append(
                BackupProblem(
                    worded("The newest backup is %(hours)s hours old.", hours=hours),
                    worded("Does the ordinary worker run?"),
                )
            )
        return tuple(found)


def look(transaction: Transaction) -> BackupState:
    """Two statements."""
    asked = transaction.settings.centre.backups
    last = backup_log.last(transaction.tx, BackupStatus.KEPT, BackupStatus.REMOVED)
    tried = backup_log.last(transaction.tx, BackupStatus.FAILED, BackupStatus.MAKING)
    failed = tried if tried is not None and tried.status is BackupStatus.FAILED else None
    if failed is not None and last is not None and failed.begun_at < last.begun_at:
        failed = None
    due = bool(asked.keys) and asked.every > timedelta(0) and _is_time(transaction, last, tried)
    return BackupState(transaction.now, last, failed, asked.every, bool(asked.keys), due)


def _is_time(transaction: Transaction, last: BackupRow | None, tried: BackupRow | None) -> bool:
    now, every = transaction.now, transaction.settings.centre.backups.every
    if last is not None and now - last.begun_at < every:
        return False
    if tried is None or (last is not None and tried.begun_at < last.begun_at):
        return True
    if tried.status is BackupStatus.MAKING:
        return tried.lease_until is None or tried.lease_until < now
    return tried.ended_at is None or now - tried.ended_at >= _AGAIN
