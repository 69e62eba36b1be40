"""A member of staff hears of danger while they talk or write with somebody: clinicians are paged for it at once.

Whoever talks with them stays with them. The emergency is opened in the same room, so that a clinician who presses 1
joins a talk that goes on, or rings them; only a human closes it.
"""

from __future__ import annotations

from hotline.model import (
    AuditAction,
    AuditKind,
    ContactId,
    EscalationId,
    Line,
    StaffId,
    Subject,
    TimelineWord,
)
from hotline.operations.paging import reaching
from hotline.operations.transaction import Transaction
from hotline.store.cases import contacts
from hotline.store.overviews import conference


def raise_emergency(transaction: Transaction, contact_id: ContactId, by: StaffId) -> EscalationId | None:
    """Open an emergency about this contact; the one that is open already, if there is; None: no such contact.

    Whose right it is, the caller has checked.
    """
    row = contacts.get(transaction.tx, contact_id)
    if row is None:
        return None
    running = conference.open_escalation(transaction.tx, row.room, Subject.EMERGENCY)
    if running is None and row.caller is not None:
        running = conference.open_emergency_of(transaction.tx, row.caller)
    if running is not None:
        return running.escalation.id
    about = reaching.About(row.room, Line.EMERGENCY, row.language, row.id)
    opened = reaching.open_for(transaction, Subject.EMERGENCY, about).escalation.id
    transaction.note(TimelineWord.EMERGENCY_RAISED, contact=row.id, escalation=opened, by=by)
    transaction.audit(AuditAction.RAISE_EMERGENCY, AuditKind.ESCALATION, opened, by=by)
    return opened
