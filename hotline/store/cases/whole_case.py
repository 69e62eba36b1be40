"""What hangs together with a contact: what it asked for, our calls for that, and whom we have tried to reach."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from hotline.model import (
    CallbackId,
    ContactId,
    EscalationId,
    How,
    Outcome,
    PhoneNumber,
    RoomName,
    StaffId,
    as_kept,
)
from hotline.store.cases import contacts as contact_rows
from hotline.store.cases import pages as page_rows
from hotline.store.cases.contacts import ContactRow
from hotline.store.cases.pages import PageRow, PageState
from hotline.store.database import Tx, rows
from hotline.store.database.tables import callbacks, contacts, escalations, pages


@dataclass(frozen=True, slots=True)
class OurCall:
    """A call of ours to somebody. Times are UTC."""

    contact: ContactId
    callback: CallbackId | None
    at: datetime
    reached_at: datetime | None
    ended_at: datetime | None
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class WholeCase:
    """All of it."""

    contacts: tuple[ContactId, ...]
    callbacks: tuple[CallbackId, ...]
    escalations: tuple[EscalationId, ...]
    calls: tuple[OurCall, ...]
    pages: tuple[PageRow, ...]


def look(tx: Tx, began: Collection[ContactId], own: Collection[CallbackId]) -> WholeCase:
    """What began with these contacts, and what they left of their own (`own`)."""
    asked = select(callbacks.c.id).where(
        or_(callbacks.c.contact_id.in_(sorted(began)), callbacks.c.id.in_(sorted(own)))
    )
    owed = tuple(sorted(one.id for one in rows.many(tx, asked)))
    calls = calls_for(tx, owed)
    theirs = tuple(dict.fromkeys((*began, *(one.contact for one in calls))))
    about = select(escalations.c.id).where(
        or_(escalations.c.contact_id.in_(sorted(theirs)), escalations.c.callback_id.in_(owed))
    )
    sought = tuple(sorted(one.id for one in rows.many(tx, about)))
    paged = page_rows.many(tx, pages.c.escalation_id.in_(sought)) if sought else []
    return WholeCase(theirs, owed, sought, calls, tuple(paged))


def calls_for(tx: Tx, owed: Collection[CallbackId]) -> tuple[OurCall, ...]:
    """Our calls for these callbacks, the oldest first."""
    if not owed:
        return ()
    query = select(
        contacts.c.id,
        contacts.c.callback_id,
        contacts.c.opened_at,
        contacts.c.reached_at,
        contacts.c.ended_at,
        contacts.c.outcome,
    ).where(contacts.c.callback_id.in_(sorted(owed)), contacts.c.outbound)
    return tuple(
        OurCall(
            one.id,
            one.callback_id,
            one.opened_at,
            one.reached_at,
            one.ended_at,
            as_kept(Outcome, one.outcome) if one.outcome else None,
        )
        for one in rows.many(tx, query.order_by(contacts.c.opened_at, contacts.c.id))
    )


def earlier(
    tx: Tx, number: PhoneNumber, since: datetime, but: Collection[ContactId], at_most: int
) -> list[ContactRow]:
    """The calls and texts that came from this number since then, without these; the latest first."""
    found = contact_rows.many(
        tx,
        rows.has_number(tx, contacts.c.caller_lookup, number),
        contacts.c.outbound.is_(False),
        contacts.c.opened_at >= since,
        contacts.c.id.not_in(sorted(but)),
    )
    return sorted(found, key=lambda row: (row.opened_at, row.id), reverse=True)[:at_most]


def owners(tx: Tx, of: Collection[EscalationId]) -> dict[EscalationId, tuple[StaffId | None, bool]]:
    """Who has or had each of these, if anybody, and whether it is open still."""
    query = select(escalations.c.id, escalations.c.accepted_by, escalations.c.closed_at).where(
        escalations.c.id.in_(sorted(of))
    )
    return {one.id: (one.accepted_by, one.closed_at is None) for one in rows.many(tx, query)} if of else {}


def legs_in(tx: Tx, rooms: Collection[RoomName]) -> dict[RoomName, list[PageRow]]:
    """The calls to staff on which somebody has come into these rooms and left them again, by room, the oldest first."""
    if not rooms:
        return {}
    query = (
        select(pages, escalations.c.room)
        .join(escalations, escalations.c.id == pages.c.escalation_id)
        .where(
            escalations.c.room.in_(sorted(rooms)),
            pages.c.how == How.CALL.value,
            pages.c.state == PageState.ACCEPTED.value,
            pages.c.answered_at.is_not(None),
            pages.c.ended_at.is_not(None),
        )
        .order_by(pages.c.placed_at, pages.c.id)
    )
    found: dict[RoomName, list[PageRow]] = {}
    for one in rows.many(tx, query):
        found.setdefault(RoomName(one.room), []).append(page_rows.of_row(one))
    return found
