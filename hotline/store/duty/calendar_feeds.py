"""Private addresses at which somebody's calendar reads shifts. Kept is a hash of what the address holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from hotline.model import StaffId
from hotline.store.database import Tx, rows
from hotline.store.database.tables import calendar_feeds


@dataclass(frozen=True, slots=True)
class CalendarFeed:
    """One address."""

    id: str
    owner: StaffId
    schedule: str | None
    """None: the owner's own shifts on every schedule."""
    made_by: StaffId | None
    """None: from the command line."""
    made_at: datetime


def add(tx: Tx, feed: CalendarFeed) -> None:
    """It opens from now on."""
    values = {
        "id": feed.id,
        "owner": feed.owner,
        "schedule": feed.schedule,
        "made_by": feed.made_by,
        "made_at": feed.made_at,
    }
    rows.add(tx, calendar_feeds, values)
    tx.board_changed = True


def get(tx: Tx, feed_id: str) -> CalendarFeed | None:
    """The one with this hash, or None."""
    found = rows.one(tx, select(calendar_feeds).where(calendar_feeds.c.id == feed_id))
    return _of_row(found) if found is not None else None


def of_owner(tx: Tx, owner: StaffId) -> list[CalendarFeed]:
    """Every address of theirs, the oldest first."""
    query = select(calendar_feeds).where(calendar_feeds.c.owner == owner)
    found = rows.many(tx, query.order_by(calendar_feeds.c.made_at, calendar_feeds.c.id))
    return [_of_row(one) for one in found]


def revoke(tx: Tx, owner: StaffId, schedule: str | None) -> int:
    """Their address for this schedule (None: for their own shifts) opens no more; how many there were."""
    here = calendar_feeds.c.owner == owner, calendar_feeds.c.schedule.is_not_distinct_from(schedule)
    rows.forget(tx, calendar_feeds)
    tx.board_changed = True
    return tx.execute(delete(calendar_feeds).where(*here)).rowcount


def revoke_all(tx: Tx, owner: StaffId) -> None:
    """None of theirs opens any more."""
    rows.forget(tx, calendar_feeds)
    tx.execute(delete(calendar_feeds).where(calendar_feeds.c.owner == owner))


def _of_row(found: rows.Found) -> CalendarFeed:
    return CalendarFeed(
        id=found.id,
        owner=StaffId(found.owner),
        schedule=found.schedule,
        made_by=StaffId(found.made_by) if found.made_by is not None else None,
        made_at=found.made_at,
    )
