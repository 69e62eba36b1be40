"""Everything that is kept of one caller, found by their number: which contacts, and which callbacks."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from hotline.model import CallbackId, ContactId, PhoneNumber
from hotline.store.database import Tx, rows
from hotline.store.database.tables import PHONE, audit, callbacks, contacts
from hotline.store.people.audit import AuditEntry


@dataclass(frozen=True, slots=True)
class WhoseRecord:
    """What came from a number, what is owed there, and who searched for it."""

    contacts: tuple[ContactId, ...]
    callbacks: tuple[CallbackId, ...]
    searches: tuple[AuditEntry, ...]


def of_number(tx: Tx, number: PhoneNumber, searched: str) -> WhoseRecord:
    """All of it. `searched`: the audit trail's kind of subject for a number's hash."""
    lookups = tx.keys.lookups(number.e164, PHONE)
    came = select(contacts.c.id).where(contacts.c.caller_lookup.in_(lookups))
    owed = select(callbacks.c.id, callbacks.c.contact_id).where(callbacks.c.number_lookup.in_(lookups))
    asked = select(audit).where(audit.c.subject_id.in_(lookups), audit.c.subject_kind == searched)
    promised = rows.many(tx, owed)
    theirs = {one.id for one in rows.many(tx, came)} | {one.contact_id for one in promised}
    entries = (
        AuditEntry(one.at, one.staff_id, one.action, one.subject_kind, one.subject_id, one.id)
        for one in rows.many(tx, asked.order_by(audit.c.id))
    )
    return WhoseRecord(tuple(sorted(theirs)), tuple(sorted(one.id for one in promised)), tuple(entries))
