"""What the staff were asked and did: numbers by person, and how soon what waited was taken. All times are UTC."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select

from hotline.model import How, Line, StaffId, Subject, TimelineWord, as_kept
from hotline.store.database import Tx, rows
from hotline.store.database.periods import Period, in_order
from hotline.store.database.tables import escalations, messages, pages, timeline
from hotline.store.reports.measures import microseconds
from hotline.store.reports.waits import Percentiles, percentiles

_TOOK: Final = (
    TimelineWord.ACCEPTED,
    TimelineWord.CLAIMED,
    TimelineWord.HANDED_OVER,
    TimelineWord.TAKEN_OVER,
)


@dataclass(frozen=True, slots=True)
class Work:
    """What one person was asked, and did, in a period."""

    staff: StaffId
    rung: int
    """Calls of ours to their phone, however many emergencies each was about."""
    texted: int
    """Texts of ours to it, likewise."""
    picked_up: int
    took: int
    """Accepted, by key, by text or on the board; from nobody, or from a colleague."""
    outcomes: int
    """How often they said how it ended."""
    texts: int
    """Texts that they wrote to callers."""


@dataclass(frozen=True, slots=True)
class TakenTimes:
    """How many things of one kind waited for a human, and how soon the first one took them."""

    subject: Subject
    opened: int
    taken: Percentiles | None
    """None: nobody took any."""
    waiting: int = 0
    """Still waited at the period's end; the others were over, or replaced, before anybody took them."""

    @property
    def over_untaken(self) -> int:
        """Nobody was needed any more before anybody took it: they hung up, say, or it was rung anew later."""
        return self.opened - self.waiting - (self.taken.times if self.taken else 0)


def by_person(tx: Tx, period: Period) -> list[Work]:
    """By person, in no order that says anything."""
    # One call, or one text, may be about several emergencies, and is one; what never left is none.
    each = func.count(pages.c.provider_sid.distinct())
    by_call = pages.c.how == How.CALL.value
    asked = (
        select(
            pages.c.staff_id,
            each.filter(by_call).label("rung"),
            each.filter(pages.c.how == How.TEXT.value).label("texted"),
            each.filter(by_call, pages.c.answered_at < period.until).label("picked_up"),
        )
        .where(pages.c.placed_at >= period.since, pages.c.placed_at < period.until, ~_IS_TEST)
        .group_by(pages.c.staff_id)
    )
    pagings = {found.staff_id: found for found in rows.many(tx, asked)}
    took = _noted(tx, period, *_TOOK, of=_TAKEN)
    outcomes = _noted(tx, period, TimelineWord.OUTCOME)
    wrote = _wrote(tx, period)

    def work(person: str) -> Work:
        found = pagings.get(person)
        rung, texted, picked_up = (found.rung, found.texted, found.picked_up) if found else (0, 0, 0)
        done = took.get(person, 0), outcomes.get(person, 0), wrote.get(person, 0)
        return Work(StaffId(person), rung, texted, picked_up, *done)

    return [work(person) for person in sorted({*pagings, *took, *outcomes, *wrote})]


def taken(tx: Tx, period: Period, line: Line | None = None) -> list[TakenTimes]:
    """What was opened in the period (for this line, if one is named), and how soon somebody first had it, as far as was
    known by its end."""
    opened_in = (*opened_in_period(period), *((escalations.c.line == line.value,) if line else ()))
    going_on = or_(escalations.c.closed_at.is_(None), escalations.c.closed_at >= period.until)
    waits = and_(taken_at(period).is_(None), going_on)
    opened = (
        select(
            escalations.c.subject,
            func.count().label("number"),
            func.sum(case((waits, 1), else_=0)).label("waiting"),
        )
        .where(*opened_in)
        .group_by(escalations.c.subject)
        .order_by(*in_order(escalations.c.subject))
    )
    times = {one.by: one for one in percentiles(tx, _first_taken(period, opened_in))}
    return [
        TakenTimes(
            as_kept(Subject, found.subject), found.number, times.get(found.subject), int(found.waiting)
        )
        for found in rows.many(tx, opened)
    ]


def stops(tx: Tx, period: Period) -> tuple[int, int]:
    """How often somebody asked for no more texts, and how often for texts again."""
    noted = (
        select(timeline.c.what, func.count().label("number"))
        .where(timeline.c.what.in_([TimelineWord.OPTED_OUT, TimelineWord.OPTED_IN]), *_noted_in(period))
        .group_by(timeline.c.what)
    )
    found = {one.what: one.number for one in rows.many(tx, noted)}
    return found.get(TimelineWord.OPTED_OUT, 0), found.get(TimelineWord.OPTED_IN, 0)


def _first_taken(period: Period, opened_in: tuple[rows.Condition, ...]) -> Select[tuple[str, int]]:
    at = taken_at(period)
    wait = microseconds(at) - microseconds(escalations.c.opened_at)
    return select(escalations.c.subject.label("by"), wait.label("wait")).where(*opened_in, at.is_not(None))


def taken_at(period: Period) -> ColumnElement[Any]:
    """When somebody first had an escalation. A callback that was claimed on the board says so in its own row only."""
    noted = (
        select(func.min(timeline.c.at))
        .where(
            timeline.c.escalation_id == escalations.c.id,
            timeline.c.what == TimelineWord.ACCEPTED,
            timeline.c.at >= escalations.c.opened_at,
            timeline.c.at < period.until,
        )
        .scalar_subquery()
    )
    accepted = escalations.c.accepted_at
    claimed = and_(accepted >= escalations.c.opened_at, accepted < period.until)
    return func.coalesce(noted, case((claimed, accepted)))


_TAKEN: Final = func.coalesce(timeline.c.callback_id, timeline.c.escalation_id, timeline.c.contact_id)
"""What somebody took: a callback that they claimed on the board, and for which they then pressed 1, is one."""


def _noted(
    tx: Tx, period: Period, *what: TimelineWord, of: ColumnElement[Any] = timeline.c.id
) -> dict[str, int]:
    query = (
        select(timeline.c.by_staff, func.count(of.distinct()).label("number"))
        .where(timeline.c.what.in_(what), timeline.c.by_staff.is_not(None), *_noted_in(period))
        .group_by(timeline.c.by_staff)
    )
    return {found.by_staff: found.number for found in rows.many(tx, query)}


def _wrote(tx: Tx, period: Period) -> dict[str, int]:
    query = (
        select(messages.c.by_staff, func.count().label("number"))
        .where(messages.c.by_staff.is_not(None), messages.c.at >= period.since, messages.c.at < period.until)
        .group_by(messages.c.by_staff)
    )
    return {found.by_staff: found.number for found in rows.many(tx, query)}


_IS_TEST: Final = exists().where(
    escalations.c.id == pages.c.escalation_id, escalations.c.subject == Subject.TEST.value
)
"""Nobody waited for it."""


def opened_in_period(period: Period) -> tuple[rows.Condition, ...]:
    """The escalations that were opened in the period, but for tests."""
    opened = escalations.c.opened_at
    return opened >= period.since, opened < period.until, escalations.c.subject != Subject.TEST.value


def _noted_in(period: Period) -> tuple[rows.Condition, ...]:
    return timeline.c.at >= period.since, timeline.c.at < period.until
