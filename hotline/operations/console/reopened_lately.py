"""An emergency that somebody reopened: since when it is one; by mistake, it is theirs to close again for a moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from hotline.callbacks.callback import UNDONE_WITHIN
from hotline.model import Channel, ContactId, EscalationId, StaffId, Subject, TimelineWord
from hotline.operations.staff import connect
from hotline.operations.transaction import Transaction
from hotline.store.cases import contacts, escalations, timeline
from hotline.store.cases.escalations import EscalationRow
from hotline.store.traffic import messages
from hotline.store.traffic.messages import Direction


def may_be_closed_again(transaction: Transaction, row: EscalationRow, by: StaffId) -> bool:
    """Whether this emergency is one that they have reopened a moment ago, so that they may take that back though they
    may close no other. Nobody has written or called since: that would be for somebody to judge."""
    rule = row.escalation
    lately = rule.accepted_by == by and transaction.now < rule.opened_at + UNDONE_WITHIN
    if not lately or rule.subject is not Subject.EMERGENCY or row.contact_id is None:
        return False
    if not rule.is_open or not _was_reopened(transaction, row, row.contact_id, by):
        return False
    owed = connect.callback_of(transaction, row)
    wrote = (
        one.direction is Direction.IN and one.at > rule.opened_at
        for one in messages.of_contact(transaction.tx, row.contact_id)
    )
    calls = (one.channel is Channel.VOICE for one in contacts.ongoing_in(transaction.tx, row.room))
    return not ((owed is not None and owed.callback.is_open) or any(wrote) or any(calls))


def began(transaction: Transaction, rows: Iterable[EscalationRow]) -> dict[EscalationId, datetime]:
    """When those of these were an emergency first (UTC) that have been closed and opened again since.

    One statement, and some more for each of those, who are few.
    """
    theirs = {row.escalation.id: row for row in rows if row.contact_id is not None}
    about = {row.contact_id for row in theirs.values() if row.contact_id is not None}
    told = timeline.of_kinds(transaction.tx, about, [TimelineWord.EMERGENCY_REOPENED])
    again = {line.escalation_id for line in told if line.escalation_id in theirs}
    return {one: _began_at(transaction, theirs[one]) for one in again}


def _began_at(transaction: Transaction, row: EscalationRow) -> datetime:
    first, seen = row, {row.escalation.id}
    while first.contact_id is not None:
        told = timeline.of_kinds(transaction.tx, [first.contact_id], [TimelineWord.EMERGENCY_REOPENED])
        before = next((one.detail for one in told if one.escalation_id == first.escalation.id), None)
        found = escalations.get(transaction.tx, EscalationId(before)) if before else None
        if found is None or found.escalation.id in seen:
            break
        first = found
        seen.add(found.escalation.id)
    return first.escalation.opened_at


def _was_reopened(transaction: Transaction, row: EscalationRow, contact: ContactId, by: StaffId) -> bool:
    told = timeline.of_kinds(transaction.tx, [contact], [TimelineWord.EMERGENCY_REOPENED])
    return any(line.escalation_id == row.escalation.id and line.by_staff == by for line in told)
