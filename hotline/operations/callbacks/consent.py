"""What a caller has allowed, enforced where something would leave: no message and no text without a yes.

Whoever was not asked, or did not answer, has said no; so has an emergency, of which nothing is left anywhere. It is
looked up again each time, as things stand then: when something is promised, when it leaves, and when it is spoken.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hotline import paths
from hotline.callbacks.callback import Callback, CallbackStatus
from hotline.carrier_words import STOPPED, TextStatus
from hotline.effects import Origin, OriginKind, RedirectCall, SendText, Urgency
from hotline.model import CallbackId, ContactId, Line, Outcome, PhoneNumber, StaffId, Subject, TimelineWord
from hotline.operations import flow_state, staff_member
from hotline.operations.callbacks import spending
from hotline.operations.paging import telling_staff
from hotline.operations.paging.way_back import is_call_only, is_out
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks, contacts
from hotline.store.cases.callbacks import CallbackRow
from hotline.store.cases.contacts import ContactRow
from hotline.store.overviews import conference
from hotline.store.people import callers
from hotline.store.traffic import messages, outbox
from hotline.store.traffic.messages import Direction, MessageRow
from hotline.triage.contact import ContactState

_TEXT: Final = "discreet-"
"""With a callback's id: its one discreet text."""
_TEXT_AFTER: Final = frozenset({Outcome.NO_ANSWER, Outcome.BUSY})
"""Attempts after which it is sent. A message that was left has said as much already."""


# --- a call ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NoCalls:
    """They have asked for no calls, since then (UTC), and nobody says that they want this one."""

    since: datetime


def no_calls_since(transaction: Transaction, number: PhoneNumber | None) -> datetime | None:
    """When this number asked us to call no more (UTC), unless it has asked for a call itself since; or None."""
    return callers.get(transaction.tx, number).no_calls_at if number is not None else None


def refuses_calls(transaction: Transaction, row: CallbackRow) -> bool:
    """Whether they have asked for no calls since this one was wanted. An emergency only a human closes."""
    since = no_calls_since(transaction, row.number) if row.callback.line is not Line.EMERGENCY else None
    return since is not None and row.callback.opened_at <= since


# --- a message on a machine ------------------------------------------------------------------------------------


def allows_message(rule: Callback) -> bool:
    """Whether the one discreet message may be left on a machine."""
    return rule.message_safe and rule.line is not Line.EMERGENCY


def message_allowed(transaction: Transaction, call: ContactRow) -> bool:
    """Whether this call of ours may leave one now: nobody has confirmed it, and the caller still allows it there."""
    found = callbacks.get(transaction.tx, call.callback_id) if call.callback_id else None
    if found is None or not is_asked(call):
        return False
    ours = found.call_contact_id == call.id and found.number == call.caller
    return ours and found.callback.status is CallbackStatus.CALLING and allows_message(found.callback)


def is_asked(call: ContactRow) -> bool:
    """Whether whoever picked up this call of ours is still asked whose phone it is."""
    return call.state == ContactState.ASKED_FOR_CALL and call.ended_at is None


def machine_suspected(transaction: Transaction, call: ContactRow, call_sid: str, *, beeped: bool) -> None:
    """The carrier hears the end of a machine's greeting: its leg is taken, once, to where the message is spoken or, if
    none is allowed, nothing more is said. Without a beep it may be an assistant, whose owner reads what we say: only a
    message that is allowed stops our question then."""
    if not is_asked(call) or not (beeped or message_allowed(transaction, call)):
        return
    told = RedirectCall(call_sid, paths.voicemail(call.id))
    about = Origin(OriginKind.CONTACT, call.id)
    if all(row.effect != told for row in outbox.about(transaction.tx, about)):
        transaction.note(TimelineWord.MACHINE_SUSPECTED, contact=call.id, callback=call.callback_id)
        transaction.send(told, about=about)


def still_owed(transaction: Transaction, call: ContactRow) -> bool:
    """Whether this call of ours is still to be placed: its callback may be over by now."""
    found = callbacks.get(transaction.tx, call.callback_id) if call.callback_id else None
    return call.ended_at is None and (found is None or found.callback.is_open)


# --- a text ----------------------------------------------------------------------------------------------------


def texts_are_safe(transaction: Transaction, number: PhoneNumber) -> bool | None:
    """What was said of texts to this telephone, in whatever is open about it, by call and by text: no, if anybody has
    said no; yes, if somebody has said yes; None, if nobody has said anything. Cards, pages and texts heed this."""
    told = [_said_of_texts(transaction, one) for one in callbacks.open_for(transaction.tx, number)]
    thread = contacts.open_thread(transaction.tx, number)
    if thread is not None:
        told.append(flow_state.read(thread).text_safe)
    return False if False in told else True if True in told else None


def _said_of_texts(transaction: Transaction, row: CallbackRow) -> bool | None:
    """By whoever first asked for this call, and since; a callback alone doesn't tell a no from a question not asked."""
    origin = contacts.get(transaction.tx, row.contact_id)
    first = flow_state.read(origin).text_safe if origin is not None else None
    if row.callback.text_safe and first is not False:
        return True
    if row.callback.line is Line.EMERGENCY:
        return first  # nobody is asked anything before they are called
    return None if first is None else False


def text_allowed(transaction: Transaction, row: CallbackRow) -> bool:
    """Whether a text may go to whoever waits for this callback, as things stand now."""
    rule = row.callback
    wanted = rule.is_open and not rule.is_with_caller and rule.line is not Line.EMERGENCY
    if row.number is None or not wanted or not texts_are_safe(transaction, row.number):
        return False
    return not is_out(transaction, row.number, row.our_number)


def not_reached(
    transaction: Transaction, row: CallbackRow, call: ContactRow, outcome: Outcome, by: StaffId | None
) -> None:
    """Nobody took the call that `by` was waiting for: one discreet text for the whole callback, if that is safe."""
    message_id = f"{_TEXT}{row.callback.id}"
    if by is None or row.number is None or row.number != call.caller or outcome not in _TEXT_AFTER:
        return
    if not text_allowed(transaction, row) or messages.get(transaction.tx, message_id) is not None:
        return
    if not spending.texts_left(transaction):
        return
    who = staff_member.first_name(transaction, by)
    words = transaction.text("discreet", row.callback.language, call.our_number, FIRST=who)
    text = SendText(row.number, words, paths.text_status(message_id), transaction.our_number(call.our_number))
    about = Origin(OriginKind.MESSAGE, message_id)
    outbox_id = transaction.send(text, about=about, urgency=Urgency.ORDINARY, to_caller=True)
    kept = MessageRow(
        id=message_id,
        contact_id=call.id,
        direction=Direction.OUT,
        number=row.number,
        body=words,
        status=TextStatus.QUEUED,
        status_rank=TextStatus.QUEUED.rank,
        at=transaction.now,
        outbox_id=outbox_id,
    )
    messages.add(transaction.tx, kept)
    transaction.note(TimelineWord.DISCREET_TEXT, contact=call.id, callback=row.callback.id, by=by)


def still_allowed(transaction: Transaction, message_id: str) -> bool:
    """Whether a text that waits to leave may still do so. Replies always may: they answer what has just come in."""
    if not message_id.startswith(_TEXT):
        message = messages.get(transaction.tx, message_id)
        if message is None or message.by_staff is None:
            return True
        contact = contacts.get(transaction.tx, message.contact_id) if message.contact_id else None
        return not is_out(transaction, message.number, contact.our_number if contact else "")
    row = callbacks.get(transaction.tx, CallbackId(message_id.removeprefix(_TEXT)))
    return row is not None and text_allowed(transaction, row)


def text_failed(transaction: Transaction, message: MessageRow | None, error: str | None, ours: str) -> None:
    """The carrier has not delivered a text to a caller. If they have told it STOP, then they have told us.

    `ours`: the number that it was sent from, at which the carrier keeps that STOP.
    """
    if message is None or error != STOPPED:
        return
    known = callers.get(transaction.tx, message.number)
    told = known.refused(transaction.our_number(ours).e164, transaction.now)
    if told != known:
        callers.save(transaction.tx, told)
        transaction.note(TimelineWord.OPTED_OUT, contact=message.contact_id)
        _tell_that_only_a_call_reaches_them(transaction, message.contact_id)


def _tell_that_only_a_call_reaches_them(transaction: Transaction, contact_id: ContactId | None) -> None:
    """The page for their emergency has left already, and didn't say so."""
    contact = contacts.get(transaction.tx, contact_id) if contact_id else None
    running = conference.open_escalation(transaction.tx, contact.room, Subject.EMERGENCY) if contact else None
    if running is None or not is_call_only(transaction, running):
        return
    rule = running.escalation
    for person in (rule.accepted_by,) if rule.accepted_by else sorted(rule.ringing):
        telling_staff.text_about(transaction, running, person, "page_call_only")
