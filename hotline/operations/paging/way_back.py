"""Texters whom no text reaches. Some must be called: they have ended texts, or wrote by another service than SMS.
Others can't be reached by us at all: a short code, a number abroad or a costly one.
"""

from __future__ import annotations

from enum import StrEnum

from hotline.model import Channel, PhoneNumber, Subject
from hotline.operations import flow_state
from hotline.operations.transaction import Transaction
from hotline.store.cases import contacts
from hotline.store.cases.contacts import ContactRow
from hotline.store.cases.escalations import EscalationRow
from hotline.store.people import callers


class WayBack(StrEnum):
    """Why no text of ours may go to whoever wrote."""

    CALL_ONLY = "call_only"
    """By another service than SMS, from a number that can be called."""
    NONE = "no_way_back"
    GONE = "caller_gone"
    """They called, hung up, withheld the number, and typed none."""


def way_back(transaction: Transaction, contact: ContactRow) -> WayBack | None:
    """What is left if no text can go to this contact; None if one can. What they want is another question."""
    if contact.caller is None or not transaction.settings.centre.line.reaches(contact.caller):
        return WayBack.NONE
    return None if contacts.is_sms(contact.our_number) else WayBack.CALL_ONLY


def of_emergency(transaction: Transaction, row: EscalationRow) -> WayBack | None:
    """The same of whoever texted or called about this emergency, with what they want; None for everything else."""
    origin = contacts.get(transaction.tx, row.contact_id) if row.contact_id else None
    if row.escalation.subject is not Subject.EMERGENCY or origin is None:
        return None
    if origin.channel is not Channel.TEXT:
        left = origin.ended_at is not None and flow_state.reachable_at(origin) is None
        return WayBack.GONE if left else None
    return way_back(transaction, origin) or (WayBack.CALL_ONLY if is_call_only(transaction, row) else None)


def is_call_only(transaction: Transaction, row: EscalationRow) -> bool:
    """Whether this is the emergency of a texter who can't be answered by text, as things stand now."""
    if row.escalation.subject is not Subject.EMERGENCY or row.contact_id is None:
        return False
    origin = contacts.get(transaction.tx, row.contact_id)
    if origin is None or origin.channel is not Channel.TEXT or origin.caller is None:
        return False
    return is_out(transaction, origin.caller, origin.our_number)


def is_out(transaction: Transaction, number: PhoneNumber, ours: str) -> bool:
    """Whether no text may, or can, go to this caller who has reached us by this number of ours."""
    return callers.get(transaction.tx, number).is_out(transaction.our_number(ours).e164)
