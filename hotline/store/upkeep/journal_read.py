"""Which entries of the outage journal have been read back in."""

from __future__ import annotations

from datetime import datetime

from hotline.store.database import Tx, rows
from hotline.store.database.tables import journal_read


def mark(tx: Tx, entry_id: str, now: datetime) -> bool:
    """Mark an entry as read back in this very transaction; False if it was already: then leave it."""
    return rows.add_if_new(tx, journal_read, {"entry_id": entry_id, "at": now})
