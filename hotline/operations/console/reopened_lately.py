"""An emergency that somebody reopened by mistake: for a moment it is theirs to close again."""

from __future__ import annotations

from hotline.model import Channel, ContactId, StaffId, Subject, TimelineWord
from hotline.oncall.escalation import EscalationStatus
from hotline.operations.console import coordinator
from hotline.operations.staff import connect
from hotline.operations.transaction import Transaction
from hotline.store.cases import contacts, timeline
from hotline.store.cases.escalations import EscalationRow
from hotline.store.traffic import messages
from hotline.store.traffic.messages import Direction


def may_be_closed_again(transaction: Transaction, row: EscalationRow, by: StaffId) -> bool:
    """Whether this emergency is one that they have reopened a moment ago, so that they may take that back though they
    may close no other. Nobody has written or called since: that would be for somebody to judge."""
    rule = row.escalation
    lately = rule.accepted_by == by and transaction.now < rule.opened_at + coordinator.UNDONE_WITHIN
    if not lately or rule.subject is not Subject.EMERGENCY or row.contact_id is None:
        return False
    if rule.status is EscalationStatus.CLOSED or not _was_reopened(transaction, row, row.contact_id, by):
        return False
    owed = connect.callback_of(transaction, row)
    wrote = (
        one.direction is Direction.IN and one.at > rule.opened_at
        for one in messages.of_contact(transaction.tx, row.contact_id)
    )
    calls = (one.channel is Channel.VOICE for one in contacts.ongoing_in(transaction.tx, row.room))
    return not ((owed is not None and owed.callback.is_open) or any(wrote) or any(calls))


def _was_reopened(transaction: Transaction, row: EscalationRow, contact: ContactId, by: StaffId) -> bool:
    told = timeline.of_kinds(transaction.tx, [contact], [TimelineWord.EMERGENCY_REOPENED])
    return any(line.escalation_id == row.escalation.id and line.by_staff == by for line in told)
