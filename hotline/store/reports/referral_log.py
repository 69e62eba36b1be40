"""The log of denials and referrals: who was not admitted and why, and to whom people were sent. Times are UTC."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import or_, select

from hotline.callbacks.follow_through import NotAdmittedReason
from hotline.model import ContactId, Line, Outcome, StaffId, as_kept
from hotline.store.database import Tx, rows
from hotline.store.database.periods import Period
from hotline.store.database.tables import contacts, referrals
from hotline.store.reports.measures import line_of


@dataclass(frozen=True, slots=True)
class LoggedReferral:
    """One person who was sent elsewhere."""

    contact: ContactId
    line: Line | None
    outcome: Outcome
    reason: NotAdmittedReason | None
    to_whom: str = field(repr=False)
    """Empty: nobody has said."""
    why: str | None = field(repr=False)
    said_at: datetime
    said_by: StaffId
    asked: bool = False
    """Whoever said that they were referred is asked still to whom."""


def referred(tx: Tx, period: Period, line: Line | None, at_most: int) -> list[LoggedReferral]:
    """Those of the period that weren't taken back by its end, the latest first. Raises Unsealable."""
    query = (
        select(referrals, contacts.c.line.label("line"))
        .join(contacts, contacts.c.id == referrals.c.contact_id)
        .where(
            referrals.c.said_at >= period.since,
            referrals.c.said_at < period.until,
            or_(referrals.c.taken_back_at.is_(None), referrals.c.taken_back_at > period.until),
        )
        .order_by(referrals.c.said_at.desc(), referrals.c.id)
        .limit(at_most)
    )
    if line is not None:
        query = query.where(contacts.c.line == line.value)
    return [_logged(tx, one) for one in rows.many(tx, query)]


def _logged(tx: Tx, found: rows.Found) -> LoggedReferral:
    return LoggedReferral(
        contact=ContactId(found.contact_id),
        line=line_of(found.line),
        outcome=as_kept(Outcome, found.outcome),
        reason=as_kept(NotAdmittedReason, found.reason) if found.reason else None,
        to_whom=tx.keys.open(found.to_whom, "referrals.to_whom", found.id),
        why=rows.opened(tx, found.why, "referrals.why", found.id),
        said_at=found.said_at,
        said_by=StaffId(found.said_by),
        asked=found.asked_of is not None,
    )
