"""What did not arrive is mended: sent again, to another number, or taken off the list."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import Final

from hotline.callbacks.callback import DetailsGiven
from hotline.carrier_words import NOT_SENT
from hotline.dialling import callback_number
from hotline.model import AuditAction, AuditKind, CallbackId, OutboxId, PhoneNumber, StaffId, TimelineWord
from hotline.operations.callbacks.ringing_back import change
from hotline.operations.texts import writing
from hotline.operations.texts.writing import NEVER, Safe
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks, contacts
from hotline.store.traffic import messages, outbox, settled_troubles
from hotline.store.traffic.messages import Direction

_AGAIN: Final = "again-"


class Mended(StrEnum):
    """What came of it."""

    DONE = "done"
    GONE = "gone"
    """It isn't there, or isn't what it was."""
    NOT_SAFE = "not_safe"
    """They have said since that texting there is not safe."""
    IMPOSSIBLE = "impossible"
    """Texts don't reach them."""
    NO_NUMBER = "no_number"
    """What was written is no number that is ever called."""


def take_off(transaction: Transaction, trouble_id: str, by: StaffId) -> Mended:
    """Somebody has seen to it: it stands on the list no more."""
    tx = transaction.tx
    if messages.get(tx, trouble_id) is None and outbox.get(tx, OutboxId(trouble_id)) is None:
        return Mended.GONE
    if settled_troubles.add_if_new(tx, trouble_id, by, transaction.now):
        transaction.audit(AuditAction.SEEN_TO, AuditKind.MESSAGE, trouble_id, by=by)
    return Mended.DONE


def send_again(transaction: Transaction, message_id: str, by: StaffId) -> Mended:
    """The same words once more, to the same number, from the number that they used; pressed twice, they leave once."""
    tx = transaction.tx
    message = messages.get(tx, message_id)
    row = contacts.get(tx, message.contact_id) if message is not None and message.contact_id else None
    if (
        message is None
        or row is None
        or message.direction is not Direction.OUT
        or row.caller != message.number
    ):
        return Mended.GONE
    if message.status not in NOT_SENT:
        return Mended.GONE
    safe = writing.safe_to_text(transaction, row)
    if safe in NEVER:
        return Mended.IMPOSSIBLE
    if safe is Safe.NO:
        return Mended.NOT_SAFE
    if writing.send(transaction, row, message.body, by, f"{_AGAIN}{message.id}"):
        transaction.note(TimelineWord.TEXT_WRITTEN, contact=row.id, by=by)
        transaction.audit(AuditAction.TEXT, AuditKind.CONTACT, row.id, by=by, detail="again")
    settled_troubles.add_if_new(tx, message_id, by, transaction.now)
    return Mended.DONE


def correct_number(
    transaction: Transaction, callback_id: CallbackId, typed: str, trouble_id: str, by: StaffId
) -> Mended:
    """From now on this callback is owed at another number, about which nothing is known: no message is left there, and
    no text sent."""
    row = callbacks.get(transaction.tx, callback_id)
    if row is None or row.closed_at is not None:
        return Mended.GONE
    line = transaction.settings.centre.line
    number = callback_number(typed, line.countries, line.ours)
    if not isinstance(number, PhoneNumber):
        return Mended.NO_NUMBER
    kept = callbacks.save(transaction.tx, replace(row, number=number))
    change(transaction, kept, DetailsGiven(False, False))
    transaction.note(TimelineWord.NUMBER_CORRECTED, callback=callback_id, contact=row.contact_id, by=by)
    transaction.audit(AuditAction.NUMBER_CORRECTED, AuditKind.CALLBACK, callback_id, by=by)
    settled_troubles.add_if_new(transaction.tx, trouble_id, by, transaction.now)
    return Mended.DONE
