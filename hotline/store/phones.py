"""Staff telephones as paging sees them: whose line is open, who was texted, what waits for whom. Nothing is held.

Each function asks once for everybody it is given, so that paging a whole rota costs what paging one person does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select, union

from hotline.model import StaffId, Subject
from hotline.oncall.policy import How
from hotline.store import escalations as escalation_rows
from hotline.store import pages as page_rows
from hotline.store import rows
from hotline.store.database import Tx
from hotline.store.escalations import EscalationRow
from hotline.store.pages import PageRow, Purpose, State
from hotline.store.tables import calls_seen, escalations, pages

_WAITS = (pages.c.state == State.COVERED.value, pages.c.ended_at.is_(None))
_PRESSING = or_(pages.c.purpose != Purpose.JOIN.value, escalations.c.subject == Subject.EMERGENCY.value)


@dataclass(frozen=True, slots=True)
class Lines:
    """Whose line is open: their phone rings, is in use, or was picked up and its end has not been told."""

    open: frozenset[StaffId]
    pressing: frozenset[StaffId]
    """Those of them whose line is open for an emergency, or for a key that they have asked for."""


def lines(tx: Tx, people: Collection[StaffId], since: datetime) -> Lines:
    """The open lines of these people. A call that was settled before `since` (UTC) is taken for over."""
    asked = (
        select(pages.c.staff_id, _PRESSING.label("pressing"))
        .join(escalations, escalations.c.id == pages.c.escalation_id)
        .where(pages.c.staff_id.in_(sorted(people)), pages.c.how == How.CALL.value)
    )
    waits = [State.COVERED.value, State.DECLINED.value]
    running = asked.where(pages.c.ended_at.is_(None), pages.c.state.not_in(waits))
    ending = asked.outerjoin(calls_seen, calls_seen.c.call_sid == pages.c.provider_sid).where(
        pages.c.ended_at >= since,
        pages.c.answered_at.is_not(None),
        pages.c.provider_sid.is_not(None),
        calls_seen.c.final_status.is_(None),
    )
    # Two questions, each with an index of its own: with one "or" everybody's past would be read.
    query = union(running, ending)
    where = (pages, escalations, calls_seen)
    found = rows.once(
        tx, where, ("lines", frozenset(people), since), lambda: tx.connection.execute(query).all()
    )
    return Lines(
        open=frozenset(one.staff_id for one in found),
        pressing=frozenset(one.staff_id for one in found if one.pressing),
    )


def texted(tx: Tx, people: Collection[StaffId], since: datetime) -> frozenset[StaffId]:
    """Those of these people for whom a text about an emergency has left since then (UTC)."""
    query = (
        select(pages.c.staff_id)
        .distinct()
        .join(escalations, escalations.c.id == pages.c.escalation_id)
        .where(
            pages.c.staff_id.in_(sorted(people)),
            pages.c.placed_at > since,
            pages.c.how == How.TEXT.value,
            pages.c.state != State.COVERED.value,
            _PRESSING,
        )
    )
    where = (pages, escalations)
    found = rows.once(tx, where, ("texted", frozenset(people), since), lambda: rows.many(tx, query))
    return frozenset(one.staff_id for one in found)


def waiting(tx: Tx, people: Iterable[StaffId]) -> list[tuple[PageRow, EscalationRow]]:
    """Covered pages of these people, each with what it is about, the oldest first."""
    theirs = frozenset(people)
    where = (*_WAITS, pages.c.staff_id.in_(sorted(theirs)))
    about = select(escalations).where(escalations.c.id.in_(select(pages.c.escalation_id).where(*where)))
    found = rows.once(
        tx,
        (pages, escalations),
        ("waiting", theirs),
        lambda: (page_rows.many(tx, *where), [escalation_rows.of_row(one) for one in rows.many(tx, about)]),
    )
    covered, known = found
    by_id = {row.escalation.id: row for row in known}
    return [(one, by_id[one.escalation_id]) for one in covered]


def untold(tx: Tx) -> list[tuple[StaffId, How]]:
    """For whose phone, and whose next text, something waits."""
    query = (
        select(pages.c.staff_id, pages.c.how)
        .distinct()
        .where(*_WAITS, or_(pages.c.how == How.CALL.value, pages.c.sent_at.is_(None)))
        .order_by(pages.c.staff_id, pages.c.how)
    )
    return [(one.staff_id, How(one.how)) for one in rows.many(tx, query)]
