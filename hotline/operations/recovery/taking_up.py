"""A call or a text that only the carrier knows of, because nothing of ours could hear it: it is on record, and owed.

Each is one transaction, and nobody is taken up twice: a webhook that comes late is answered from the record, as any
that comes again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from hotline.callbacks import daytime
from hotline.model import ContactId, TimelineWord
from hotline.operations import flow_state, incoming_text
from hotline.operations.callbacks import consent, ringing_back
from hotline.operations.conversation import caller
from hotline.operations.conversation.caller import IncomingCall, IncomingText
from hotline.operations.incoming_text import Reply
from hotline.operations.paging import duty
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks, contacts
from hotline.store.cases.contacts import ContactRow
from hotline.store.traffic import messages
from hotline.store.upkeep import carrier_lists
from hotline.store.upkeep.carrier_lists import TakenUpKind

AT_ONCE_WITHIN: Final = timedelta(hours=1)
"""Who called so lately is called back by day or night; who called before that, when it is day where they live."""


@dataclass(frozen=True, slots=True)
class UnheardCall:
    """A call that is over. Times are UTC."""

    call: IncomingCall
    began_at: datetime
    ended_at: datetime


def call(transaction: Transaction, unheard: UnheardCall) -> bool:
    """Put it on record with its own times, and promise a call back; whether it was unknown.

    No call is owed to whoever has reached a human or is with us since, works here, has asked for no calls, or is
    blocked. Whose number is withheld can't be called: they are counted.
    """
    incoming = unheard.call
    if not carrier_lists.unknown(transaction.tx, [incoming.sid]):
        return False
    hidden = incoming.caller is None
    note = (incoming.sid, TakenUpKind.CALL, unheard.began_at)
    if not carrier_lists.note(transaction.tx, *note, transaction.now, hidden=hidden):
        return False
    owed = not hidden and _is_owed(transaction, unheard)
    caller.answer(replace(transaction, now=unheard.began_at), incoming)
    row = contacts.by_call(transaction.tx, incoming.sid)
    if row is None:
        return False
    state = replace(flow_state.read(row), answered=owed, unheard_since=unheard.began_at)
    row = contacts.save(transaction.tx, replace(row, data=flow_state.written(state)))
    transaction.note(TimelineWord.UNHEARD, contact=row.id)
    caller.hung_up(transaction, row)
    _as_it_was(transaction, row.id, unheard)
    return True


def _is_owed(transaction: Transaction, unheard: UnheardCall) -> bool:
    number = unheard.call.caller
    if number is None or duty.of_number(transaction, number) is not None:
        return False
    if consent.no_calls_since(transaction, number) is not None:
        return False
    since = contacts.opened_since(transaction.tx, number, unheard.began_at)
    return not any(one.reached_at is not None or _is_on_the_line(one) for one in since)


def _is_on_the_line(row: ContactRow) -> bool:
    return row.provider_sid is not None and row.ended_at is None


def _as_it_was(transaction: Transaction, contact_id: ContactId, unheard: UnheardCall) -> None:
    """It ended when it ended; and nobody is rung at night for what they wanted in the evening."""
    row = contacts.get(transaction.tx, contact_id)
    if row is None:
        return
    contacts.save(transaction.tx, replace(row, ended_at=unheard.ended_at))
    owed = callbacks.get(transaction.tx, row.callback_id) if row.callback_id else None
    if owed is None or owed.contact_id != row.id or owed.number is None:
        return
    if transaction.now - unheard.ended_at > AT_ONCE_WITHIN and owed.callback.due_at is not None:
        by_day = daytime.in_daytime(owed.callback.due_at, ringing_back.zones_of(transaction, owed.number))
        moved = by_day - owed.callback.due_at
        rule = replace(owed.callback, due_at=by_day, promised_at=owed.callback.promised_at + moved)
        callbacks.save(transaction.tx, replace(owed, callback=rule))


def text(transaction: Transaction, unheard: IncomingText) -> Reply | None:
    """Read it as if it had come in, with its age; what it is to be answered, or None if it was known.

    `sent_at` is when it was sent (UTC).
    """
    if unheard.sent_at is None or messages.by_sid(transaction.tx, unheard.sid) is not None:
        return None
    note = (unheard.sid, TakenUpKind.TEXT, unheard.sent_at)
    if not carrier_lists.note(transaction.tx, *note, transaction.now):
        return None
    reply = incoming_text.receive(transaction, unheard)
    kept = messages.by_sid(transaction.tx, unheard.sid)
    if kept is not None and kept.contact_id is not None:
        transaction.note(TimelineWord.UNHEARD, contact=kept.contact_id)
    return reply
