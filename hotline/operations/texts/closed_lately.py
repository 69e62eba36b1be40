"""What of somebody's was closed less than a day ago, and may be opened again."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from hotline.model import Channel, Subject
from hotline.operations.transaction import Transaction
from hotline.store import contacts, escalations, rooms
from hotline.store.contacts import ContactRow
from hotline.store.escalations import EscalationRow

WITHIN: Final = timedelta(days=1)
SUBJECTS: Final = (Subject.EMERGENCY, Subject.THREAD)


def found(transaction: Transaction, row: ContactRow) -> EscalationRow | None:
    """What about this contact was closed last, if that is less than a day ago and nothing about it is open again."""
    if any(running(transaction, one) for one in (row, goes_on_in(transaction, row))):
        return None
    closed = escalations.closed_since(
        transaction.tx, transaction.now - WITHIN, SUBJECTS, limit=1, contact_id=row.id
    )
    return closed[0] if closed else None


def running(transaction: Transaction, row: ContactRow) -> list[EscalationRow]:
    """What of these kinds is open about this contact."""
    return [
        one for one in rooms.open_escalations(transaction.tx, row.room) if one.escalation.subject in SUBJECTS
    ]


def goes_on_in(transaction: Transaction, row: ContactRow) -> ContactRow:
    """The thread in which their next words will stand: this one, or a newer one if they have written again since."""
    if row.channel is not Channel.TEXT or row.caller is None:
        return row
    newest = contacts.open_thread(transaction.tx, row.caller, sms=contacts.is_sms(row.our_number))
    return newest or row
