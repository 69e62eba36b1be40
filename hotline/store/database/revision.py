"""The board's revision: moves on with every transaction that changed what the board shows.

It is counted in many rows, one for each of PostgreSQL's connections: transactions that count in one row would
get into each other's way, whatever else they change.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import func, select

from hotline.store.database.tables import revision

NUMBER: Final[Any] = select(func.coalesce(func.sum(revision.c.n), 0)).scalar_subquery()
"""The revision; the same number again means that the board need not be drawn anew."""
