"""Holes in the plan of duty are told to supervisors ahead of time: when they are first seen, a day and two hours
before they begin."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from hotline.model import Language, StaffId
from hotline.oncall.coverage import Hole, holes
from hotline.oncall.policy import default_policy
from hotline.oncall.schedule import Schedule
from hotline.oncall.staffing.needs import Need, looked_for_on, unmet
from hotline.oncall.wall_clock import said, zone
from hotline.operations.paging import duty, reaching
from hotline.operations.transaction import Application, Transaction
from hotline.store.database import Tx
from hotline.store.overviews.crew import Crew, crew
from hotline.store.people import holes_told, schedules

AHEAD: Final = timedelta(days=14)
_BEFORE: Final = (timedelta(hours=2), timedelta(hours=24), AHEAD)
"""The nearest that has come is told."""


def ahead(tx: Tx, start: datetime, end: datetime) -> list[Hole]:
    """Every hole from `start` until before `end`, the next one first: where nobody is on, and where too few are on of
    those whom a line needs.

    Somebody whose phone isn't verified, who looks on as a trainee or is off the staff, is nobody: they are never rung.
    """
    here = crew(tx)
    found = [hole for schedule in here.schedules for hole in holes(schedule, rung(here), start, end)]
    for need in schedules.every_need(tx):
        found += unmet(need, rota_of(need, here), rung(here), fit_for(need, here), start, end)
    return sorted(found, key=lambda hole: (hole.starts, hole.schedule, hole.need or ""))


def rung(here: Crew) -> frozenset[StaffId]:
    """Whoever is rung when they are on."""
    return frozenset(one.id for one in here.members if one.can_be_rung)


def rota_of(need: Need, here: Crew) -> list[Schedule]:
    """The schedules on which this need's people are looked for; whoever fills it is put on the first."""
    policy = here.policies.get(need.subject) or default_policy(need.subject)
    by_name = {one.name: one for one in here.schedules}
    return [by_name[name] for name in looked_for_on(policy) if name in by_name]


def fit_for(need: Need, here: Crew) -> frozenset[StaffId]:
    """Whoever this need asks for, and can be rung."""
    able = rung(here)
    return frozenset(
        one.id
        for one in here.members
        if one.id in able
        and (need.role is None or need.role in one.roles)
        and set(need.languages) <= set(one.languages)
    )


def watch(application: Application) -> int:
    """Look two weeks ahead, and tell what is new or near; how many holes were told. To be called every minute or so.

    Raises StoreError.
    """
    return application.change(_tell) if application.look(_untold) else 0


def _untold(transaction: Transaction) -> list[Hole]:
    found = ahead(transaction.tx, transaction.now, transaction.now + AHEAD)
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
    return f"{hole.schedule} {ends} {stage}{f' {hole.need}' if hole.need else ''}"


def _words(transaction: Transaction, new: list[Hole]) -> str:
    """The nearest one in full, the others as a number; by the centre's own clock."""
    first, *more = new
    place = zone(transaction.settings.centre.line.timezone)
    ends = said(first.ends, place)
    if first.ends >= transaction.now + AHEAD:
        ends = f"{ends} and longer"
    key = f"supervisor_{'too_few' if first.need else 'holes'}{'_more' if more else ''}"
    starts, count = said(first.starts, place), str(len(more))
    words = {"WHERE": first.schedule, "FROM": starts, "UNTIL": ends, "COUNT": count}
    return transaction.text(key, Language.EN, NEED=first.need or "", **words)
