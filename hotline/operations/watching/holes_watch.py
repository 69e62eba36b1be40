"""Holes in the plan of duty are told to supervisors ahead of time: when they are first seen, a day and two hours
before they begin."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from hotline.model import Language
from hotline.oncall.coverage import Hole
from hotline.oncall.wall_clock import said, zone
from hotline.operations import staff_member
from hotline.operations.paging import duty
from hotline.operations.shifts import holes_ahead
from hotline.operations.transaction import Application, Transaction
from hotline.store.duty import holes_told

_BEFORE: Final = (timedelta(hours=2), timedelta(hours=24), holes_ahead.AHEAD)
"""The nearest that has come is told."""


def watch(application: Application) -> int:
    """Look two weeks ahead, and tell what is new or near; how many holes were told. To be called every minute or so.

    Raises StoreError.
    """
    return application.change(_tell) if application.look(_untold) else 0


def _untold(transaction: Transaction) -> list[Hole]:
    found = holes_ahead.ahead(transaction.tx, transaction.now, transaction.now + holes_ahead.AHEAD)
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
            staff_member.text(transaction, person, words)
    return len(new)


def _key(transaction: Transaction, hole: Hole) -> str:
    """What is told once. A hole is known by its end, for one that has begun begins at every moment anew; one that goes
    beyond what is looked at, by that."""
    stage = next(before for before in _BEFORE if hole.starts - transaction.now <= before)
    ends = "open" if hole.ends >= transaction.now + holes_ahead.AHEAD else hole.ends.isoformat()
    return f"{hole.schedule} {ends} {stage}{f' {hole.need}' if hole.need else ''}"


def _words(transaction: Transaction, new: list[Hole]) -> str:
    """The nearest one in full, the others as a number; by the centre's own clock."""
    first, *more = new
    place = zone(transaction.settings.centre.line.timezone)
    ends = said(first.ends, place)
    if first.ends >= transaction.now + holes_ahead.AHEAD:
        ends = f"{ends} and longer"
    key = f"supervisor_{'too_few' if first.need else 'holes'}{'_more' if more else ''}"
    starts, count = said(first.starts, place), str(len(more))
    words = {"WHERE": first.schedule, "FROM": starts, "UNTIL": ends, "COUNT": count}
    return transaction.text(key, Language.EN, NEED=first.need or "", **words)
