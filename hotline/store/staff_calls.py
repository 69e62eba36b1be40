"""Calls of ours to staff that are not over: who, what for, and when each was last heard of. Read once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from hotline.model import EscalationId, PageId, StaffId, Subject
from hotline.oncall.policy import How
from hotline.store import rows
from hotline.store.database import Tx
from hotline.store.pages import OPEN, State
from hotline.store.tables import callbacks, calls_seen, escalations, pages


@dataclass(frozen=True, slots=True)
class OpenCall:
    """A call that rings, is picked up, or is talked on. All times are UTC."""

    page: PageId
    escalation: EscalationId
    staff: StaffId
    state: State
    subject: Subject
    provider_sid: str | None
    last_sign: datetime
    """When anything was last heard of it: from the carrier, or from them."""
    promised_at: datetime | None
    """Of the callback that it is about, if it is about one..."""
    owner: StaffId | None
    """...and who has that."""


def all_open(tx: Tx) -> list[OpenCall]:
    """All of them, the oldest first."""
    query = (
        select(
            pages.c.id,
            pages.c.escalation_id,
            pages.c.staff_id,
            pages.c.state,
            pages.c.provider_sid,
            pages.c.placed_at,
            pages.c.sent_at,
            pages.c.answered_at,
            calls_seen.c.at,
            escalations.c.subject,
            callbacks.c.promised_at,
            callbacks.c.owner,
        )
        .join(escalations, escalations.c.id == pages.c.escalation_id)
        .outerjoin(calls_seen, calls_seen.c.call_sid == pages.c.provider_sid)
        .outerjoin(callbacks, callbacks.c.id == escalations.c.callback_id)
        .where(
            pages.c.how == How.CALL.value,
            pages.c.state.in_([state.value for state in OPEN]),
            pages.c.ended_at.is_(None),
        )
        .order_by(pages.c.placed_at, pages.c.id)
    )
    where = (pages, calls_seen, escalations, callbacks)
    return [_call(found) for found in rows.once(tx, where, "open", lambda: rows.many(tx, query))]


def _call(found: rows.Found) -> OpenCall:
    signs = (found.placed_at, found.sent_at, found.answered_at, found.at)
    return OpenCall(
        page=found.id,
        escalation=found.escalation_id,
        staff=found.staff_id,
        state=State(found.state),
        subject=Subject(found.subject),
        provider_sid=found.provider_sid,
        last_sign=max(sign for sign in signs if sign is not None),
        promised_at=found.promised_at,
        owner=found.owner,
    )


def still_on(tx: Tx, people: Iterable[StaffId], since: datetime) -> frozenset[StaffId]:
    """Who of these picked up a call that was settled since then (UTC), and of whose end nothing was heard.

    Their line may be open still: they hear who has it, or say how it ended.
    """
    crew = frozenset(people)
    query = (
        select(pages.c.staff_id)
        .distinct()
        .outerjoin(calls_seen, calls_seen.c.call_sid == pages.c.provider_sid)
        .where(
            pages.c.staff_id.in_(sorted(crew)),
            pages.c.ended_at >= since,
            pages.c.how == How.CALL.value,
            pages.c.answered_at.is_not(None),
            pages.c.provider_sid.is_not(None),
            calls_seen.c.final_status.is_(None),
        )
    )
    found = rows.once(tx, (pages, calls_seen), ("still on", crew, since), lambda: rows.many(tx, query))
    return frozenset(one.staff_id for one in found)
