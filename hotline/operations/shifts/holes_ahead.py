"""Holes in the plan of duty: where nobody is on, or too few of those whom a line needs; and who could be."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from hotline.model import StaffId
from hotline.oncall.coverage import Hole, holes
from hotline.oncall.policy import default_policy
from hotline.oncall.schedule import Schedule
from hotline.oncall.staffing.needs import Need, looked_for_on, unmet
from hotline.store.database import Tx
from hotline.store.overviews.crew import Crew, crew
from hotline.store.people import schedules

AHEAD: Final = timedelta(days=14)
"""How far ahead they are told."""


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
