"""What is known of a number when it calls or writes: one statement for all that a first answer needs.

What was found is kept for this transaction where `callers`, `contacts` and `blocks` would look for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Select, and_, bindparam, func, literal, or_, select

from hotline.callbacks.callback import CallbackStatus
from hotline.model import Channel, Line, PhoneNumber, Subject
from hotline.oncall.escalation import EscalationStatus
from hotline.store.cases import callbacks, contacts
from hotline.store.cases import escalations as escalation_rows
from hotline.store.cases.contacts import ContactRow
from hotline.store.database import Tx, UtcMicros, rows
from hotline.store.database.tables import PHONE, blocks, escalations, staff
from hotline.store.database.tables import callbacks as callbacks_table
from hotline.store.database.tables import callers as callers_table
from hotline.store.database.tables import contacts as contacts_table
from hotline.store.people import blocks as block_rows
from hotline.store.people import callers

_LOOKUPS: BindParameter[Any] = bindparam("lookups", expanding=True)
_AT = bindparam("now", type_=UtcMicros)
_OPEN = tuple(status.value for status in EscalationStatus if status is not EscalationStatus.CLOSED)


@dataclass(frozen=True, slots=True)
class Writes:
    """A number that writes."""

    thread: ContactRow | None
    """The newest text thread with it that has not ended."""


@dataclass(frozen=True, slots=True)
class Calls:
    """A number that calls for the first time, or again."""

    has_emergency: bool
    """An emergency that began with a call or text of this number, or in which it is to be called back, and that no
    human has closed."""
    lately: int
    """Calls that came in from it lately, and those of all of its that have not ended: neither counted further than is
    asked for."""
    at_once: int
    is_staff: bool
    """It is the verified phone of somebody on the staff."""


def writes(tx: Tx, number: PhoneNumber, now: datetime, *, sms: bool) -> Writes:
    """Whoever has this number writes to us, by SMS or by another service. The number and the thread's room are held."""
    rows.hold_number(tx, number)
    found = _rows(tx, _writes(sms), number, now=now)
    thread = contacts.found_as(tx, found[0], _THREAD)
    while thread is not None and rows.hold(tx, thread.room):
        found = _rows(tx, _writes(sms), number, now=now)
        thread = contacts.found_as(tx, found[0], _THREAD)
    callers.remember(tx, number, found[0], _CALLER)
    block_rows.remember(tx, number, now, found[0].block)
    callbacks.remember_found_for(tx, number, found, _OWED)
    if thread is not None:
        escalation_rows.remember_found_in(tx, thread.room, found, _RUNNING)
    return Writes(thread)


def busy(tx: Tx, number: PhoneNumber) -> list[ContactRow]:
    """Every call and thread with this number that has not ended, the oldest first; nobody need ask any more what is
    owed to it and what it wishes. The number is held."""
    rows.hold_number(tx, number)
    found = _rows(tx, _BUSY, number)
    callers.remember(tx, number, found[0], _CALLER)
    contacts.remember_with(tx, number, rows.parts(found, contacts_table, _ONGOING))
    callbacks.remember_found_for(tx, number, found, _OWED)
    return contacts.ongoing_with(tx, number)


def calls(tx: Tx, number: PhoneNumber, now: datetime, since: datetime, at_most: int) -> Calls:
    """Whoever has this number calls us. `since`: what is lately (UTC). The number is held."""
    rows.hold_number(tx, number)
    (found,) = _rows(tx, _CALLS, number, now=now, since=since, at_most=at_most)
    callers.remember(tx, number, found, _CALLER)
    block_rows.remember(tx, number, now, found.block)
    return Calls(found.emergency is not None, found.lately, found.at_once, found.member is not None)


_CALLER, _THREAD, _ONGOING, _OWED, _RUNNING = "caller_", "thread_", "ongoing_", "owed_", "running_"


def _rows(tx: Tx, statement: Any, number: PhoneNumber, **given: object) -> Any:
    """At least one; more if there are several of what it is joined with."""
    lookups = tx.keys.lookups(number.e164, PHONE)
    return tx.execute(statement, {"lookups": lookups, **given}).all()


_BLOCK = (
    select(blocks.c.id)
    .where(
        blocks.c.number_lookup.in_(_LOOKUPS), or_(blocks.c.expires_at.is_(None), blocks.c.expires_at > _AT)
    )
    .limit(1)
    .scalar_subquery()
)
_CALLER_KEY = (
    select(callers_table.c.number_lookup)
    .where(callers_table.c.number_lookup.in_(_LOOKUPS))
    .order_by(callers_table.c.version.desc())
    .limit(1)
    .scalar_subquery()
)
_CALLER_COLUMNS = rows.prefixed(callers_table, _CALLER)
_IS_OWED = and_(
    callbacks_table.c.number_lookup.in_(_LOOKUPS),
    callbacks_table.c.status.in_([one.value for one in CallbackStatus if one is not CallbackStatus.CLOSED]),
)
_ONE = select(literal(1).label("one")).subquery("one")


@cache
def _writes(sms: bool) -> Select[Any]:
    elsewhere = contacts_table.c.our_number.contains(":")
    newest = (
        select(contacts_table.c.id)
        .where(
            contacts_table.c.caller_lookup.in_(_LOOKUPS),
            contacts_table.c.channel == Channel.TEXT.value,
            contacts_table.c.ended_at.is_(None),
            ~elsewhere if sms else elsewhere,
        )
        .order_by(contacts_table.c.opened_at.desc(), contacts_table.c.id)
        .limit(1)
        .scalar_subquery()
    )
    running = and_(escalations.c.room == contacts_table.c.room, escalations.c.status.in_(_OPEN))
    joined = (
        _ONE.outerjoin(callers_table, callers_table.c.number_lookup == _CALLER_KEY)
        .outerjoin(contacts_table, contacts_table.c.id == newest)
        .outerjoin(callbacks_table, _IS_OWED)
        .outerjoin(escalations, running)
    )
    return select(
        *_CALLER_COLUMNS,
        *rows.prefixed(contacts_table, _THREAD),
        *rows.prefixed(callbacks_table, _OWED),
        *rows.prefixed(escalations, _RUNNING),
        _BLOCK.label("block"),
    ).select_from(joined)


_BUSY: Select[Any] = select(
    *_CALLER_COLUMNS,
    *rows.prefixed(contacts_table, _ONGOING),
    *rows.prefixed(callbacks_table, _OWED),
).select_from(
    _ONE.outerjoin(callers_table, callers_table.c.number_lookup == _CALLER_KEY)
    .outerjoin(
        contacts_table,
        and_(contacts_table.c.caller_lookup.in_(_LOOKUPS), contacts_table.c.ended_at.is_(None)),
    )
    .outerjoin(callbacks_table, _IS_OWED)
)


def _counted(*where: rows.Condition) -> Any:
    theirs = (
        contacts_table.c.caller_lookup.in_(_LOOKUPS),
        contacts_table.c.channel == Channel.VOICE.value,
        contacts_table.c.outbound.is_(False),
    )
    some = select(literal(1)).select_from(contacts_table).where(*theirs, *where).limit(bindparam("at_most"))
    return select(func.count()).select_from(some.subquery()).scalar_subquery()


_EMERGENCY = (
    select(escalations.c.id)
    .join(contacts_table, contacts_table.c.id == escalations.c.contact_id)
    .where(
        escalations.c.status.in_(_OPEN),
        escalations.c.subject == Subject.EMERGENCY.value,
        contacts_table.c.caller_lookup.in_(_LOOKUPS),
    )
    .limit(1)
    .scalar_subquery()
)
_LOST = (
    select(escalations.c.id)
    .join(callbacks_table, callbacks_table.c.escalation_id == escalations.c.id)
    .where(_IS_OWED, callbacks_table.c.line == Line.EMERGENCY.value, escalations.c.status.in_(_OPEN))
    .limit(1)
    .scalar_subquery()
)
"""They had withheld their number, and typed this one to be called back."""
_MEMBER = (
    select(staff.c.id)
    .where(staff.c.phone_lookup.in_(_LOOKUPS), staff.c.active.is_(True), staff.c.verified.is_(True))
    .limit(1)
    .scalar_subquery()
)
_CALLS: Select[Any] = select(
    *_CALLER_COLUMNS,
    _BLOCK.label("block"),
    func.coalesce(_EMERGENCY, _LOST).label("emergency"),
    _MEMBER.label("member"),
    _counted(contacts_table.c.opened_at > bindparam("since", type_=UtcMicros)).label("lately"),
    _counted(contacts_table.c.ended_at.is_(None)).label("at_once"),
).select_from(_ONE.outerjoin(callers_table, callers_table.c.number_lookup == _CALLER_KEY))
