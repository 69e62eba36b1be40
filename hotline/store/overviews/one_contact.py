"""A contact, with what is open in its room: one statement, for every turn of a call."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, bindparam, select

from hotline.model import ContactId
from hotline.oncall.escalation import EscalationStatus
from hotline.store.cases import contacts as contact_rows
from hotline.store.cases import escalations as escalation_rows
from hotline.store.cases.contacts import ContactRow
from hotline.store.database import Tx, rows
from hotline.store.database.tables import contacts, escalations

_CONTACT, _OPEN = "contact_", "open_"
_STATUSES = [status.value for status in EscalationStatus if status is not EscalationStatus.CLOSED]
_QUERY: Select[Any] = (
    select(*rows.prefixed(contacts, _CONTACT), *rows.prefixed(escalations, _OPEN))
    .select_from(
        contacts.outerjoin(
            escalations, and_(escalations.c.room == contacts.c.room, escalations.c.status.in_(_STATUSES))
        )
    )
    .where(contacts.c.id == bindparam("contact"))
)


def get(tx: Tx, contact_id: ContactId) -> ContactRow | None:
    """The contact, or None; nobody need ask any more what is open in its room, which is held."""
    found = _read(tx, contact_id)
    while found and rows.hold(tx, found[0].contact_room):
        found = _read(tx, contact_id)
    row = contact_rows.found_as(tx, found[0], _CONTACT) if found else None
    if row is not None:
        escalation_rows.remember_found_in(tx, row.room, found, _OPEN)
    return row


def _read(tx: Tx, contact_id: ContactId) -> Any:
    return tx.execute(_QUERY, {"contact": contact_id}).all()
