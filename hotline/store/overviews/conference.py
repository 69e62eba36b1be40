"""Rooms: who of the staff is in one, what is open about it, and whose phone is in use elsewhere."""

from __future__ import annotations

from sqlalchemy import select

from hotline.model import PhoneNumber, RoomName, Subject
from hotline.oncall.escalation import EscalationStatus
from hotline.store.cases import escalations, pages
from hotline.store.database import Tx, rows
from hotline.store.database.tables import contacts as contacts_table
from hotline.store.database.tables import escalations as escalations_table
from hotline.store.overviews import telephones

_OPEN = tuple(status.value for status in EscalationStatus if status is not EscalationStatus.CLOSED)


def staff_in(tx: Tx, room: RoomName) -> list[pages.PageRow]:
    """Pages whose person has pressed 1 and whose leg has not ended: they are in the room, or a moment from it."""
    return [one.page for one in telephones.look(tx).talking() if one.room == room]


def with_staff(tx: Tx) -> frozenset[RoomName]:
    """The rooms in which `staff_in` finds anybody."""
    return frozenset(one.room for one in telephones.look(tx).talking())


def has_talked(tx: Tx, room: RoomName) -> bool:
    """Whether a caller of this room has been with a human, on any call of theirs that began there."""
    query = (
        select(contacts_table.c.id)
        .where(contacts_table.c.room == room, contacts_table.c.reached_at.is_not(None))
        .limit(1)
    )
    return tx.execute(query).first() is not None


def open_escalations(tx: Tx, room: RoomName) -> list[escalations.EscalationRow]:
    """What is being done, or has been accepted and not closed, to reach a human for this room; the oldest first."""
    return escalations.open_in(tx, room)


def open_escalation(tx: Tx, room: RoomName, subject: Subject) -> escalations.EscalationRow | None:
    """The one for this subject, or None."""
    return next((row for row in open_escalations(tx, room) if row.escalation.subject is subject), None)


def unread_texts_of(tx: Tx, number: PhoneNumber) -> list[escalations.EscalationRow]:
    """Texts of this number that wait for a person, in whichever thread; the oldest first. One statement."""
    query = (
        select(escalations_table)
        .join(contacts_table, contacts_table.c.id == escalations_table.c.contact_id)
        .where(
            escalations_table.c.status == EscalationStatus.REACHING.value,
            escalations_table.c.subject == Subject.THREAD.value,
            rows.has_number(tx, contacts_table.c.caller_lookup, number),
        )
        .order_by(escalations_table.c.opened_at, escalations_table.c.id)
    )
    return [escalations.of_row(one) for one in rows.many(tx, query)]


def open_emergency_of(tx: Tx, number: PhoneNumber) -> escalations.EscalationRow | None:
    """The newest emergency that began with a call or text of this number, and that no human has closed; or None."""
    query = (
        select(escalations_table.c.id)
        .join(contacts_table, contacts_table.c.id == escalations_table.c.contact_id)
        .where(
            escalations_table.c.status.in_(_OPEN),
            escalations_table.c.subject == Subject.EMERGENCY.value,
            rows.has_number(tx, contacts_table.c.caller_lookup, number),
        )
        .order_by(escalations_table.c.opened_at.desc(), escalations_table.c.id)
        .limit(1)
    )
    found = tx.execute(query).first()
    return escalations.get(tx, found.id) if found else None
