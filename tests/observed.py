"""What tests look at and no part of Hotline asks for: the whole audit trail, what waits to leave, every open page."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import select

from hotline.callbacks.ledger import Became, Promise
from hotline.model import OutboxId, PhoneNumber, StaffId
from hotline.store.cases import pages
from hotline.store.cases.pages import PageRow, PageState
from hotline.store.database import Tx, rows, tables
from hotline.store.overviews import telephones
from hotline.store.people.audit import AuditEntry
from hotline.store.traffic import messages, outbox
from hotline.store.traffic.messages import MessageRow
from hotline.store.traffic.outbox import EffectStatus, OutboxRow

EPOCH: Final = datetime.fromtimestamp(0, UTC)


def audit_trail(tx: Tx, since: datetime = EPOCH) -> list[AuditEntry]:
    """Every entry since then, in the order in which they were written."""
    table = tables.audit
    query = select(table).where(table.c.at >= since).order_by(table.c.id)
    return [
        AuditEntry(one.at, one.staff_id, one.action, one.subject_kind, one.subject_id)
        for one in rows.many(tx, query)
    ]


def waiting_to_leave(tx: Tx, now: datetime) -> list[OutboxRow]:
    """Every effect that is due and that nobody has claimed, the longest due first."""
    table = tables.outbox
    waits = table.c.status == EffectStatus.WAITING.value, table.c.due_at <= now
    query = select(table.c.id).where(*waits).order_by(table.c.due_at, table.c.id)
    found = [outbox.get(tx, OutboxId(one.id)) for one in rows.many(tx, query)]
    return [one for one in found if one is not None]


def open_pages(tx: Tx) -> list[PageRow]:
    """Every page that is not over, the oldest first."""
    states = [state.value for state in pages.OPEN]
    return pages.many(tx, tables.pages.c.state.in_(states), tables.pages.c.ended_at.is_(None))


def lines_in_use(tx: Tx, person: StaffId) -> list[PageRow]:
    """Calls to this person that are not over as far as we know, called off or not."""
    found = [one.page for one in telephones.look(tx).running()]
    return [one for one in found if one.staff_id == person and one.state is not PageState.DECLINED]


def texts_with(tx: Tx, number: PhoneNumber) -> list[MessageRow]:
    """What ever went to and fro with a number, the oldest first."""
    table = tables.messages
    theirs = rows.has_number(tx, table.c.number_lookup, number)
    query = select(table.c.id).where(theirs).order_by(table.c.at, table.c.id)
    found = [messages.get(tx, one.id) for one in rows.many(tx, query)]
    return [one for one in found if one is not None]


def tells(promise: Promise, at: datetime) -> bool:
    """Whether this entry tells of its promise at that time, and no other."""
    begun = promise.stands_from is None or promise.stands_from <= at
    return promise.made_at < at and begun and (promise.stands_until is None or promise.stands_until > at)


def became(promise: Promise, at: datetime) -> Became:
    """What had become of a promise by then, as far as it was known then; told apart from how the database counts."""
    by_then = min(at, promise.promised_at)
    if promise.tried_at is not None and promise.tried_at <= by_then:
        taken_back = promise.ended is not None and promise.ended_at is not None and promise.ended_at <= at
        return Became(promise.ended.value) if taken_back and promise.ended else Became.KEPT
    if promise.ended_at is not None and promise.ended is not None and promise.ended_at <= by_then:
        return Became(promise.ended.value)
    return Became.LATE if promise.promised_at < at else Became.WAITING
