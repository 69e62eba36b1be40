"""What the carrier tells us of calls and texts afterwards, in any order and more than once.

Where something may follow from a report, whom it is about is looked up first, and their room held by it, before the
report itself is written down.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from hotline.carrier_words import FINAL_RANK, NOT_SENT, CallEnd, TextStatus
from hotline.model import ContactId, PageId
from hotline.operations.callbacks import consent
from hotline.operations.conversation import caller, interpreter, their_leg
from hotline.operations.staff import confirming, dialled_in, listening, responder
from hotline.operations.texts import redaction, relay
from hotline.operations.transaction import Transaction
from hotline.operations.watching import line_canary
from hotline.store.cases import contacts, hand_offs, listeners, pages
from hotline.store.cases.contacts import ContactRow
from hotline.store.traffic import calls_seen, messages, outbox
from hotline.telephony.webhooks import incoming
from hotline.telephony.webhooks.incoming import Form

STAYED: Final = timedelta(seconds=10)
"""Who hears nothing of ours for so long, and is still there, wants something of us."""


def call_status(transaction: Transaction, form: Form) -> None:
    """A call to us. Raises Malformed."""
    sid = incoming.sid(form, "CallSid")
    if line_canary.is_hers(transaction, incoming.number(form.get("From"), ())):
        return
    row = contacts.by_call(transaction.tx, sid)
    if not _is_news(transaction, form, sid) or form.get("CallStatus") not in incoming.ENDED:
        return
    if row is not None:
        caller.hung_up(when_it_ended(transaction, form, row), row)
    elif "From" in form and not dialled_in.is_known(transaction, sid):
        call = incoming.call(form, transaction.settings.centre.line)
        caller.missed(transaction, call, stayed=incoming.duration(form) >= STAYED)


def page_status(transaction: Transaction, form: Form, page: str) -> None:
    """A call of ours to somebody on the staff. Raises Malformed, UnknownPage."""
    sid, status = incoming.sid(form, "CallSid"), form.get("CallStatus")
    over = status in incoming.ENDED
    if over:
        pages.get(transaction.tx, PageId(page))
    if not _is_news(transaction, form, sid):
        return
    if over:
        confirming.leg_over(transaction, PageId(page), sid)
    elif status == "ringing":
        responder.ringing(transaction, PageId(page), sid)


def contact_status(transaction: Transaction, form: Form, contact: str) -> None:
    """A call of ours to a caller. Raises Malformed."""
    sid = incoming.sid(form, "CallSid")
    status = form.get("CallStatus")
    row = contacts.get(transaction.tx, ContactId(contact))
    if not _is_news(transaction, form, sid) or row is None or row.provider_sid not in (None, sid):
        return
    if status in incoming.ENDED:
        caller.hung_up(when_it_ended(transaction, form, row), row, incoming.outcome(form))
    elif status == "in-progress":
        caller.answered(transaction, row, sid)


BEEP: Final = "machine_end_beep"
MACHINE_HAS_SPOKEN: Final = frozenset({BEEP, "machine_end_silence", "machine_end_other"})
"""What AnsweredBy says of a machine that has come to the end of its greeting. All else means nothing to us."""


def machine(transaction: Transaction, form: Form, contact: str) -> None:
    """What the carrier takes for whom, when a caller whom we rang picks up: a hint, often wrong. Raises Malformed."""
    sid = incoming.sid(form, "CallSid")
    row = contacts.get(transaction.tx, ContactId(contact))
    if row is None or row.provider_sid not in (None, sid):
        return
    taken_for = form.get("AnsweredBy")
    if taken_for in MACHINE_HAS_SPOKEN:
        consent.machine_suspected(transaction, row, sid, beeped=taken_for == BEEP)


def interpreter_status(transaction: Transaction, form: Form, contact: str) -> None:
    """A call of ours to an interpreter. Raises Malformed."""
    sid = incoming.sid(form, "CallSid")
    contacts.get(transaction.tx, ContactId(contact))
    if _is_news(transaction, form, sid) and form.get("CallStatus") in incoming.ENDED:
        interpreter.leg_over(transaction, ContactId(contact), sid)


def listening_status(transaction: Transaction, form: Form, listener: str) -> None:
    """A call of ours to a trainee who is to hear a talk. Raises Malformed."""
    sid, status = incoming.sid(form, "CallSid"), form.get("CallStatus")
    listeners.get(transaction.tx, listener)
    if not _is_news(transaction, form, sid):
        return
    if status in incoming.ENDED:
        listening.leg_over(transaction, listener, sid)
    elif status == "ringing":
        listening.rings(transaction, listener, sid)


def hand_off_status(transaction: Transaction, form: Form, hand_off: str) -> None:
    """A call of ours to whom a caller is handed over to. Raises Malformed."""
    sid = incoming.sid(form, "CallSid")
    hand_offs.get(transaction.tx, hand_off)
    if _is_news(transaction, form, sid) and form.get("CallStatus") in incoming.ENDED:
        their_leg.leg_over(transaction, hand_off, sid)


def phone_code_status(transaction: Transaction, form: Form, staff: str) -> None:
    """A call of ours with a code: whether it came is shown by the code. Raises Malformed."""
    _is_news(transaction, form, incoming.sid(form, "CallSid"))


_LATE: Final = timedelta(seconds=5)
"""By more than the news of an end needs to reach us, and the carrier's whole seconds leave open."""


def when_it_ended(transaction: Transaction, form: Form, row: ContactRow) -> Transaction:
    """This transaction as of the end that the carrier tells, where the news was kept up on its way to us: how long they
    talked, and when they are rung back, counts from the end itself.

    Told by how long the call lasted from its answer, which no two clocks can disagree about.
    """
    lasted = incoming.duration(form)
    answered_at = contacts.first_answered_at(transaction.tx, row.id) if row.outbound else row.opened_at
    if not lasted or answered_at is None:
        return transaction
    ended_at = max(answered_at + lasted, row.last_turn_at)
    return replace(transaction, now=ended_at) if ended_at + _LATE < transaction.now else transaction


def _is_news(transaction: Transaction, form: Form, sid: str) -> bool:
    status = form.get("CallStatus")
    final = CallEnd(status) if status in incoming.ENDED else None
    return calls_seen.report(transaction.tx, sid, incoming.sequence(form), final, transaction.now)


def _text_status_of(form: Form) -> TextStatus | None:
    """How far a text of ours is; None for a word that we don't know, and for one that is no text of ours."""
    said = form.get("MessageStatus") or form.get("SmsStatus") or ""
    known = TextStatus(said) if said in set(TextStatus) else None
    return None if known in (TextStatus.RECEIVED, TextStatus.CANCELED) else known


def text_status(transaction: Transaction, form: Form, message: str = "") -> None:
    """A text of ours; `message` is our own id for it. Raises Malformed."""
    status = _text_status_of(form)
    if status is None:
        return
    error = form.get("ErrorCode", "")[:8] or None
    moved = messages.advance_own(transaction.tx, message, status, status.rank, error) if message else False
    sid = incoming.sid(form, "MessageSid")
    if moved or messages.advance(transaction.tx, sid, status, status.rank, error):
        known = messages.get(transaction.tx, message) if moved else messages.by_sid(transaction.tx, sid)
        consent.text_failed(transaction, known, error, form.get("From", ""))
        relay.failed(transaction, known)
    redaction.reported(transaction, sid, message, final=status.rank >= FINAL_RANK)
    if status in NOT_SENT:
        # Also of what went to staff, which is no message of a caller's.
        outbox.reported(transaction.tx, sid, error or status)
