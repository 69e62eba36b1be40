"""Staff telephones as paging sees them: whose line is open, who was texted, what waits for whom. Nothing is held.

Each function asks once for everybody it is given, so that paging a whole rota costs what paging one person does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, exists, false, select, true

from hotline.model import How, StaffId, Subject
from hotline.store.cases import escalations as escalation_rows
from hotline.store.cases import pages as page_rows
from hotline.store.cases.escalations import EscalationRow
from hotline.store.cases.pages import PageRow, PageState, Purpose
from hotline.store.database import Tx, rows
from hotline.store.database.tables import COVERED, escalations, pages, staff
from hotline.store.overviews import telephones

_WAITS = (
    pages.c.state == PageState.COVERED.value,
    pages.c.ended_at.is_(None),
    pages.c.staff_id.in_(bindparam("people", expanding=True)),
)
_THEIRS_WAIT = select(pages).where(*_WAITS).order_by(pages.c.placed_at, pages.c.id)
_WHAT_FOR = select(escalations).where(escalations.c.id.in_(select(pages.c.escalation_id).where(*_WAITS)))


@dataclass(frozen=True, slots=True)
class Lines:
    """Whose line is open: their phone rings, is in use, or was picked up and its end has not been told."""

    open: frozenset[StaffId]
    pressing: frozenset[StaffId]
    """Those of them whose line is open for an emergency, theirs or one in which they help, or for a key that they have
    asked for."""


def lines(tx: Tx, people: Collection[StaffId], since: datetime) -> Lines:
    """The open lines of these people. A call that was settled before `since` (UTC) is taken for over."""
    now = telephones.look(tx, since)
    found = [
        one.page
        for one in (*now.running(), *now.ending(since))
        if one.page.state is not PageState.DECLINED or one.page.ended_at is not None
    ]
    theirs = [one for one in found if one.staff_id in people]
    beside = {one.page.id for one in now.talking() if one.subject is Subject.HELP}
    return Lines(
        open=frozenset(one.staff_id for one in theirs),
        pressing=frozenset(one.staff_id for one in theirs if one.pressing or one.id in beside),
    )


def told_at(tx: Tx, people: Collection[StaffId], since: datetime) -> dict[StaffId, datetime]:
    """When the last text about an emergency left for those of these people for whom one has since then (UTC)."""
    last = telephones.look(tx, since).last_text
    return {person: last[person] for person in people if person in last and last[person] > since}


def waiting(tx: Tx, people: Iterable[StaffId]) -> list[tuple[PageRow, EscalationRow]]:
    """Covered pages of these people, each with what it is about, the oldest first."""
    theirs = frozenset(people)
    given = {"people": sorted(theirs)}

    def read() -> tuple[list[PageRow], list[EscalationRow]]:
        waits = [page_rows.of_row(one) for one in rows.many(tx, _THEIRS_WAIT, given)]
        return waits, [escalation_rows.of_row(one) for one in rows.many(tx, _WHAT_FOR, given)]

    covered, known = rows.once(tx, (pages, escalations), ("waiting", theirs), read)
    by_id = {row.escalation.id: row for row in known}
    # Between the two questions another transaction may have ended a page: it waits no more.
    return [(one, by_id[one.escalation_id]) for one in covered if one.escalation_id in by_id]


_THEIRS = (staff.c.id == pages.c.staff_id, COVERED)
CALL_WAITS = exists().where(*_THEIRS, pages.c.how == How.CALL.value)
"""Whether something waits until the phone of somebody (a row of `staff`) is free."""
TEXT_WAITS = exists().where(
    *_THEIRS,
    pages.c.how == How.TEXT.value,
    pages.c.pressing.in_([false(), true()]),
    pages.c.purpose == Purpose.JOIN.value,
    pages.c.sent_at.is_(None),
)
"""Whether somebody's next text has something to tell."""
