"""Whose cases were there to be read at a time: for whoever must say whom a breach concerns. Times are UTC."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import exists, or_, select

from hotline.model import Channel, ContactId, Line, PhoneNumber, StaffId, Subject, as_kept
from hotline.store.database import Tx, rows
from hotline.store.database.tables import (
    audit,
    callbacks,
    contacts,
    escalations,
    exported_cases,
    exports,
    removals,
    removed_cases,
)


@dataclass(frozen=True, slots=True)
class ReachableCase:
    """One case that could be read."""

    contact: ContactId
    channel: Channel
    opened_at: datetime
    clinical: bool
    """There was an emergency in it."""
    number: PhoneNumber | None = field(repr=False)
    """None: withheld. Of nobody's, if it was removed since."""


def at(tx: Tx, when: datetime, until: datetime | None = None) -> list[ReachableCase]:
    """Every case that had begun by `until` (usually `when`) and held somebody at `when`; the oldest first."""
    gone = exists().where(
        removed_cases.c.contact_id == contacts.c.id,
        removals.c.id == removed_cases.c.removal_id,
        removals.c.at <= when,
    )
    sought = exists().where(
        or_(escalations.c.contact_id == contacts.c.id, escalations.c.callback_id == contacts.c.callback_id),
        escalations.c.subject == Subject.EMERGENCY.value,
    )
    query = (
        select(contacts, sought.label("sought"))
        .where(contacts.c.opened_at <= (until or when), ~gone)
        .order_by(contacts.c.opened_at, contacts.c.id)
    )
    return [
        ReachableCase(
            ContactId(one.id),
            as_kept(Channel, one.channel),
            one.opened_at,
            bool(one.sought) or one.line == Line.EMERGENCY.value,
            rows.opened_number(tx, one.caller_number, "contacts.caller_number", one.id),
        )
        for one in rows.many(tx, query)
    ]


def opened_by(tx: Tx, person: StaffId, since: datetime, until: datetime) -> frozenset[ContactId]:
    """Cases that this account did, or looked at, anything in, by the audit trail."""
    subjects = select(audit.c.subject_id).where(
        audit.c.staff_id == person, audit.c.at >= since, audit.c.at <= until
    )
    of_callbacks = select(callbacks.c.contact_id).where(callbacks.c.id.in_(subjects))
    of_escalations = select(escalations.c.contact_id).where(escalations.c.id.in_(subjects))
    about = or_(
        contacts.c.id.in_(subjects), contacts.c.id.in_(of_callbacks), contacts.c.id.in_(of_escalations)
    )
    return _ids(rows.many(tx, select(contacts.c.id).where(about)))


def exported_by(tx: Tx, person: StaffId, since: datetime, until: datetime) -> frozenset[ContactId]:
    """Cases that this account took out in files."""
    query = (
        select(exported_cases.c.contact_id.label("id"))
        .join(exports, exports.c.id == exported_cases.c.export_id)
        .where(exports.c.staff_id == person, exports.c.at >= since, exports.c.at <= until)
    )
    return _ids(rows.many(tx, query))


def _ids(found: Collection[rows.Found]) -> frozenset[ContactId]:
    return frozenset(ContactId(one.id) for one in found)
