"""How far a policy had to go until somebody took it, and how soon each person picks up and accepts. Times are UTC."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, func, select

from hotline.model import How, Line, Subject, as_kept
from hotline.store.cases.pages import Purpose
from hotline.store.database import Tx, rows
from hotline.store.database.periods import Period
from hotline.store.database.tables import escalations, pages
from hotline.store.reports.crew_measures import opened_in_period, taken_at
from hotline.store.reports.measures import microseconds
from hotline.store.reports.waits import Percentiles, percentiles


@dataclass(frozen=True, slots=True)
class RungCount:
    """How many of one kind came to this rung of their policy, and no further."""

    subject: Subject
    rung: int
    """The first is 1."""
    again: bool
    """The last rung was repeated."""
    taken: int
    untaken: int


def rungs(tx: Tx, period: Period, line: Line | None = None) -> list[RungCount]:
    """Of what was opened in the period: at which rung it stands, or was taken."""
    taken = taken_at(period).is_not(None)
    opened = (
        select(
            escalations.c.subject,
            (escalations.c.rung + 1).label("rung"),
            (escalations.c.round > 1).label("again"),
            taken.label("taken"),
        )
        .where(*opened_in_period(period), *((escalations.c.line == line.value,) if line else ()))
        .subquery()
    )
    by = (opened.c.subject, opened.c.rung, opened.c.again)
    query = select(
        *by,
        func.count().filter(opened.c.taken).label("taken"),
        func.count().filter(~opened.c.taken).label("untaken"),
    )
    return [
        RungCount(as_kept(Subject, one.subject), one.rung, bool(one.again), one.taken, one.untaken)
        for one in rows.many(tx, query.group_by(*by).order_by(*by))
    ]


def picked_up(tx: Tx, period: Period) -> list[Percentiles]:
    """How soon each person (`by`: their id) picked up, of the calls that they answered; tests are none."""
    wait = microseconds(pages.c.answered_at) - microseconds(func.coalesce(pages.c.sent_at, pages.c.placed_at))
    asked = and_(escalations.c.id == pages.c.escalation_id, escalations.c.subject != Subject.TEST.value)
    query = (
        select(pages.c.staff_id.label("by"), wait.label("wait"))
        .join(escalations, asked)
        .where(
            pages.c.placed_at >= period.since,
            pages.c.placed_at < period.until,
            pages.c.how == How.CALL.value,
            pages.c.purpose == Purpose.JOIN.value,
            pages.c.answered_at.is_not(None),
        )
    )
    return percentiles(tx, query)


def accepted(tx: Tx, period: Period) -> list[Percentiles]:
    """How soon after it was opened what each person (`by`: their id) has, or had last, was theirs."""
    wait = microseconds(escalations.c.accepted_at) - microseconds(escalations.c.opened_at)
    query = select(escalations.c.accepted_by.label("by"), wait.label("wait")).where(
        *opened_in_period(period),
        escalations.c.accepted_by.is_not(None),
        escalations.c.accepted_at < period.until,
    )
    return percentiles(tx, query)
