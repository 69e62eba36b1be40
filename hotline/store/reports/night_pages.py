"""How often each member of staff was woken in a night: calls about one emergency, or one caller, are one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from hotline.model import How, StaffId, Subject
from hotline.store.cases.pages import Purpose
from hotline.store.database import Tx, rows
from hotline.store.database.tables import escalations, pages


def between(tx: Tx, starts: datetime, ends: datetime) -> dict[StaffId, int]:
    """For how many things each picked up in this time (UTC); a test is none. One statement.

    A phone that is off, or sleeps through it, has woken nobody.
    """
    query = (
        select(pages.c.staff_id, func.count(pages.c.escalation_id.distinct()).label("times"))
        .join(escalations, escalations.c.id == pages.c.escalation_id)
        .where(
            pages.c.placed_at >= starts,
            pages.c.placed_at < ends,
            pages.c.how == How.CALL.value,
            pages.c.purpose == Purpose.JOIN.value,
            pages.c.answered_at.is_not(None),
            escalations.c.subject != Subject.TEST.value,
        )
        .group_by(pages.c.staff_id)
    )
    return {StaffId(one.staff_id): one.times for one in rows.many(tx, query)}
