"""What follows when a database was put back: nobody who waited in it is lost, and nobody is called or written to twice
because the copy doesn't know that it was done."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from hotline.callbacks.promise import is_late
from hotline.model import AuditAction, AuditKind, Subject
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks, contacts, escalations
from hotline.store.keeping import backup_log
from hotline.store.traffic import outbox


@dataclass(frozen=True, slots=True)
class StillOpen:
    """What goes on as soon as Hotline runs again."""

    callbacks: int
    late: int
    """Of these: promised for a time that is over."""
    emergencies: int
    contacts: int
    """Calls that are over by now, of which the end is asked for, and threads of texts."""


def settle(transaction: Transaction, copied_at: datetime, backups_here: Collection[str]) -> None:
    """To be called once, before anything runs on it. `copied_at`: when the copy was made (UTC). `backups_here`: names
    of the files of backups that are on this machine.

    What was about to leave for a caller may have left since the copy: it is looked up at the carrier before it leaves.
    What goes to staff leaves again: twice beats never. The copy knows itself as one that is being made; it was.
    A backup that isn't here is none that the line could count on: the next one is due at once.
    """
    outbox.doubt(transaction.tx, transaction.now)
    backup_log.was_kept(transaction.tx, transaction.now)
    backup_log.lost(transaction.tx, backups_here)
    stamp = f"{copied_at:%Y-%m-%dT%H:%M:%SZ}"
    transaction.audit(AuditAction.RESTORED, AuditKind.BACKUP, stamp)
    transaction.tx.board_changed = True


def look(transaction: Transaction) -> StillOpen:
    """How it stands. Raises Unsealable if anything of it is damaged."""
    tx = transaction.tx
    owed = [row.callback for row in callbacks.all_open(tx)]
    sought = [row.escalation.subject for row in escalations.all_open(tx)]
    return StillOpen(
        callbacks=len(owed),
        late=sum(is_late(one, transaction.now) for one in owed),
        emergencies=sought.count(Subject.EMERGENCY),
        contacts=len(contacts.ongoing(tx)),
    )
