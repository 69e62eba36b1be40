"""Which holes in the plan of duty somebody was told of already."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select

from hotline.store.database import Tx, rows
from hotline.store.database.tables import holes_told

KEPT: Final = timedelta(days=60)


def every(tx: Tx) -> frozenset[str]:
    """All that was told, and is not forgotten."""
    return frozenset(found.key for found in rows.many(tx, select(holes_told.c.key)))


def add_if_new(tx: Tx, key: str, now: datetime) -> bool:
    """Note that it is told; False if it was already. What was told long ago is forgotten."""
    new = rows.add_if_new(tx, holes_told, {"key": key, "told_at": now})
    if new:
        tx.execute(delete(holes_told).where(holes_told.c.told_at < now - KEPT))
    return new
