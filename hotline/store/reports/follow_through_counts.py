"""What came of intakes, of those who weren't admitted, and of calls after emergencies. All times are UTC.

It is counted as of the end of the period that is asked about, as everything that is told of a day that is over.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select

from hotline.callbacks.follow_through import SOON, NotAdmittedReason
from hotline.model import Line, Outcome, as_kept
from hotline.store.cases.follow_ups import FollowUpState
from hotline.store.cases.intakes import SAID, IntakeState
from hotline.store.database import Tx, rows
from hotline.store.database.periods import Period
from hotline.store.database.tables import callbacks, contacts, follow_ups, intakes, referrals
from hotline.store.reports.measures import MICROSECOND, microseconds


class IntakeBecame(StrEnum):
    """What became of an intake."""

    CAME = "came"
    MISSED = "missed"
    CANCELLED = "cancelled"
    UNSAID = "unsaid"
    """Nobody has said, and they were to be called."""
    AHEAD = "ahead"
    """Still to come, or still to be said."""


class FollowUpBecame(StrEnum):
    """What became of a call that was offered after an emergency."""

    REACHED = "reached"
    AGREED = "agreed"
    """And not over yet."""
    ENDED = "ended"
    """Agreed to, and closed without a talk: withdrawn, say, or a wrong number."""
    NO_CALLS = "no_calls"
    """Agreed to, and ended by their wish for no calls."""
    DECLINED = "declined"
    """When they were asked, or when they were called."""
    NOT_ASKED = "not_asked"
    OFFERED = "offered"
    """Nobody has said yet."""


@dataclass(frozen=True, slots=True)
class IntakeCount:
    """How many intakes that were booked in the period, within 48 hours of when they asked or not, became this."""

    soon: bool | None
    """None: nobody has said when it is."""
    became: IntakeBecame
    intakes: int


@dataclass(frozen=True, slots=True)
class NotAdmittedCount:
    """How many were not admitted for this reason; each was connected with somebody else."""

    reason: NotAdmittedReason
    people: int


@dataclass(frozen=True, slots=True)
class FollowUpCount:
    """How many calls that were offered in the period became this."""

    became: FollowUpBecame
    people: int


def booked(tx: Tx, period: Period, line: Line | None = None) -> list[IntakeCount]:
    """Each intake that was booked in the period, and not taken back, once; for this line only, if one is named."""
    wait = microseconds(intakes.c.starts_at) - microseconds(intakes.c.asked_at)
    soon = case(
        (intakes.c.starts_at.is_(None), None), (wait.between(0, SOON // MICROSECOND), 1), else_=0
    ).label("soon")
    taken_back = and_(intakes.c.state == IntakeState.TAKEN_BACK.value, intakes.c.marked_at <= period.until)
    made = (
        select(soon, _intake_became(period).label("became"))
        .where(intakes.c.booked_at >= period.since, intakes.c.booked_at < period.until, ~taken_back)
        .where(*of_line(intakes.c.contact_id, line))
        .subquery()
    )
    by = (made.c.soon, made.c.became)
    found = rows.many(tx, select(*by, func.count().label("number")).group_by(*by))
    counted = [
        IntakeCount(None if one.soon is None else bool(one.soon), IntakeBecame(one.became), one.number)
        for one in found
    ]
    return sorted(counted, key=lambda one: (one.soon is None, not one.soon, one.became))


def _intake_became(period: Period) -> ColumnElement[str]:
    marked = intakes.c.marked_at <= period.until
    said = (*SAID, IntakeState.UNSAID)
    return case(
        *((and_(marked, intakes.c.state == one.value), IntakeBecame(one.value).value) for one in said),
        else_=IntakeBecame.AHEAD.value,
    )


def not_admitted(tx: Tx, period: Period, line: Line | None = None) -> list[NotAdmittedCount]:
    """Each who was not admitted in the period, once, by the reason that was said."""
    query = (
        select(referrals.c.reason, func.count().label("number"))
        .where(
            referrals.c.outcome == Outcome.NOT_ADMITTED.value,
            referrals.c.said_at >= period.since,
            referrals.c.said_at < period.until,
            or_(referrals.c.taken_back_at.is_(None), referrals.c.taken_back_at > period.until),
            *of_line(referrals.c.contact_id, line),
        )
        .group_by(referrals.c.reason)
        .order_by(referrals.c.reason)
    )
    return [
        NotAdmittedCount(as_kept(NotAdmittedReason, one.reason), one.number) for one in rows.many(tx, query)
    ]


def of_line(contact_id: ColumnElement[str], line: Line | None) -> tuple[ColumnElement[bool], ...]:
    """Whether the contact with this id asked for this line; nothing is asked if none is named."""
    if line is None:
        return ()
    return (
        exists().where(contacts.c.id == contact_id, contacts.c.line == line.value).correlate_except(contacts),
    )


def followed_up(tx: Tx, period: Period) -> list[FollowUpCount]:
    """Each call that was offered in the period, once."""
    said = follow_ups.c.said_at <= period.until
    closed = callbacks.c.closed_at <= period.until
    talked = callbacks.c.outcome.in_([one.value for one in _TALKED])
    no_calls = callbacks.c.outcome == Outcome.ASKED_TO_STOP.value
    refused = callbacks.c.outcome == Outcome.DECLINED.value
    became = case(
        (or_(~said, follow_ups.c.said_at.is_(None)), FollowUpBecame.OFFERED.value),
        (follow_ups.c.state == FollowUpState.DECLINED.value, FollowUpBecame.DECLINED.value),
        (follow_ups.c.state == FollowUpState.NOT_ASKED.value, FollowUpBecame.NOT_ASKED.value),
        (and_(closed, talked), FollowUpBecame.REACHED.value),
        (and_(closed, no_calls), FollowUpBecame.NO_CALLS.value),
        (and_(closed, refused), FollowUpBecame.DECLINED.value),
        (closed, FollowUpBecame.ENDED.value),
        else_=FollowUpBecame.AGREED.value,
    ).label("became")
    theirs = (
        select(became)
        .select_from(follow_ups.outerjoin(callbacks, callbacks.c.id == follow_ups.c.callback_id))
        .where(follow_ups.c.offered_at >= period.since, follow_ups.c.offered_at < period.until)
        .subquery()
    )
    query = select(theirs.c.became, func.count().label("number")).group_by(theirs.c.became)
    counted = [FollowUpCount(FollowUpBecame(one.became), one.number) for one in rows.many(tx, query)]
    order = list(FollowUpBecame)
    return sorted(counted, key=lambda one: order.index(one.became))


_TALKED = (Outcome.REACHED, Outcome.BOOKED_INTAKE, Outcome.NOT_ADMITTED, Outcome.REFERRED)
