"""Asking for the key that a text needs: what it wants done waits for a call to the verified phone (`confirming`)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from hotline.model import AuditAction, AuditKind, StaffId
from hotline.operations.paging import pager
from hotline.operations.paging.one_ring import Rings
from hotline.operations.transaction import Transaction
from hotline.store.cases import pages
from hotline.store.cases.escalations import EscalationRow
from hotline.store.cases.pages import PageState, Purpose
from hotline.store.overviews import conference

OPEN: Final = (PageState.PLACED, PageState.RINGING, PageState.ANSWERED, PageState.COVERED)


def ask(
    transaction: Transaction,
    row: EscalationRow,
    person: StaffId,
    purpose: Purpose,
    regards: str | None = None,
) -> Rings:
    """Ring the phone of somebody who has it, for the key that does what their text asked for; what it does."""
    if any(one.staff_id == person for one in conference.staff_in(transaction.tx, row.room)):
        return Rings.TALKS
    running = [
        one
        for one in pages.of_escalation(transaction.tx, row.escalation.id)
        if one.staff_id == person and one.purpose is purpose and one.state in OPEN and one.ended_at is None
    ]
    if running:
        asked = pages.save(transaction.tx, replace(running[-1], regards=regards))
    else:
        asked = pager.page(transaction, row, person, purpose=purpose, regards=regards)
    audited(transaction, row, person, AuditAction.ASKED_BY_TEXT_TO, purpose)
    return Rings.LATER if asked.state is PageState.COVERED else Rings.NOW


def audited(
    transaction: Transaction, row: EscalationRow, person: StaffId, action: AuditAction, what: str = ""
) -> None:
    """Each step is on record: what a text asked for, and what the key said to it."""
    transaction.audit(action, AuditKind.ESCALATION, row.escalation.id, by=person, detail=what)
