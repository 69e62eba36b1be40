"""Texters whom no text reaches: they have told the carrier, or us, to stop. In an emergency they must be called."""

from __future__ import annotations

from hotline.model import Channel, PhoneNumber, Subject
from hotline.operations.house import Desk
from hotline.store import callers, contacts
from hotline.store.escalations import EscalationRow


def is_call_only(desk: Desk, row: EscalationRow) -> bool:
    """Whether this is the emergency of a texter who can't be answered by text, as things stand now."""
    if row.escalation.subject is not Subject.EMERGENCY or row.contact_id is None:
        return False
    origin = contacts.get(desk.tx, row.contact_id)
    if origin is None or origin.channel is not Channel.TEXT or origin.caller is None:
        return False
    return is_out(desk, origin.caller, origin.our_number)


def is_out(desk: Desk, number: PhoneNumber, ours: str) -> bool:
    """Whether no text may, or can, go to this caller who has reached us by this number of ours."""
    return callers.get(desk.tx, number).is_out(desk.our_number(ours).e164)
