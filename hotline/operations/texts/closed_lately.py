"""What of somebody's was closed less than a day ago, and may be opened again."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from hotline.model import Channel, Subject
from hotline.operations.transaction import Transaction
from hotline.store.cases import contacts, escalations
from hotline.store.cases.contacts import ContactRow
from hotline.store.cases.escalations import EscalationRow
from hotline.store.overviews import conference

WITHIN: Final = timedelta(days=1)
SUBJECTS: Final = (Subject.EMERGENCY, Subject.THREAD)
_LOOKED_AT: Final = 10


def found(transaction: Transaction, row: ContactRow) -> EscalationRow | None:
    """What about this contact was closed last, of what could be opened again."""
    since = transaction.now - WITHIN
    closed = escalations.closed_since(transaction.tx, since, SUBJECTS, limit=_LOOKED_AT, contact_id=row.id)
    return next((one for one in closed if in_its_place(transaction, row, one) == []), None)


def in_its_place(transaction: Transaction, row: ContactRow, closed: EscalationRow) -> list[EscalationRow]:
    """What is open about this contact instead of what was closed. A thread goes on beside the emergency in it, which
    was closed and may be opened again; a thread isn't opened again beside anything."""
    kinds = (Subject.EMERGENCY,) if closed.escalation.subject is Subject.EMERGENCY else SUBJECTS
    here = dict.fromkeys((row.room, goes_on_in(transaction, row).room))
    return [
        one
        for room in here
        for one in conference.open_escalations(transaction.tx, room)
        if one.escalation.subject in kinds
    ]


def goes_on_in(transaction: Transaction, row: ContactRow) -> ContactRow:
    """The thread in which their next words will stand: this one, or a newer one if they have written again since."""
    if row.channel is not Channel.TEXT or row.caller is None:
        return row
    newest = contacts.open_thread(transaction.tx, row.caller, sms=contacts.is_sms(row.our_number))
    return newest or row
