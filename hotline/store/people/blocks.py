"""The block list: numbers that are not put through for a while, with the reason and whoever decided it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, or_, select

from hotline.model import PhoneNumber, StaffId
from hotline.store.database import Tx, rows
from hotline.store.database.tables import blocks

_NUMBER, _REASON = "blocks.number", "blocks.reason"


@dataclass(frozen=True, slots=True)
class Block:
    """One number on the list. Times are UTC."""

    id: str
    number: PhoneNumber
    reason: str = field(repr=False)
    """In somebody's own words: sealed."""
    by: StaffId | None
    """None: whoever sat at the server."""
    created_at: datetime
    expires_at: datetime | None
    """From then on it is as if it had never been; None: until somebody removes it."""


def add(tx: Tx, block: Block) -> None:
    """Put a number on the list, in the place of what is there for it already."""
    rows.hold_number(tx, block.number)
    remove(tx, block.number)
    values = {
        "id": block.id,
        "number": tx.keys.seal(block.number.e164, _NUMBER, block.id),
        "number_lookup": rows.lookup(tx, block.number),
        "reason": tx.keys.seal(block.reason, _REASON, block.id),
        "by_staff": block.by,
        "created_at": block.created_at,
        "expires_at": block.expires_at,
    }
    rows.add(tx, blocks, values)
    tx.board_changed = True


def remove(tx: Tx, number: PhoneNumber) -> bool:
    """Take a number off the list; whether it was there."""
    rows.forget(tx, blocks)
    gone = tx.execute(delete(blocks).where(rows.has_number(tx, blocks.c.number_lookup, number)))
    tx.board_changed |= gone.rowcount > 0
    return gone.rowcount > 0


def drop_expired(tx: Tx, now: datetime) -> None:
    """Forget the numbers whose time is over."""
    tx.execute(delete(blocks).where(blocks.c.expires_at <= now))


def standing(tx: Tx, number: PhoneNumber, now: datetime) -> str | None:
    """The id of what keeps this number from being put through now, or None. Nothing is unsealed for it."""

    def read() -> str | None:
        theirs = rows.has_number(tx, blocks.c.number_lookup, number)
        found: str | None = tx.execute(select(blocks.c.id).where(theirs, _stands(now))).scalar()
        return found

    return rows.once(tx, (blocks,), ("stands", number, now), read)


def remember(tx: Tx, number: PhoneNumber, now: datetime, block_id: str | None) -> None:
    """What another question has found to stand for this number now."""
    rows.remember(tx, (blocks,), ("stands", number, now), block_id)


def every(tx: Tx, now: datetime) -> list[Block]:
    """Everything that stands now, the newest first."""
    query = select(blocks).where(_stands(now)).order_by(blocks.c.created_at.desc(), blocks.c.id)
    return [_row(tx, found) for found in rows.many(tx, query)]


def _stands(now: datetime) -> rows.Condition:
    return or_(blocks.c.expires_at.is_(None), blocks.c.expires_at > now)


def _row(tx: Tx, found: rows.Found) -> Block:
    return Block(
        id=found.id,
        number=PhoneNumber(tx.keys.open(found.number, _NUMBER, found.id)),
        reason=tx.keys.open(found.reason, _REASON, found.id),
        by=StaffId(found.by_staff) if found.by_staff else None,
        created_at=found.created_at,
        expires_at=found.expires_at,
    )
