"""Holes in the plan of duty are told to supervisors ahead of time: when they are first seen, a day and two hours
before they begin."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from hotline.model import StaffId
from hotline.oncall.coverage import Colleague, Hole, holes, usual_needs
from hotline.operations.paging import duty, reaching
from hotline.operations.transaction import Application, Transaction
from hotline.store.overviews.crew import Crew, crew
from hotline.store.people import holes_told

AHEAD: Final = timedelta(days=14)
_BEFORE: Final = (timedelta(hours=2), timedelta(hours=24), AHEAD)
"""The nearest that has come is told."""


def colleagues(here: Crew) -> dict[StaffId, Colleague]:
    """Whoever can be rung at all, and for what."""
    return {
        one.id: Colleague(frozenset(one.roles), frozenset(one.languages))
        for one in here.members
        if one.verified
    }


def ahead(here: Crew, start: datetime, end: datetime) -> list[Hole]:
    """Every hole from `start` until before `end`, the next one first.

    Somebody whose phone isn't verified, or who is off the staff, is nobody: they are never rung.
    """
    by_name = {one.name: one for one in here.schedules}
    able = colleagues(here)
    found = (hole for need in usual_needs(by_name) for hole in holes(need, by_name, able, start, end))
    return sorted(found, key=lambda hole: (hole.starts, hole.need.schedules))


def watch(application: Application) -> int:
    """Look two weeks ahead, and tell what is new or near; how many holes were told. To be called every minute or so.

    Raises StoreError.
    """
    if not application.look(lambda transaction: bool(_ahead(transaction))):
        return 0
    return application.change(_tell)


def _ahead(transaction: Transaction) -> list[Hole]:
    return ahead(crew(transaction.tx), transaction.now, transaction.now + AHEAD)


def _tell(transaction: Transaction) -> int:
    new = [
        hole
        for hole in _ahead(transaction)
        if holes_told.add_if_new(transaction.tx, *_key(transaction, hole))
    ]
    if not new:
        return 0
    words = _words(transaction, new)
    for person in duty.supervisors(transaction):
        reaching.text_staff(transaction, person, words)
    return len(new)


def _key(transaction: Transaction, hole: Hole) -> tuple[str, datetime]:
    """What is told once. A hole is known by its end, for one that has begun begins at every moment anew; one that goes
    beyond what is looked at, by that."""
    stage = next(before for before in _BEFORE if hole.starts - transaction.now <= before)
    ends = "open" if hole.ends >= transaction.now + AHEAD else hole.ends.isoformat()
    return f"{'+'.join(hole.need.schedules)} {ends} {stage}", transaction.now


def _words(transaction: Transaction, new: list[Hole]) -> str:
    """The nearest one in full, the others as a number."""
    first, *more = new
    where = ", ".join(first.need.schedules)
    starts, ends = _shown(transaction, first.starts), _shown(transaction, first.ends)
    if first.ends >= transaction.now + AHEAD:
        ends = f"{ends} and longer"
    key = "supervisor_holes_more" if more else "supervisor_holes"
    return transaction.text(key, WHERE=where, FROM=starts, UNTIL=ends, COUNT=str(len(more)))


def _shown(transaction: Transaction, at: datetime) -> str:
    """By the centre's own clock."""
    here = at.astimezone(ZoneInfo(transaction.settings.centre.line.timezone))
    return f"{here:%a} {here.day} {here:%b %H:%M}"
