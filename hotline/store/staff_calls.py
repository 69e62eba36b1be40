"""Calls of ours to staff that are not over: who, what for, and when each was last heard of. Read once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, not_, select

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
    """All of them, the oldest first.

    Of the emergencies that wait until one person's phone is free, at most two are told: any two keep it from
    everything less, and from one another, as all of them do.
    """
    where = (pages, calls_seen, escalations, callbacks)
    found: list[OpenCall] = rows.once(tx, where, "open", lambda: [*_single(tx), *_together(tx)])
    return found


_OPEN_CALL = (
    pages.c.how == How.CALL.value,
    pages.c.state.in_([state.value for state in OPEN]),
    pages.c.ended_at.is_(None),
)
_WAITS = (pages.c.state == State.COVERED.value) & (escalations.c.subject == Subject.EMERGENCY.value)
_SINGLE = (
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
    .where(*_OPEN_CALL, not_(_WAITS))
    .order_by(pages.c.placed_at, pages.c.id)
)
_TOGETHER = (
    select(
        pages.c.staff_id,
        func.min(pages.c.id).label("page"),
        func.min(pages.c.escalation_id).label("one"),
        func.max(pages.c.escalation_id).label("another"),
        func.max(pages.c.placed_at).label("at"),
    )
    .join(escalations, escalations.c.id == pages.c.escalation_id)
    .where(*_OPEN_CALL, _WAITS)
    .group_by(pages.c.staff_id)
    .order_by(pages.c.staff_id)
)


def _single(tx: Tx) -> list[OpenCall]:
    return [_call(found) for found in rows.many(tx, _SINGLE)]


def _together(tx: Tx) -> list[OpenCall]:
    return [
        OpenCall(
            page=found.page,
            escalation=about,
            staff=found.staff_id,
            state=State.COVERED,
            subject=Subject.EMERGENCY,
            provider_sid=None,
            last_sign=found.at,
            promised_at=None,
            owner=None,
        )
        for found in rows.many(tx, _TOGETHER)
        for about in dict.fromkeys((found.one, found.another))
    ]


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
