"""When each member of staff last answered a call of ours, and how many they have missed since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from hotline.model import How, StaffId
from hotline.store.cases.pages import PageState
from hotline.store.database import Tx, rows
from hotline.store.database.tables import pages

_ANSWERED = (PageState.ACCEPTED.value, PageState.DECLINED.value)


@dataclass(frozen=True, slots=True)
class Reached:
    """One person's last times; all UTC."""

    answered_at: datetime | None = None
    """When the last call began in which they pressed a key."""
    missed: int = 0
    missed_since: datetime | None = None
    rung_at: datetime | None = None
    """When the last call to them began, answered or not."""


def since(tx: Tx, at: datetime) -> dict[StaffId, Reached]:
    """Of everybody whose phone was rung since then. One statement."""
    # What never left rang nowhere, and what another ring stood for rang as that one.
    calls = (pages.c.how == How.CALL.value, pages.c.placed_at >= at, pages.c.provider_sid.is_not(None))
    answered = (
        select(pages.c.staff_id, func.max(pages.c.placed_at).label("last"))
        .where(*calls, pages.c.state.in_(_ANSWERED))
        .group_by(pages.c.staff_id)
        .cte("answered")
    )
    missed = pages.c.state == PageState.UNREACHED.value
    later = missed & or_(answered.c.last.is_(None), pages.c.placed_at > answered.c.last)
    query = (
        select(
            pages.c.staff_id,
            func.max(answered.c.last).label("last"),
            func.count().filter(later).label("missed"),
            func.min(pages.c.placed_at).filter(later).label("first"),
            func.max(pages.c.placed_at).label("rung"),
        )
        .select_from(pages.outerjoin(answered, answered.c.staff_id == pages.c.staff_id))
        .where(*calls)
        .group_by(pages.c.staff_id)
    )
    return {
        StaffId(one.staff_id): Reached(one.last, one.missed, one.first, one.rung)
        for one in rows.many(tx, query)
    }
