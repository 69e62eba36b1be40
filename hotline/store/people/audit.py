"""The audit trail: which member of staff did, or looked at, what. Ids and words of ours only."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import or_, select

from hotline.model import AuditAction, AuditKind, StaffId
from hotline.store.database import Tx, rows
from hotline.store.database.tables import audit


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One entry as it is kept, of this version or an older one; `at` is UTC.

    `staff_id` is None for what the system did, or nobody signed in for.
    """

    at: datetime
    staff_id: StaffId | None
    action: str
    subject_kind: str
    subject_id: str
    id: int = field(default=0, compare=False)
    """Its number: later ones were begun later."""


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries are wanted; what is None is any. Times are UTC."""

    by: StaffId | None = None
    by_nobody: bool = False
    """What the system did, or a command."""
    action: str | None = None
    """A word of `AuditAction`, whatever follows it."""
    kind: str | None = None
    subject: str | None = None
    subject_begins: str | None = None
    """How the id of what it was done to begins."""
    since: datetime | None = None
    until: datetime | None = None


def add(
    tx: Tx,
    at: datetime,
    by: StaffId | None,
    action: AuditAction,
    kind: AuditKind,
    subject_id: str,
    *,
    detail: str = "",
) -> None:
    """Write an entry; none is ever changed. `detail`: a word of ours that follows the action."""
    values = {
        "at": at,
        "staff_id": by,
        "action": f"{action} {detail}" if detail else action.value,
        "subject_kind": kind.value,
        "subject_id": subject_id,
    }
    rows.add(tx, audit, values)


def about(tx: Tx, kind: AuditKind, subject_id: str) -> list[AuditEntry]:
    """Every entry about this, in the order in which they were written."""
    query = select(audit).where(audit.c.subject_id == subject_id, audit.c.subject_kind == kind.value)
    return [_entry(found) for found in rows.many(tx, query.order_by(audit.c.id))]


def about_any(tx: Tx, kind: AuditKind, subjects: Collection[str]) -> list[AuditEntry]:
    """Every entry about any of these, in the order in which they were written."""
    query = select(audit).where(audit.c.subject_id.in_(sorted(subjects)), audit.c.subject_kind == kind.value)
    return [_entry(found) for found in rows.many(tx, query.order_by(audit.c.id))]


def find(tx: Tx, wanted: AuditFilter, at_most: int, before: int | None = None) -> list[AuditEntry]:
    """The entries that are wanted, the newest first; `before`: only those with a lower number."""
    column = audit.c
    equal = {"staff_id": wanted.by, "subject_kind": wanted.kind, "subject_id": wanted.subject}
    where = [column[name] == given for name, given in equal.items() if given is not None]
    where += [column.at >= wanted.since] if wanted.since is not None else []
    where += [column.at < wanted.until] if wanted.until is not None else []
    where += [column.id < before] if before is not None else []
    begins = wanted.subject_begins
    where += [column.subject_id >= begins, column.subject_id < f"{begins}g"] if begins else []
    if wanted.by_nobody:
        where.append(column.staff_id.is_(None))
    if wanted.action is not None:
        where.append(
            or_(
                column.action == wanted.action, column.action.startswith(f"{wanted.action} ", autoescape=True)
            )
        )
    return [
        _entry(one)
        for one in rows.many(tx, select(audit).where(*where).order_by(column.id.desc()).limit(at_most))
    ]


def _entry(found: rows.Found) -> AuditEntry:
    return AuditEntry(found.at, found.staff_id, found.action, found.subject_kind, found.subject_id, found.id)
