"""The way from asking to being there: how many people asked, came to a human, were booked, soon, and came. UTC."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, case, func, or_, select

from hotline.callbacks.follow_through import SOON
from hotline.model import Line, Outcome
from hotline.store.cases.intakes import IntakeState
from hotline.store.database import Tx
from hotline.store.database.periods import Period
from hotline.store.database.tables import contacts, intakes
from hotline.store.reports.dispositions import Disposition, asked_for, disposition_by, talked_since
from hotline.store.reports.measures import MICROSECOND, NOT_STAFF, began_in, microseconds


@dataclass(frozen=True, slots=True)
class Path:
    """Each number is of people (of telephone numbers), and a part of the one before it."""

    asked: int
    human: int
    """Talked with a human, on whatever line, or a human wrote to them."""
    booked: int
    soon: int
    """The intake is within 48 hours of when they asked."""
    came: int
    """To that one."""


def path(tx: Tx, period: Period, line: Line) -> Path:
    """Of everybody who asked for this line in the period: how far they had come by its end. Who called or wrote several
    times is one, and has come as far as the furthest of it; a withheld number is one for each call."""
    reached = disposition_by(period.until).in_([Disposition.LIVE.value, Disposition.LATER.value])
    human = or_(reached, talked_since(period.until))
    theirs = (
        intakes.c.contact_id == contacts.c.id,
        intakes.c.booked_at < period.until,
        or_(intakes.c.state != IntakeState.TAKEN_BACK.value, intakes.c.marked_at > period.until),
    )
    asked = microseconds(intakes.c.starts_at) - microseconds(intakes.c.asked_at)
    soon = and_(intakes.c.starts_at.is_not(None), asked.between(0, SOON // MICROSECOND))
    came = and_(intakes.c.state == IntakeState.CAME.value, intakes.c.marked_at <= period.until)
    booked = case((and_(soon, came), 4), (soon, 3), else_=2)
    furthest_booked = select(func.max(booked)).where(*theirs).scalar_subquery()
    step = case((~human, 0), else_=func.coalesce(furthest_booked, 1))
    people = (
        select(func.coalesce(contacts.c.caller_lookup, contacts.c.id).label("who"), step.label("step"))
        .where(*began_in(period), contacts.c.outbound.is_(False), NOT_STAFF, asked_for(line, period))
        .where(or_(contacts.c.outcome.is_(None), contacts.c.outcome != Outcome.BLOCKED.value))
        .subquery()
    )
    furthest = select(func.max(people.c.step).label("step")).group_by(people.c.who).subquery()
    steps = [func.count().filter(furthest.c.step >= n) for n in range(5)]
    return Path(*(int(one) for one in tx.execute(select(*steps)).one()))
