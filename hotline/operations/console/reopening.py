"""What was closed too soon is opened again: a text thread or an emergency, within a day, and it is theirs at once.

Nobody is paged for it, for whoever opens it has it. To the report a thread that is opened again was never over: it
counts as open until somebody closes it anew.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from hotline.model import (
    AuditAction,
    AuditKind,
    Channel,
    ContactId,
    EscalationId,
    Line,
    StaffId,
    Subject,
    TimelineWord,
)
from hotline.oncall.escalation import open_escalation
from hotline.operations import flow_state
from hotline.operations.console import coordinator
from hotline.operations.paging import duty, reaching
from hotline.operations.staff import responder
from hotline.operations.staff.responder import Assigned, Over, TakenByOther
from hotline.operations.texts import closed_lately
from hotline.operations.transaction import Transaction, new_id
from hotline.store.cases import contacts, escalations
from hotline.store.cases.contacts import ContactRow
from hotline.store.cases.escalations import EscalationRow
from hotline.triage.contact import ContactState

_STATES: Final = {
    Subject.EMERGENCY: ContactState.TEXT_EMERGENCY,
    Subject.THREAD: ContactState.TEXT_WITH_PERSON,
}


@dataclass(frozen=True, slots=True)
class Reopened:
    """It is theirs now, on the page of this contact."""

    contact: ContactId


def reopen(
    transaction: Transaction, escalation_id: EscalationId, by: StaffId
) -> Reopened | TakenByOther | Over:
    """Open again what was closed less than a day ago. Whose right it is, the caller has checked.

    If they have written again since, it goes on where their words stand now. Over: it was too long ago.
    """
    closed = escalations.get(transaction.tx, escalation_id)
    origin = contacts.get(transaction.tx, closed.contact_id) if closed and closed.contact_id else None
    if closed is None or origin is None or closed.escalation.subject not in closed_lately.SUBJECTS:
        return Over()
    row = closed_lately.goes_on_in(transaction, origin)
    for running in closed_lately.in_its_place(transaction, origin, closed):
        result = coordinator.accept(transaction, running.escalation.id, by)
        there = origin if running.room == origin.room else row
        return Reopened(there.id) if isinstance(result, Assigned) else result
    if closed.closed_at is None or closed.closed_at <= transaction.now - closed_lately.WITHIN:
        return Over()
    _open(transaction, row, closed, by)
    return Reopened(row.id)


def _open(transaction: Transaction, row: ContactRow, closed: EscalationRow, by: StaffId) -> None:
    subject = closed.escalation.subject
    rule = open_escalation(EscalationId(new_id()), duty.policy_for(transaction, subject), transaction.now)
    rule = replace(rule, knows=closed.escalation.knows)
    anew = EscalationRow(rule, row.room, row.language, closed.line, row.id, closed.callback_id)
    if row.channel is Channel.TEXT:
        _wake(transaction, row, rule.id, subject)
    added = escalations.add(transaction.tx, anew)
    what = TimelineWord.EMERGENCY_REOPENED if subject is Subject.EMERGENCY else TimelineWord.THREAD_REOPENED
    transaction.note(what, contact=row.id, escalation=rule.id, detail=closed.escalation.id, by=by)
    responder.accept(transaction, added, by)
    if subject is Subject.EMERGENCY:
        reaching.rest_texts(transaction, added)
    transaction.audit(AuditAction.REOPEN, AuditKind.ESCALATION, closed.escalation.id, by=by)


def _wake(transaction: Transaction, row: ContactRow, escalation_id: EscalationId, subject: Subject) -> None:
    """The menu is quiet again; what they write next stands in this thread."""
    contact = replace(flow_state.read(row), state=_STATES[subject])
    if subject is Subject.EMERGENCY:
        contact = replace(contact, line=Line.EMERGENCY)
    awake = replace(
        row,
        state=contact.state,
        line=contact.line,
        data=flow_state.written(contact),
        escalation_id=escalation_id,
        ended_at=None,
        ended_in=None,
        outcome=None,
    )
    contacts.save(transaction.tx, awake)
