"""Who was on by which schedule, as it was: noted by the clock, and changed by no later plan. Every datetime is UTC."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from hotline.model import StaffId
from hotline.store.database import Tx, rows
from hotline.store.database.periods import Period
from hotline.store.database.tables import duty_noted, duty_stretches


@dataclass(frozen=True, slots=True)
class DutyStretch:
    """Somebody was on by this schedule from `starts` until before `ends`."""

    schedule: str
    person: StaffId
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class DutyNoted:
    """From when until when it is noted who was on by a schedule."""

    since: datetime
    until: datetime


def noted(tx: Tx) -> dict[str, DutyNoted]:
    """How far each schedule is noted, by name."""
    return {one.schedule: DutyNoted(one.since, one.until) for one in rows.many(tx, select(duty_noted))}


def note(
    tx: Tx, schedule: str, had: DutyNoted | None, until: datetime, stretches: Iterable[DutyStretch]
) -> bool:
    """Note who was on from where it was noted (None: nowhere yet) until then; False if somebody else has done so."""
    if had is None:
        return rows.add_if_new(tx, duty_noted, {"schedule": schedule, "since": until, "until": until})
    here = [duty_noted.c.schedule == schedule, duty_noted.c.until == had.until]
    if rows.change(tx, duty_noted, here, {"until": until}) != 1:
        return False
    for one in stretches:
        _lengthen_or_add(tx, one)
    return True


def _lengthen_or_add(tx: Tx, one: DutyStretch) -> None:
    """What goes on is one stretch."""
    before = [
        duty_stretches.c.schedule == one.schedule,
        duty_stretches.c.person == one.person,
        duty_stretches.c.ends_at == one.starts,
    ]
    if rows.change(tx, duty_stretches, before, {"ends_at": one.ends}) == 0:
        values = {"schedule": one.schedule, "person": one.person}
        rows.add(tx, duty_stretches, {**values, "starts_at": one.starts, "ends_at": one.ends})


def stretches(tx: Tx, period: Period) -> list[DutyStretch]:
    """Every stretch that touches this period, in order."""
    query = select(duty_stretches).where(
        duty_stretches.c.ends_at > period.since, duty_stretches.c.starts_at < period.until
    )
    found = rows.many(tx, query.order_by(duty_stretches.c.starts_at, duty_stretches.c.schedule))
    return [DutyStretch(one.schedule, StaffId(one.person), one.starts_at, one.ends_at) for one in found]
