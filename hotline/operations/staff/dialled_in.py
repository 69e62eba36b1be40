"""A staff phone calls the hotline: what waits for it is offered first, and then it is a caller like any other.

A caller's number can be forged, so dialling in joins nobody to anything: whoever presses 1 is rung back on the verified
phone, and hears there what everybody hears who is paged. Any other key, or silence, leads to the caller's menu.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from hotline.model import AuditAction, StaffId, Subject, TimelineWord
from hotline.oncall import escalation as reach
from hotline.oncall.escalation import EscalationStatus
from hotline.operations.conversation import blocking
from hotline.operations.conversation.caller import IncomingCall
from hotline.operations.paging import key_request, reaching
from hotline.operations.paging.one_ring import Rings
from hotline.operations.staff import connect
from hotline.operations.transaction import Transaction
from hotline.store.cases import contacts, escalations, pages
from hotline.store.cases.escalations import EscalationRow
from hotline.store.people import staff
from hotline.store.traffic import staff_turns
from hotline.triage.turn import Spoken

LATE: Final = timedelta(hours=24)
"""How long after a page is over what comes from that phone is taken for an answer to it."""
OFFERED: Final = "staff/offered"
"""The step of their leg at which we told them what waits; by it we know the call."""
_PUTS_DOWN: Final = timedelta(seconds=8)
"""Longer than our last words to them: then their phone is free for our call."""
_TALKS: Final = (Subject.EMERGENCY, Subject.ADMISSIONS, Subject.FAMILY, Subject.PERSON, Subject.CALLBACK)


def offer(transaction: Transaction, call: IncomingCall) -> Spoken | None:
    """What somebody on the staff is asked who calls while something waits for them; None for everybody else."""
    if call.caller is None or not is_from_staff(transaction, call):
        return None
    if contacts.by_call(transaction.tx, call.sid) is not None:
        return None
    member = staff.by_phone(transaction.tx, call.caller)
    if member is None or not member.active or not member.verified:
        return None
    waiting = _waiting(transaction, member.id)
    if not waiting:
        return None
    emergency = waiting[0].escalation.subject is Subject.EMERGENCY
    return Spoken("staff_call_emergency" if emergency else "staff_call")


def _waiting(transaction: Transaction, person: StaffId) -> list[EscalationRow]:
    """What was paged to them and still waits, and emergencies of theirs; emergencies first, then the oldest."""
    paged = pages.of_staff_since(transaction.tx, person, transaction.now - LATE)
    found = {one.escalation_id: escalations.get(transaction.tx, one.escalation_id) for one in paged}
    rows = [row for row in found.values() if row is not None and _is_for(row, person)]
    known = {row.escalation.id for row in rows}
    rows += [row for row in escalations.accepted_by(transaction.tx, person) if row.escalation.id not in known]
    wanted = [
        row for row in rows if row.escalation.subject in _TALKS and connect.can_be_met(transaction, row)
    ]
    return sorted(
        wanted,
        key=lambda row: (
            row.escalation.subject is not Subject.EMERGENCY,
            row.escalation.status is not EscalationStatus.REACHING,
            row.escalation.opened_at,
        ),
    )


def _is_for(row: EscalationRow, person: StaffId) -> bool:
    rule = row.escalation
    return rule.status is EscalationStatus.REACHING or person in (rule.accepted_by, rule.offered_to)


def call_back(transaction: Transaction, call: IncomingCall) -> Spoken:
    """They have pressed 1: their phone rings in a moment for what waits; what they hear before we hang up."""
    member = staff.by_phone(transaction.tx, call.caller) if call.caller else None
    waiting = _waiting(transaction, member.id) if member is not None else []
    if member is None or not waiting:
        return Spoken("over")
    row = waiting[0]
    key_request.audited(transaction, row, member.id, AuditAction.ASKED_BY_CALL_TO_JOIN)
    transaction.note(
        TimelineWord.CALLED_IN, contact=row.contact_id, escalation=row.escalation.id, by=member.id
    )
    if row.escalation.status is EscalationStatus.REACHING:
        row = reaching.tell(transaction, row, reach.Claimed(member.id), ring_after=_PUTS_DOWN)
    rings = reaching.ring(transaction, row, member.id, after=_PUTS_DOWN)
    return Spoken("staff_call_later" if rings is Rings.LATER else "staff_call_back")


def is_from_staff(transaction: Transaction, call: IncomingCall) -> bool:
    """Whether it comes from the verified phone of somebody on the staff, if its number isn't forged."""
    return call.caller is not None and blocking.who_calls(transaction, call.caller).is_staff


def is_known(transaction: Transaction, call_sid: str) -> bool:
    """Whether this call was answered as one from the staff."""
    return staff_turns.answered(transaction.tx, call_sid, OFFERED) is not None
