"""How soon the account may start another call: one row that all processes share.

The carrier starts so many calls a second and keeps the others waiting, in the order in which they came. Waiting here
instead keeps the order ours: emergencies first.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from hotline.store.database import Tx, rows
from hotline.store.database.tables import pace

_CALLS: Final = "calls"
_SECOND: Final = timedelta(seconds=1)


def take(tx: Tx, now: datetime, per_second: float) -> bool:
    """Take one of this second's calls, if one is left. Exactly one taker gets each."""
    gap = _gap(per_second)
    kept = _kept(tx)
    if kept is None:
        return rows.add_if_new(tx, pace, {"name": _CALLS, "next_at": now + gap})
    free_at, begins = _free(kept, now, gap)
    if free_at > now:
        return False
    # By what was read: whoever was quicker has changed it.
    where = [pace.c.name == _CALLS, pace.c.next_at == kept]
    return rows.change(tx, pace, where, {"next_at": begins + gap}) == 1


def left(tx: Tx, now: datetime, per_second: float) -> tuple[int, datetime]:
    """How many calls may start now, and from when on one may."""
    gap, kept = _gap(per_second), _kept(tx)
    free_at, begins = _free(kept or now, now, gap)
    return (0 if free_at > now else 1 + (now - begins + _room(gap)) // gap), free_at


def _gap(per_second: float) -> timedelta:
    return _SECOND / per_second


def _room(gap: timedelta) -> timedelta:
    """A second's calls may start together: how far `next_at` may be ahead."""
    return max(timedelta(0), _SECOND - gap)


def _free(kept: datetime, now: datetime, gap: timedelta) -> tuple[datetime, datetime]:
    """When a call may start, and where its gap begins."""
    if kept > now + _room(gap) + gap:
        # Further ahead than it can have been written: the clock was set back meanwhile.
        kept = now
    return max(now, kept - _room(gap)), max(now, kept)


def _kept(tx: Tx) -> datetime | None:
    found = rows.many(tx, select(pace.c.next_at).where(pace.c.name == _CALLS))
    return found[0].next_at if found else None
