"""A phone of the staff's is lost or stolen: it is nobody's at once, also in the middle of an emergency."""

from __future__ import annotations

from dataclasses import replace

from hotline.model import AuditAction, AuditKind, StaffId
from hotline.oncall.escalation import Unreached
from hotline.operations.paging import calling_off, reaching
from hotline.operations.people import leaving
from hotline.operations.people.leaving import Left
from hotline.operations.transaction import Transaction
from hotline.store.cases import escalations, pages
from hotline.store.people import phone_codes, sessions, staff, staff_pins
from hotline.store.people.staff import StaffRow


def take_off(transaction: Transaction, row: StaffRow, by: StaffId | None = None) -> Left:
    """Their phone is in other hands, or may be: from now on it is nobody's. It stops ringing, opens nothing, and what
    comes from it is a stranger's; they are signed out everywhere, and what they had is other people's. It counts again
    once a code has come back from it, or from another one."""
    staff.save(transaction.tx, replace(row, verified=False))
    transaction.audit(AuditAction.PHONE_LOST, AuditKind.STAFF, row.id, by=by)
    staff_pins.forget(transaction.tx, row.id)
    phone_codes.forget(transaction.tx, row.id)
    sessions.end_all(transaction.tx, row.id)
    for about in {one.escalation_id: one for one in pages.open_of_staff(transaction.tx, row.id)}:
        rung = escalations.get(transaction.tx, about)
        if rung is not None and rung.escalation.accepted_by != row.id:
            calling_off.call_off(transaction, rung, row.id)
            reaching.tell(transaction, rung, Unreached(row.id))
    return leaving.let_go(transaction, row.id)
