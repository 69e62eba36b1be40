"""Who is with a caller in their room: staff who aren't aside with somebody, and whoever the caller was handed to."""

from __future__ import annotations

from hotline.operations.transaction import Transaction
from hotline.referral.hand_off import HandOffStatus
from hotline.store.cases import hand_offs
from hotline.store.cases.contacts import ContactRow
from hotline.store.cases.hand_offs import HandOffRow
from hotline.store.cases.pages import PageRow
from hotline.store.overviews import conference


def running(transaction: Transaction, row: ContactRow) -> HandOffRow | None:
    """The hand-off of this caller that goes on, or None: nobody is handed over who was never with anybody."""
    return hand_offs.running_in(transaction.tx, row.room) if row.joined_at is not None else None


def staff(transaction: Transaction, row: ContactRow) -> list[PageRow]:
    """Staff in the caller's room, or a moment from it; not whoever speaks aside with the other side."""
    inside = conference.staff_in(transaction.tx, row.room)
    handed = running(transaction, row) if inside else None
    if handed is None or handed.status is not HandOffStatus.ASIDE:
        return inside
    return [one for one in inside if one.id != handed.page_id]


def is_anybody(transaction: Transaction, row: ContactRow) -> bool:
    """Whether the caller is with somebody there, or would be: of the staff, or whom they were handed to."""
    return bool(staff(transaction, row)) or was_handed_over(transaction, row)


def was_handed_over(transaction: Transaction, row: ContactRow) -> bool:
    """Whether the other side of a hand-off is in the caller's room."""
    handed = running(transaction, row)
    return handed is not None and handed.status is HandOffStatus.JOINED


def is_told_aside(transaction: Transaction, row: ContactRow) -> bool:
    """Whether whoever talked with the caller speaks with the other side now, without them."""
    handed = running(transaction, row)
    return handed is not None and handed.status is HandOffStatus.ASIDE
