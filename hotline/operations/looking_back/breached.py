"""Whose records were reachable with this account, or in this backup?

What an account opened is in the audit trail; what it could have opened follows from its roles. In a backup is everybody
who was there when it was made. Whoever must tell people of a breach needs both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hotline.model import AuditAction, AuditKind, StaffId
from hotline.operations.transaction import Transaction
from hotline.store.looking_back import reachable
from hotline.store.looking_back.reachable import ReachableCase


class HowFar(StrEnum):
    """How far it went, the surest first."""

    EXPORTED = "taken out in a file"
    OPENED = "opened, or worked on"
    READABLE = "readable"


@dataclass(frozen=True, slots=True)
class Breached:
    """Every case, and how far it went."""

    cases: tuple[tuple[ReachableCase, HowFar], ...]

    @property
    def people(self) -> int:
        """How many numbers; each case without one counts as somebody else."""
        numbers = {one.number for one, _ in self.cases if one.number is not None}
        return len(numbers) + sum(one.number is None for one, _ in self.cases)

    def of(self, reach: HowFar) -> int:
        """How many cases went so far."""
        return sum(how is reach for _, how in self.cases)


def by_account(
    transaction: Transaction,
    person: StaffId,
    since: datetime,
    until: datetime,
    *,
    admissions: bool,
    clinical: bool,
) -> Breached:
    """With this account in this time (UTC), on the sides that its roles may read. Asking is in the audit trail."""
    tx = transaction.tx
    opened, exported = (
        reachable.opened_by(tx, person, since, until),
        reachable.exported_by(tx, person, since, until),
    )
    found: list[tuple[ReachableCase, HowFar]] = []
    for one in reachable.at(tx, since, until):
        if one.contact in exported:
            found.append((one, HowFar.EXPORTED))
        elif one.contact in opened:
            found.append((one, HowFar.OPENED))
        elif clinical if one.clinical else admissions:
            found.append((one, HowFar.READABLE))
    transaction.audit(AuditAction.ASKED_WHO_WAS_REACHABLE, AuditKind.STAFF, person)
    return Breached(tuple(found))


def by_backup(transaction: Transaction, backup: str, begun_at: datetime) -> Breached:
    """In the backup that was begun then (UTC), for whoever has its private key and the data key. Asking is in the audit
    trail, about `backup`: its id, or the name of one that is on no list here."""
    there = reachable.at(transaction.tx, begun_at)
    transaction.audit(AuditAction.ASKED_WHO_WAS_REACHABLE, AuditKind.BACKUP, backup)
    return Breached(tuple((one, HowFar.READABLE) for one in there))
