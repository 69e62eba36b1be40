"""What somebody was warned of already: each thing once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select

from hotline.store.database import Tx, rows
from hotline.store.database.tables import warned

KEPT: Final = timedelta(days=60)


def of(tx: Tx, keys: list[str]) -> frozenset[str]:
    """Those of these that somebody was warned of."""
    return frozenset(one.key for one in rows.many(tx, select(warned.c.key).where(warned.c.key.in_(keys))))


def add_if_new(tx: Tx, key: str, now: datetime) -> bool:
    """Note it; False if it was noted already. What is long ago is forgotten."""
    new = rows.add_if_new(tx, warned, {"key": key, "at": now})
    if new:
        tx.execute(delete(warned).where(warned.c.at < now - KEPT))
    return new
