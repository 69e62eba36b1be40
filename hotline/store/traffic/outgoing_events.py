"""Events that another system of the centre's is told of.

    waiting -> taken | dead
    dead    -> waiting   (somebody has it sent again)

Written in the transaction in which it happened. A claim is a lease: what nobody settles is due again when it is over.
Of each case only the oldest that waits is ever claimed, so that its events leave in their order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import func, select

from hotline.model import CallbackId, ContactId, EscalationId, KeptWord, StaffId, as_kept
from hotline.store.database import Tx, rows
from hotline.store.database.tables import outgoing_events


class EventStatus(KeptWord):
    """Where an event stands."""

    WAITING = "waiting"
    TAKEN = "taken"
    DEAD = "dead"
    """Tried until the last try; it is sent again only when somebody asks for it."""


@dataclass(frozen=True, slots=True)
class OutgoingEvent:
    """An event. All times are UTC."""

    id: str
    kind: str
    case: str
    """Within which events keep their order: a callback's, an escalation's or a contact's id."""
    at: datetime
    contact_id: ContactId | None = None
    callback_id: CallbackId | None = None
    escalation_id: EscalationId | None = None
    by_staff: StaffId | None = None
    detail: str | None = None
    """A word of ours: an outcome, or what somebody is paged for."""
    status: EventStatus = EventStatus.WAITING
    tries: int = 0
    """How often it was claimed; the number of the present claim."""
    next_at: datetime | None = None
    error: str | None = None
    """What the receiver answered, or why there was no answer: a word of ours."""


@dataclass(frozen=True, slots=True)
class EventsHeld:
    """How many wait, the oldest of them (UTC), and how many are dead letters."""

    waiting: int
    oldest_at: datetime | None
    dead: int


def add(tx: Tx, event: OutgoingEvent) -> None:
    """To leave as soon as this transaction is over."""
    values = {
        "id": event.id,
        "kind": event.kind,
        "about": event.case,
        "at": event.at,
        "contact_id": event.contact_id,
        "callback_id": event.callback_id,
        "escalation_id": event.escalation_id,
        "by_staff": event.by_staff,
        "detail": event.detail,
        "status": event.status.value,
        "tries": event.tries,
        "next_at": event.next_at or event.at,
        "error": event.error,
        "settled_at": None,
    }
    rows.add(tx, outgoing_events, values)


def claim_due(tx: Tx, now: datetime, lease: timedelta, limit: int) -> list[OutgoingEvent]:
    """The oldest that waits of each case, if it is due: each is had by exactly one claimer."""
    this, before = outgoing_events, outgoing_events.alias("before")
    waits = EventStatus.WAITING.value
    goes_first = select(before.c.id).where(
        before.c.about == this.c.about, before.c.status == waits, before.c.number < this.c.number
    )
    query = select(this).where(this.c.status == waits, this.c.next_at <= now, ~goes_first.exists())
    found = [_event(one) for one in rows.many(tx, query.order_by(this.c.number).limit(limit))]
    return [one for one in (_claimed(tx, event, now + lease) for event in found) if one is not None]


def _claimed(tx: Tx, event: OutgoingEvent, until: datetime) -> OutgoingEvent | None:
    changed = rows.change(tx, outgoing_events, _as_seen(event), {"tries": event.tries + 1, "next_at": until})
    return replace(event, tries=event.tries + 1, next_at=until) if changed else None


def taken(tx: Tx, event: OutgoingEvent, now: datetime) -> bool:
    """The receiver has it; whether the claim of `event` still counted, as for all that follow."""
    return _settle(tx, event, {"status": EventStatus.TAKEN.value, "settled_at": now, "error": None})


def again(tx: Tx, event: OutgoingEvent, at: datetime, error: str) -> bool:
    """The receiver doesn't have it: it waits until then (UTC)."""
    return _settle(tx, event, {"next_at": at, "error": error})


def dead(tx: Tx, event: OutgoingEvent, now: datetime, error: str) -> bool:
    """It is given up; the next of its case may leave."""
    tx.board_changed = True
    return _settle(tx, event, {"status": EventStatus.DEAD.value, "settled_at": now, "error": error})


def dead_letters(tx: Tx, limit: int) -> list[OutgoingEvent]:
    """What was given up, the newest first."""
    query = select(outgoing_events).where(outgoing_events.c.status == EventStatus.DEAD.value)
    return [
        _event(one) for one in rows.many(tx, query.order_by(outgoing_events.c.number.desc()).limit(limit))
    ]


def revive(tx: Tx, now: datetime, event_id: str | None = None) -> int:
    """Have dead letters sent again from the first try on, this one or all; how many."""
    where = [outgoing_events.c.status == EventStatus.DEAD.value]
    if event_id is not None:
        where.append(outgoing_events.c.id == event_id)
    values = {"status": EventStatus.WAITING.value, "tries": 0, "next_at": now, "settled_at": None}
    tx.board_changed = True
    return rows.change(tx, outgoing_events, where, values)


def forget(tx: Tx, before: datetime) -> int:
    """Remove what was taken before then (UTC); how many."""
    is_taken = outgoing_events.c.status == EventStatus.TAKEN.value
    return rows.drop(tx, outgoing_events, is_taken, outgoing_events.c.settled_at < before)


def held(tx: Tx) -> EventsHeld:
    """How much waits, and is dead."""
    query = select(
        outgoing_events.c.status, func.count().label("n"), func.min(outgoing_events.c.at).label("oldest")
    ).where(outgoing_events.c.status != EventStatus.TAKEN.value)
    found = {one.status: one for one in rows.many(tx, query.group_by(outgoing_events.c.status))}
    waiting, given_up = found.get(EventStatus.WAITING.value), found.get(EventStatus.DEAD.value)
    return EventsHeld(
        waiting.n if waiting else 0, waiting.oldest if waiting else None, given_up.n if given_up else 0
    )


def _settle(tx: Tx, event: OutgoingEvent, values: dict[str, object]) -> bool:
    return rows.change(tx, outgoing_events, _as_seen(event), values) == 1


def _as_seen(event: OutgoingEvent) -> list[rows.Condition]:
    return [
        outgoing_events.c.id == event.id,
        outgoing_events.c.tries == event.tries,
        outgoing_events.c.status == EventStatus.WAITING.value,
    ]


def _event(found: rows.Found) -> OutgoingEvent:
    return OutgoingEvent(
        id=found.id,
        kind=found.kind,
        case=found.about,
        at=found.at,
        contact_id=found.contact_id,
        callback_id=found.callback_id,
        escalation_id=found.escalation_id,
        by_staff=found.by_staff,
        detail=found.detail,
        status=as_kept(EventStatus, found.status),
        tries=found.tries,
        next_at=found.next_at,
        error=found.error,
    )
