"""Opening a callback again that is closed, as if nothing had been said: it keeps its place, and is late if it is.

What somebody said by mistake is undone within a moment. What a block closed was said of the number, and not of the
call that was promised: it can come back as long as the promise is worth keeping, whenever the block ends.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from typing import Final

from hotline.callbacks.callback import UNDONE_WITHIN, PutBack, Undone
from hotline.model import AuditAction, AuditKind, Outcome, PhoneNumber, StaffId, TimelineWord
from hotline.operations.callbacks import booking, consent, ringing_back
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks
from hotline.store.cases.callbacks import CallbackRow
from hotline.store.overviews import many_numbers

_BLOCK_UNDONE_WITHIN: Final = timedelta(days=30)
"""How long a callback that a block closed can come back: as long as the longest block that is set on a page."""


def may_be_undone(transaction: Transaction, row: CallbackRow) -> bool:
    """Whether a callback was closed so lately, and so, that it can be opened again as if nothing had been said."""
    rule = row.callback
    within = _BLOCK_UNDONE_WITHIN if rule.outcome is Outcome.BLOCKED else UNDONE_WITHIN
    lately = row.closed_at is not None and transaction.now < row.closed_at + within
    if not lately or rule.is_open or rule.is_closed_by_itself or rule.outcome is Outcome.ASKED_TO_STOP:
        return False
    if consent.refuses_calls(transaction, row):
        return False
    # They have asked for the same since: that is what they are owed.
    open_now = callbacks.open_for(transaction.tx, row.number) if row.number else []
    if any(one.callback.line is rule.line for one in open_now):
        return False
    return rule.outcome is not Outcome.BLOCKED or row in _closed_by_blocks(transaction, row.number)


def look_ahead(transaction: Transaction, several: Iterable[CallbackRow]) -> None:
    """Read at once what `may_be_undone` asks of each of these that a block has closed."""
    _remember_closed(
        transaction, {row.number for row in several if row.number and row.callback.outcome is Outcome.BLOCKED}
    )


def _remember_closed(transaction: Transaction, numbers: Collection[PhoneNumber]) -> None:
    since = transaction.now - _BLOCK_UNDONE_WITHIN
    callbacks.remember_closed_as(transaction.tx, numbers, Outcome.BLOCKED, since)


def closed_by_block(transaction: Transaction, number: PhoneNumber) -> list[CallbackRow]:
    """The callbacks to this number that a block has closed, and that can come back: what they have asked for since, or
    has been said of them since, is in nobody's place."""
    return [row for row in _closed_by_blocks(transaction, number) if may_be_undone(transaction, row)]


def closed_by_blocks(
    transaction: Transaction, numbers: Collection[PhoneNumber]
) -> Mapping[PhoneNumber, list[CallbackRow]]:
    """`closed_by_block` of each of these, asked at once."""
    _remember_closed(transaction, numbers)
    with_some = {number for number in numbers if _closed_by_blocks(transaction, number)}
    many_numbers.look(transaction.tx, with_some, transaction.now)
    callbacks.remember_open(transaction.tx, with_some)
    return {number: closed_by_block(transaction, number) for number in numbers}


def closed_with(transaction: Transaction, row: CallbackRow) -> list[CallbackRow]:
    """What the block that closed this one closed besides, and can come back; nothing if no block did."""
    if row.number is None or row.callback.outcome is not Outcome.BLOCKED:
        return []
    found = closed_by_block(transaction, row.number)
    return [one for one in found if one.closed_at == row.closed_at and one.callback.id != row.callback.id]


def _closed_by_blocks(transaction: Transaction, number: PhoneNumber | None) -> list[CallbackRow]:
    """The oldest first."""
    since = transaction.now - _BLOCK_UNDONE_WITHIN
    return callbacks.closed_as(transaction.tx, number, Outcome.BLOCKED, since) if number is not None else []


def open_again(transaction: Transaction, row: CallbackRow, owner: StaffId | None, by: StaffId) -> None:
    """It is the owner's, or stands in line again."""
    lease = transaction.now + transaction.settings.centre.waits.claim_lease
    opened = ringing_back.change(transaction, row, Undone(owner or by, lease))
    if owner is None:
        ringing_back.change(transaction, opened, PutBack("undone"))
    about = row.callback.id
    booking.taken_back(transaction, row.contact_id, about)
    transaction.note(TimelineWord.OUTCOME_UNDONE, contact=row.contact_id, callback=about, by=by)
    transaction.audit(AuditAction.UNDO_OUTCOME, AuditKind.CALLBACK, about, by=by)
