"""The audit trail: which member of staff did, or looked at, what. Ids and words of ours only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from hotline.model import StaffId
from hotline.store.database import Tx, rows
from hotline.store.database.tables import audit


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One entry; `at` is UTC. `staff_id` is None for what the system did, or nobody signed in for."""

    at: datetime
    staff_id: StaffId | None
    action: str
    subject_kind: str
    subject_id: str


def add(tx: Tx, entry: AuditEntry) -> None:
    """Write an entry; none is ever changed."""
    values = {
        "at": entry.at,
        "staff_id": entry.staff_id,
        "action": entry.action,
        "subject_kind": entry.subject_kind,
        "subject_id": entry.subject_id,
    }
    rows.add(tx, audit, values)


def about(tx: Tx, subject_kind: str, subject_id: str) -> list[AuditEntry]:
    """Every entry about this, in the order in which they were written."""
    query = select(audit).where(audit.c.subject_id == subject_id, audit.c.subject_kind == subject_kind)
    return [_entry(found) for found in rows.many(tx, query.order_by(audit.c.id))]


def _entry(found: rows.Found) -> AuditEntry:
    return AuditEntry(found.at, found.staff_id, found.action, found.subject_kind, found.subject_id)
