"""Night work has an end: whoever was woken often enough tonight gets the next emergency only if nobody else is there.

Only the first pages of an emergency know of it. Who has not answered by the next rung is nobody, and everybody is rung.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, time, timedelta

from hotline.model import StaffId
from hotline.oncall.at_work.nights import Night, spared
from hotline.oncall.wall_clock import zone
from hotline.operations.transaction import Transaction
from hotline.store.overviews.crew import crew
from hotline.store.reports import night_pages

_MOMENT = timedelta(microseconds=1)


def night(transaction: Transaction) -> Night:
    """What is night at this centre, wherever it is asked."""
    guard = transaction.settings.centre.guard
    begins, ends = time.fromisoformat(guard.night_begins), time.fromisoformat(guard.night_ends)
    return Night(begins, ends, zone(transaction.settings.centre.line.timezone))


def last(transaction: Transaction, at: datetime | None = None) -> tuple[datetime, datetime]:
    """The night that it is at this moment (aware; None: now), or the last one: from when until when (UTC)."""
    return night(transaction).last(at or transaction.now)


def let_sleep(
    transaction: Transaction,
    on: Mapping[str, tuple[StaffId, ...]],
    busy: Collection[StaffId],
    at: datetime | None = None,
) -> Mapping[str, tuple[StaffId, ...]]:
    """Who is on by each name for the first pages of an emergency at this moment (aware; None: now); whoever is busy is
    nobody for whom others may sleep. By day nothing is asked of the database."""
    now = at or transaction.now
    starts, ends = last(transaction, now)
    if not starts <= now < ends:
        return on
    most = transaction.settings.centre.guard.pages_a_night
    rung = night_pages.between(transaction.tx, starts, now + _MOMENT)
    guarded = {one.id for one in crew(transaction.tx).members if not one.every_page}
    tired = {person for person, times in rung.items() if times >= most and person in guarded}
    return spared(on, tired, busy)
