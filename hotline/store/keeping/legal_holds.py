"""Legal holds: whose record, or that everybody's, must not be removed, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import or_, select

from hotline.model import PhoneNumber, StaffId
from hotline.store.database import Tx, rows
from hotline.store.database.tables import legal_holds


@dataclass(frozen=True, slots=True)
class HoldRow:
    """Somebody's record, or everybody's, that must not be removed. All times are UTC."""

    id: str
    number: PhoneNumber | None = field(repr=False)
    """None: everybody's."""
    reason: str = field(repr=False)
    placed_at: datetime
    placed_by: StaffId | None = None
    released_at: datetime | None = None


def place(tx: Tx, row: HoldRow) -> None:
    """Hold it from now on."""
    values = {
        "id": row.id,
        "number": rows.sealed_number(tx, row.number, "legal_holds.number", row.id),
        "number_lookup": rows.lookup(tx, row.number),
        "reason": tx.keys.seal(row.reason, "legal_holds.reason", row.id),
        "placed_at": row.placed_at,
        "placed_by": row.placed_by,
    }
    rows.add(tx, legal_holds, values)


def release(tx: Tx, hold_id: str, now: datetime, by: StaffId | None) -> bool:
    """Hold it no more; False if there is no such hold."""
    where = [legal_holds.c.id == hold_id, legal_holds.c.released_at.is_(None)]
    return rows.change(tx, legal_holds, where, {"released_at": now, "released_by": by}) == 1


def holds(tx: Tx) -> list[HoldRow]:
    """Those that hold, the oldest first."""
    query = select(legal_holds).where(legal_holds.c.released_at.is_(None)).order_by(legal_holds.c.placed_at)
    return [_hold(tx, one) for one in rows.many(tx, query)]


def is_on_hold(tx: Tx, number: PhoneNumber) -> bool:
    """Whether anything of theirs must not be removed."""
    on = or_(rows.has_number(tx, legal_holds.c.number_lookup, number), legal_holds.c.number.is_(None))
    return rows.one(tx, select(legal_holds.c.id).where(legal_holds.c.released_at.is_(None), on)) is not None


def _hold(tx: Tx, found: rows.Found) -> HoldRow:
    return HoldRow(
        found.id,
        rows.opened_number(tx, found.number, "legal_holds.number", found.id),
        tx.keys.open(found.reason, "legal_holds.reason", found.id),
        found.placed_at,
        StaffId(found.placed_by) if found.placed_by else None,
        found.released_at,
    )
