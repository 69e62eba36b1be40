"""What could not be sent, did not arrive, or is being tried again: texts and calls, to callers and to staff."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, assert_never

from hotline.carrier_words import LANDLINE, NO_SUCH_NUMBER, STOPPED, TextStatus
from hotline.effects import (
    CallOff,
    DeleteMedia,
    Effect,
    HangUp,
    OriginKind,
    PlaceCall,
    RedactMessage,
    RedirectCall,
    SendText,
)
from hotline.model import (
    AuditAction,
    AuditKind,
    CallbackId,
    ContactId,
    EscalationId,
    PageId,
    PhoneNumber,
    StaffId,
)
from hotline.operations.texts import redaction
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks, contacts, escalations, pages
from hotline.store.people import audit, staff
from hotline.store.traffic import messages, outbox, outgoing_events, settled_troubles
from hotline.store.traffic.messages import MessageRow
from hotline.store.traffic.outbox import EffectStatus, OutboxRow
from hotline.worded import worded

SHOWN_FOR: Final = timedelta(days=7)
_VIEW_COUNTS_FOR: Final = timedelta(hours=1)
_AT_MOST: Final = 100
_SENDS: Final = (PlaceCall, SendText)


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that did not reach whom it was for. Times are UTC."""

    id: str
    at: datetime
    what: str
    """One of text, call, removal (of words at the provider), change (to a running call)."""
    to_staff: str | None
    """Whom of the staff it was for."""
    error: str | None
    status: TextStatus
    contact: ContactId | None
    trying: bool
    """It is looked up, or tried again, by itself."""
    number: PhoneNumber | None = field(repr=False)
    """The caller's, if it was for one."""
    again: bool = False
    """It is a text whose words may be sent once more."""
    owed: CallbackId | None = None
    """What is owed at a number that nobody has: it may be put right."""


@dataclass(frozen=True, slots=True)
class Undelivered:
    """The newest first."""

    now: datetime
    troubles: tuple[Trouble, ...]
    events_given_up: int = 0
    """Events that another system of the centre's could not be told."""


def look(transaction: Transaction) -> Undelivered:
    """Everything of the last days."""
    since = transaction.now - SHOWN_FOR
    texts = [_text(one) for one in messages.not_sent(transaction.tx, since, _AT_MOST)]
    known = {one.id for one in texts}
    sends = [
        _send(transaction, row)
        for row in outbox.troubled(transaction.tx, since, _AT_MOST)
        if row.origin.id not in known
        and not (redaction.is_one(row.effect) and row.status is not EffectStatus.FAILED)
    ]
    settled = settled_troubles.among(transaction.tx, [one.id for one in (*texts, *sends)])
    left = [_with_owed(transaction, one) for one in (*texts, *sends) if one.id not in settled]
    newest_first = sorted(left, key=lambda one: one.at, reverse=True)
    return Undelivered(transaction.now, tuple(newest_first[:_AT_MOST]), _events_given_up(transaction))


def _events_given_up(transaction: Transaction) -> int:
    told = transaction.settings.centre.events.address
    return outgoing_events.held(transaction.tx).dead if told else 0


def _with_owed(transaction: Transaction, one: Trouble) -> Trouble:
    if one.number is None or one.error not in NO_SUCH_NUMBER:
        return one
    owed = callbacks.open_for(transaction.tx, one.number)
    return replace(one, owed=owed[0].callback.id) if owed else one


def looked(transaction: Transaction, by: StaffId) -> None:
    """Audited once an hour and person."""
    lately = transaction.now - _VIEW_COUNTS_FOR
    entries = audit.about(transaction.tx, AuditKind.STAFF, by)
    if not any(one.action == AuditAction.VIEWED_DELIVERIES and one.at > lately for one in entries):
        transaction.audit(AuditAction.VIEWED_DELIVERIES, AuditKind.STAFF, by, by=by)


def _text(one: MessageRow) -> Trouble:
    return Trouble(
        id=one.id,
        at=one.at,
        what="text",
        to_staff=None,
        error=one.error,
        status=one.status,
        contact=one.contact_id,
        trying=False,
        number=one.number,
        again=one.contact_id is not None and one.error not in (STOPPED, LANDLINE, *NO_SUCH_NUMBER),
    )


def _send(transaction: Transaction, row: OutboxRow) -> Trouble:
    person = _person(transaction, row)
    contact = _contact(transaction, row)
    effect = row.effect
    to_caller = person is None and isinstance(effect, _SENDS)
    return Trouble(
        id=row.id,
        at=row.created_at,
        what=_what(effect),
        to_staff=person,
        error=row.error,
        status=TextStatus.UNDELIVERED if row.status is EffectStatus.SENT else TextStatus.FAILED,
        contact=contact,
        trying=row.status in (EffectStatus.WAITING, EffectStatus.CLAIMED, EffectStatus.UNSURE),
        number=effect.to if to_caller and isinstance(effect, _SENDS) else None,
    )


def _what(effect: Effect) -> str:
    match effect:
        case SendText():
            return "text"
        case PlaceCall():
            return "call"
        case RedactMessage() | DeleteMedia():
            return "removal"
        case RedirectCall() | HangUp() | CallOff():
            return "change"
        case _:
            assert_never(effect)


def _person(transaction: Transaction, row: OutboxRow) -> str | None:
    match row.origin.kind:
        case OriginKind.PAGE:
            page = pages.get(transaction.tx, PageId(row.origin.id))
            member = staff.get(transaction.tx, page.staff_id) if page else None
        case OriginKind.STAFF:
            member = staff.get(transaction.tx, StaffId(row.origin.id))
        case OriginKind.RELAY:
            about = escalations.get(transaction.tx, EscalationId(row.origin.id))
            owner = about.escalation.accepted_by if about else None
            member = staff.get(transaction.tx, owner) if owner else None
        case OriginKind.INTERPRETER:
            return worded("The interpreter")
        case OriginKind.LISTENER:
            return worded("A trainee who was to listen")
        case OriginKind.HAND_OFF:
            return worded("Whom a caller was handed over to")
        case _:
            return None
    return member.name if member else worded("Somebody on the staff")


def _contact(transaction: Transaction, row: OutboxRow) -> ContactId | None:
    match row.origin.kind:
        case OriginKind.CONTACT:
            found = contacts.get(transaction.tx, ContactId(row.origin.id))
            return found.id if found else None
        case OriginKind.MESSAGE:
            message = messages.get(transaction.tx, row.origin.id)
            return message.contact_id if message else None
        case _:
            return None
