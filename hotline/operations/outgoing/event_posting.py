"""Events leave one after the other in each case, at least once, and are tried again for three days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from hotline.model import Language, Line, PhoneNumber
from hotline.operations.looking_back.exporting import NOTICE
from hotline.operations.transaction import Transaction
from hotline.settings.events_settings import EventField
from hotline.store.cases import callbacks, contacts, escalations
from hotline.store.cases.contacts import ContactRow
from hotline.store.traffic import outgoing_events
from hotline.store.traffic.outgoing_events import OutgoingEvent

LEASE: Final = timedelta(seconds=120)
"""Longer than all posts of one look may take: what somebody claimed and died with is due again after it."""
PAUSES: Final = tuple(
    timedelta(seconds=seconds) for seconds in (5, 30, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
)
"""From each try in vain to the next: three days in all, as Standard Webhooks advises. Then it is a dead letter."""
AT_ONCE: Final = 5
"""Events of one look, each of another case."""
KEPT: Final = timedelta(days=30)
"""How long what was taken is remembered, to find what a receiver asks after."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What is posted: the same id and body at each try, but for what has become of the case meanwhile."""

    event: OutgoingEvent
    body: dict[str, Any]


def take_due(transaction: Transaction) -> list[Letter]:
    """Claim what is due, of each case the oldest, and say what is to be posted."""
    due = outgoing_events.claim_due(transaction.tx, transaction.now, LEASE, AT_ONCE)
    return [Letter(event, body(transaction, event)) for event in due]


def settle(transaction: Transaction, event: OutgoingEvent, error: str | None) -> bool:
    """Note what became of it; whether the next of its case may follow. None: it was taken."""
    if error is None:
        outgoing_events.taken(transaction.tx, event, transaction.now)
        return True
    if event.tries <= len(PAUSES):
        again_at = transaction.now + PAUSES[event.tries - 1]
        outgoing_events.again(transaction.tx, event, again_at, error)
        return False
    outgoing_events.dead(transaction.tx, event, transaction.now, error)
    return True


def forget_old(transaction: Transaction) -> int:
    """What was taken long ago needs no row; how many went. Dead letters stay until somebody sees to them."""
    return outgoing_events.forget(transaction.tx, transaction.now - KEPT)


def body(transaction: Transaction, event: OutgoingEvent) -> dict[str, Any]:
    """Ids, the kind and the time (UTC), what is switched on beside them, and the notice on redisclosure."""
    data: dict[str, Any] = {
        "case": event.case,
        "contact": event.contact_id,
        "callback": event.callback_id,
        "escalation": event.escalation_id,
        "staff": event.by_staff,
    }
    if event.kind == "page.opened":
        data["subject"] = event.detail
    data |= _switched_on(transaction, event)
    return {
        "type": event.kind,
        "timestamp": _written(event.at),
        "data": {name: value for name, value in data.items() if value is not None},
        "notice": NOTICE,
    }


def _switched_on(transaction: Transaction, event: OutgoingEvent) -> dict[str, Any]:
    """As it stands now: who tries again after an hour tells what has become right meanwhile."""
    wanted = frozenset(transaction.settings.centre.events.fields)
    told: dict[EventField, str | None] = {}
    if event.kind == "callback.outcome":
        told[EventField.OUTCOME] = event.detail
    if wanted - {EventField.OUTCOME}:
        callback = callbacks.get(transaction.tx, event.callback_id) if event.callback_id else None
        contact = _contact(transaction, event)
        if callback is not None:
            told |= _of(callback.callback.line, callback.callback.language, callback.number)
        elif contact is not None:
            told |= _of(contact.line, contact.language, contact.caller)
    return {field.value: told.get(field) for field in wanted}


def _of(line: Line | None, language: Language, number: PhoneNumber | None) -> dict[EventField, str | None]:
    return {
        EventField.LINE: line,
        EventField.LANGUAGE: language,
        EventField.NUMBER: number.e164 if number is not None else None,
    }


def _contact(transaction: Transaction, event: OutgoingEvent) -> ContactRow | None:
    contact_id = event.contact_id
    if contact_id is None and event.escalation_id is not None:
        about = escalations.get(transaction.tx, event.escalation_id)
        contact_id = about.contact_id if about is not None else None
    return contacts.get(transaction.tx, contact_id) if contact_id is not None else None


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
