"""The relay: what the caller of an emergency writes goes to whoever has it.

What they write by phone (`by_phone`) is watched until it has arrived.

Both see the hotline's number only. Words of the caller's go to a phone of the staff's only after its owner has used it
to write to that caller: a page may be read on a locked screen by anybody, and nobody is shown more than they asked for.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from hotline import paths
from hotline.carrier_words import NOT_SENT
from hotline.effects import Origin, OriginKind, SendText, Urgency
from hotline.model import AuditAction, AuditKind, PhoneNumber, StaffId, Subject
from hotline.oncall.escalation import EscalationStatus
from hotline.operations import staff_member
from hotline.operations.conversation import text_readings
from hotline.operations.conversation.caller import IncomingText
from hotline.operations.paging import page_codes
from hotline.operations.texts.staff_words import RELAYED
from hotline.operations.transaction import Transaction
from hotline.store.cases import contacts
from hotline.store.cases.contacts import ContactRow
from hotline.store.cases.escalations import EscalationRow
from hotline.store.overviews import conference
from hotline.store.people import audit
from hotline.store.traffic import messages, outbox
from hotline.store.traffic.messages import MessageRow

_MOST: Final = 300
"""Letters of a caller's text that are sent on; the rest is on the board."""
_AT_THE_PAGE: Final = timedelta(minutes=1)
"""So lately somebody has done something on the thread's page who need not be told that there is news on it."""


def failed(transaction: Transaction, message: MessageRow | None) -> None:
    """A text that was sent on has not arrived: whoever wrote it is told, while the emergency is theirs."""
    if message is None or message.status not in NOT_SENT or not message.id.startswith(RELAYED):
        return
    row = contacts.get(transaction.tx, message.contact_id) if message.contact_id else None
    running = conference.open_escalation(transaction.tx, row.room, Subject.EMERGENCY) if row else None
    if (
        running is not None
        and message.by_staff is not None
        and running.escalation.accepted_by == message.by_staff
    ):
        ref = page_codes.known_to(transaction, running, message.by_staff)
        _tell(transaction, running, message.by_staff, transaction.text("relay_failed", REF=ref))


# --- from the caller to staff ----------------------------------------------------------------------------------


def from_caller(transaction: Transaction, text: IncomingText) -> EscalationRow | None:
    """A caller has just written: whoever has their emergency, or their thread, is told. Returned is the emergency that
    somebody has, if danger was written in it."""
    message = messages.by_sid(transaction.tx, text.sid)
    row = contacts.get(transaction.tx, message.contact_id) if message and message.contact_id else None
    if message is None or row is None:
        return None
    emergency = None
    running = conference.open_escalations(transaction.tx, row.room)
    if not any(_is_emergency(one) for one in running) and row.caller is not None:
        elsewhere = conference.open_emergency_of(transaction.tx, row.caller)
        owner = elsewhere.escalation.accepted_by if elsewhere is not None else None
        if elsewhere is not None and owner is not None:
            # Perhaps not the same person: it is told, and the text is read on the board.
            _news(transaction, row, elsewhere, owner, message)
    for one in running:
        owner = one.escalation.accepted_by
        if one.escalation.status is EscalationStatus.ACCEPTED and owner is not None:
            _news(transaction, row, one, owner, message)
            emergency = one if _is_emergency(one) else emergency
    return emergency if emergency and text_readings.paged(transaction, message.id) else None


def _news(
    transaction: Transaction, row: ContactRow, about: EscalationRow, owner: StaffId, message: MessageRow
) -> None:
    ref = page_codes.known_to(transaction, about, owner)
    if about.escalation.subject is Subject.THREAD and text_readings.would_have_paged(transaction, message.id):
        words = transaction.text("they_wrote_danger", REF=ref)
        _tell(transaction, about, owner, words, Urgency.URGENT)
    elif _is_emergency(about) and _writes_by_phone(transaction, row, about, owner):
        _tell(transaction, about, owner, f"{ref}: {_short(message)}")
        transaction.audit(AuditAction.WORDS_TEXTED, AuditKind.CONTACT, row.id, by=owner)
    elif about.escalation.subject in (Subject.EMERGENCY, Subject.THREAD, Subject.HELP) and not _knows(
        transaction, row, about, owner
    ):
        notice = "relay_wrote" if _is_emergency(about) else "they_wrote"
        _tell(transaction, about, owner, transaction.text(notice, REF=ref))


def _writes_by_phone(transaction: Transaction, row: ContactRow, about: EscalationRow, owner: StaffId) -> bool:
    """Whether they have written to this caller from their phone since they accepted."""
    since = about.escalation.accepted_at
    return any(
        one.id.startswith(RELAYED) and one.by_staff == owner and since is not None and one.at >= since
        for one in messages.of_contact(transaction.tx, row.id)
    )


def _short(message: MessageRow) -> str:
    body = (
        message.body
        if len(message.body) <= _MOST
        else f"{message.body[:_MOST]}... (the rest is on the board)"
    )
    return f"{body} (see the board)" if message.media else body


def _knows(transaction: Transaction, row: ContactRow, about: EscalationRow, owner: StaffId) -> bool:
    """Whether they are at its page now, or have been told already and done nothing since."""
    touched = about.touched_at or about.escalation.accepted_at
    told = [
        one.created_at for one in outbox.about(transaction.tx, Origin(OriginKind.RELAY, about.escalation.id))
    ]
    if touched is None or any(at >= touched for at in told):
        return touched is not None
    looked = any(
        entry.action == AuditAction.VIEWED_THREAD and entry.staff_id == owner
        for entry in audit.about(transaction.tx, AuditKind.CONTACT, row.id)
    )
    by_hand = about.touched_at is not None and about.touched_at != about.escalation.accepted_at
    return looked and by_hand and transaction.now - touched <= _AT_THE_PAGE


def _tell(
    transaction: Transaction,
    about: EscalationRow,
    person: StaffId,
    words: str,
    urgency: Urgency = Urgency.ORDINARY,
) -> None:
    to: PhoneNumber = staff_member.known(transaction, person).phone
    urgency = Urgency.URGENT if _is_emergency(about) else urgency
    transaction.send(
        SendText(to, words, paths.SMS_STATUS),
        about=Origin(OriginKind.RELAY, about.escalation.id),
        urgency=urgency,
    )


def _is_emergency(row: EscalationRow) -> bool:
    return row.escalation.subject is Subject.EMERGENCY
