"""A number that somebody whose own is withheld tells whoever talks with them, who reads it back and writes it down.

It is looked at as one that a caller types. It adds a call and nothing else: whether a message may be left there, or a
text sent, nobody has said.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from hotline.dialling import Refusal, callback_number
from hotline.model import AuditAction, AuditKind, Channel, ContactId, PhoneNumber, StaffId, TimelineWord
from hotline.operations import flow_state
from hotline.operations.callbacks import consent
from hotline.operations.callbacks.consent import NoCalls
from hotline.operations.transaction import Transaction
from hotline.store.cases import contacts
from hotline.store.cases.contacts import ContactRow


class NotToBeTold(StrEnum):
    """Why no number is written down for somebody."""

    KNOWN = "known"
    """It is known from where they called or wrote."""
    OVER = "over"
    """There is no such case."""


def may_be_told(row: ContactRow) -> bool:
    """Whether they called with their number withheld."""
    return row.channel is Channel.VOICE and not row.outbound and row.caller is None


def write_down(
    transaction: Transaction, contact_id: ContactId, typed: str, by: StaffId, *, agreed: bool = False
) -> PhoneNumber | Refusal | NoCalls | NotToBeTold:
    """From now on they can be called at this number, in place of whatever they have given before; or why not.

    What is owed to them already stays owed where it was asked for. NoCalls: somebody at this number has asked for no
    calls, and nobody has said that they want them all the same (`agreed`).
    """
    row = contacts.get(transaction.tx, contact_id)
    if row is None:
        return NotToBeTold.OVER
    if not may_be_told(row):
        return NotToBeTold.KNOWN
    line = transaction.settings.centre.line
    number = callback_number(typed, line.countries, line.ours)
    if isinstance(number, Refusal):
        return number
    since = consent.no_calls_since(transaction, number)
    if since is not None and not agreed:
        return NoCalls(since)
    if number != flow_state.read(row).told:
        contacts.save(transaction.tx, replace(row, data=flow_state.told(row, number)))
        transaction.note(TimelineWord.NUMBER_TOLD, contact=contact_id, by=by)
        transaction.audit(AuditAction.NUMBER_TOLD, AuditKind.CONTACT, contact_id, by=by)
    return number
