"""The board's revision: moves on with every transaction that changed what the board shows."""

from __future__ import annotations

from sqlalchemy import select

from hotline.store.database import Tx
from hotline.store.tables import revision


def current(tx: Tx) -> int:
    """The revision; the same number again means that the board need not be drawn anew."""
    return int(tx.connection.execute(select(revision.c.n).where(revision.c.id == 1)).scalar_one())
