"""When the staff were paged, and how long calls of ours kept them. Every datetime is UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from hotline.model import EscalationId, How, StaffId
from hotline.store.database import Tx, rows
from hotline.store.database.periods import Period
from hotline.store.database.tables import pages


@dataclass(frozen=True, slots=True)
class PageTime:
    """One page to one person."""

    staff: StaffId
    escalation: EscalationId
    placed: datetime
    answered: bool
    """They picked up a call of ours."""
    ended: datetime | None


def page_times(tx: Tx, period: Period) -> list[PageTime]:
    """Every page that was placed in this period, in order."""
    columns = (
        pages.c.staff_id,
        pages.c.escalation_id,
        pages.c.how,
        pages.c.placed_at,
        pages.c.answered_at,
        pages.c.ended_at,
    )
    query = select(*columns).where(pages.c.placed_at >= period.since, pages.c.placed_at < period.until)
    return [
        PageTime(
            staff=StaffId(one.staff_id),
            escalation=EscalationId(one.escalation_id),
            placed=one.placed_at,
            answered=one.answered_at is not None and one.how == How.CALL.value,
            ended=one.ended_at,
        )
        for one in rows.many(tx, query.order_by(pages.c.placed_at, pages.c.id))
    ]
