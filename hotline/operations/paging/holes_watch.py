"""Holes in the plan of duty are told to supervisors ahead of time: when they are first seen, a day and two hours
before they begin."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from hotline.oncall.coverage import Hole, holes
from hotline.oncall.wall_clock import said, zone
from hotline.operations.paging import duty, reaching
from hotline.operations.transaction import Application, Transaction
from hotline.store.overviews.crew import Crew, crew
from hotline.store.people import holes_told

AHEAD: Final = timedelta(days=14)
_BEFORE: Final = (timedelta(hours=2), timedelta(hours=24), AHEAD)
"""The nearest that has come is told."""


def ahead(here: Crew, start: datetime, end: datetime) -> list[Hole]:
    """Every hole from `start` until before `end`, the next one first.

    Somebody whose phone isn't verified, or who is off the staff, is nobody: they are never rung.
    """
    able = {one.id for one in here.members if one.verified}
    found = (hole for schedule in here.schedules for hole in holes(schedule, able, start, end))
    return sorted(found, key=lambda hole: (hole.starts, hole.schedule))


def watch(application: Application) -> int:
    """Look two weeks ahead, and tell what is new or near; how many holes were told. To be called every minute or so.

    Raises StoreError.
    """
    return application.change(_tell) if application.look(_untold) else 0


def _untold(transaction: Transaction) -> list[Hole]:
    found = ahead(crew(transaction.tx), transaction.now, transaction.now + AHEAD)
    told = holes_told.every(transaction.tx) if found else frozenset[str]()
    return [hole for hole in found if _key(transaction, hole) not in told]


def _tell(transaction: Transaction) -> int:
    # Two clocks may look in the same moment: whoever notes it first tells it.
    new = [
        hole
        for hole in _untold(transaction)
        if holes_told.add_if_new(transaction.tx, _key(transaction, hole), transaction.now)
    ]
    if new:
        words = _words(transaction, new)
        for person in duty.supervisors(transaction):
            reaching.text_staff(transaction, person, words)
    return len(new)


def _key(transaction: Transaction, hole: Hole) -> str:
    """What is told once. A hole is known by its end, for one that has begun begins at every moment anew; one that goes
    beyond what is looked at, by that."""
    stage = next(before for before in _BEFORE if hole.starts - transaction.now <= before)
    ends = "open" if hole.ends >= transaction.now + AHEAD else hole.ends.isoformat()
    return f"{hole.schedule} {ends} {stage}"


def _words(transaction: Transaction, new: list[Hole]) -> str:
    """The nearest one in full, the others as a number; by the centre's own clock."""
    first, *more = new
    place = zone(transaction.settings.centre.line.timezone)
    ends = said(first.ends, place)
    if first.ends >= transaction.now + AHEAD:
        ends = f"{ends} and longer"
    key = "supervisor_holes_more" if more else "supervisor_holes"
    starts, count = said(first.starts, place), str(len(more))
    return transaction.text(key, WHERE=first.schedule, FROM=starts, UNTIL=ends, COUNT=count)
