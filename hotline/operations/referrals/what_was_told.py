"""What whoever is handed a caller was told of them: said once by whoever handed over, and part of the account of whom a
record has reached."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from hotline.model import AuditAction, AuditKind, ContactId, StaffId, TimelineWord
from hotline.operations.transaction import Transaction
from hotline.store.cases import hand_offs, timeline
from hotline.store.cases.hand_offs import HandOffRow
from hotline.store.cases.timeline import TimelineRow

LONGEST: Final = 500
"""So many characters: which facts, not the talk."""


def unsaid(transaction: Transaction, contact: ContactId, by: StaffId) -> HandOffRow | None:
    """The last hand-off of this caller that was answered: if `by` handed over, and has not said yet what was told."""
    answered = [
        (one.answered_at, one) for one in hand_offs.of_case(transaction.tx, contact) if one.answered_at
    ]
    if not answered or answered[-1][1].asked_by != by:
        return None
    begins, last = answered[-1]
    return None if told_at(timeline.of(transaction.tx, contact_id=contact), contact, begins) else last


def say(transaction: Transaction, contact: ContactId, hand_off: str, words: str, by: StaffId) -> bool:
    """Keep it, sealed, with who said it and when; False if it was said already, or is not theirs to say."""
    row, said = unsaid(transaction, contact, by), words.strip()[:LONGEST]
    if row is None or row.id != hand_off or not said:
        return False
    transaction.note(TimelineWord.HAND_OFF_TOLD, contact=contact, detail=said, by=by)
    transaction.audit(AuditAction.HAND_OFF, AuditKind.CONTACT, contact, by=by, detail="told")
    return True


def told_at(
    lines: Iterable[TimelineRow], contact: ContactId, begins: datetime, ends: datetime | None = None
) -> str:
    """What was said to have been told at the hand-off of this contact that was answered at `begins`, the next one at
    `ends`; empty if nothing was."""
    return "; ".join(
        one.detail or ""
        for one in lines
        if one.what == TimelineWord.HAND_OFF_TOLD
        and one.contact_id == contact
        and one.at >= begins
        and (ends is None or one.at < ends)
    )
