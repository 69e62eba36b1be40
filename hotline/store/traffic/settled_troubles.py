"""What did not arrive, and somebody has seen to: it is on the list of deliveries no more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from hotline.model import StaffId
from hotline.store.database import Tx, rows
from hotline.store.database.tables import settled_troubles


def add_if_new(tx: Tx, trouble_id: str, by: StaffId, at: datetime) -> bool:
    """Somebody has seen to it; False if somebody had already."""
    tx.board_changed = True
    return rows.add_if_new(tx, settled_troubles, {"id": trouble_id, "staff_id": by, "at": at})


def among(tx: Tx, troubles: Iterable[str]) -> frozenset[str]:
    """Those of these that somebody has seen to."""
    query = select(settled_troubles.c.id).where(settled_troubles.c.id.in_(sorted(troubles)))
    return frozenset(one.id for one in rows.many(tx, query))
