"""What left the house in files: who took it, when, why, by what filter, and which cases were in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from hotline.model import ContactId, StaffId
from hotline.store.database import Tx, rows
from hotline.store.database.tables import exported_cases, exports

_REASON = "exports.reason"


@dataclass(frozen=True, slots=True)
class Export:
    """One file. `at` is UTC: when it was begun."""

    id: str
    at: datetime
    by: StaffId
    reason: str = field(repr=False)
    asked_for: str
    """The filter, in words of ours: no number."""
    cases: int = 0
    """How many left, as far as is known."""


def begin(tx: Tx, one: Export) -> None:
    """A file is begun. Raises Duplicate."""
    values = {
        "id": one.id,
        "at": one.at,
        "staff_id": one.by,
        "reason": tx.keys.seal(one.reason, _REASON, one.id),
        "asked_for": one.asked_for,
        "cases": one.cases,
    }
    rows.add(tx, exports, values)


def add(tx: Tx, export_id: str, contacts: Iterable[ContactId], cases: int) -> None:
    """So many more cases, of these contacts, leave with it."""
    rows.change(tx, exports, [exports.c.id == export_id], {"cases": exports.c.cases + cases})
    here = exported_cases.c
    several = sorted(set(contacts))
    known = select(here.contact_id).where(here.export_id == export_id, here.contact_id.in_(several))
    gone = {one.contact_id for one in rows.many(tx, known)}
    new = [{"export_id": export_id, "contact_id": one} for one in several if one not in gone]
    rows.add_all(tx, exported_cases, new)


def get(tx: Tx, export_id: str) -> Export | None:
    """The file, or None."""
    found = rows.one(tx, select(exports).where(exports.c.id == export_id))
    return None if found is None else _export(tx, found)


def with_any(tx: Tx, contacts: Iterable[ContactId]) -> list[tuple[Export, ContactId]]:
    """Every file that had one of these in it, with which; the oldest first."""
    query = (
        select(exports, exported_cases.c.contact_id)
        .join(exported_cases, exported_cases.c.export_id == exports.c.id)
        .where(exported_cases.c.contact_id.in_(sorted(contacts)))
        .order_by(exports.c.at, exports.c.id)
    )
    return [(_export(tx, one), ContactId(one.contact_id)) for one in rows.many(tx, query)]


def _export(tx: Tx, found: rows.Found) -> Export:
    reason = tx.keys.open(found.reason, _REASON, found.id)
    return Export(found.id, found.at, StaffId(found.staff_id), reason, found.asked_for, found.cases)
