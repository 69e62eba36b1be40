"""The relay: whoever has accepted an emergency writes to the caller by answering the page's text, and is written to.

Both see the hotline's number only. Words of the caller's go to a phone of the staff's only after its owner has used it
to write to that caller: a page may be read on a locked screen by anybody, and nobody is shown more than they asked for.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from hotline import paths
from hotline.effects import SendText, Urgency
from hotline.model import PhoneNumber, StaffId, Subject
from hotline.oncall.escalation import Status
from hotline.operations import reaching, threads, writing
from hotline.operations.caller import IncomingText
from hotline.operations.house import Desk
from hotline.operations.writing import FREELY, NEVER
from hotline.store import audit, contacts, escalations, messages, outbox, pages, rooms
from hotline.store.contacts import ContactRow
from hotline.store.escalations import EscalationRow
from hotline.store.messages import NOT_SENT, Message
from hotline.store.outbox import Origin
from hotline.triage.meaning import is_carrier_keyword

_RELAYED: Final = "relay-"
"""With a MessageSid: the text to the caller that a member of staff's text became."""
_REFERENCE: Final = re.compile(r"[0-9A-F]{4}")
_MOST: Final = 300
"""Letters of a caller's text that are sent on; the rest is on the board."""
_AT_THE_PAGE: Final = timedelta(minutes=1)
"""So lately somebody has done something on the thread's page who need not be told that there is news on it."""


# --- from staff to the caller ----------------------------------------------------------------------------------


def from_staff(desk: Desk, person: StaffId, text: IncomingText) -> str | None:
    """Send it on to the caller of the emergency that they have, and say what became of it.

    None if they have none, or the carrier takes the text for its own keyword: it is no text for a caller then.
    """
    theirs = [one for one in escalations.accepted_by(desk.tx, person) if _is_emergency(one)]
    if not theirs or is_carrier_keyword(text.body):
        return None
    named, words = _prefix(text.body)
    if named is not None:
        meant = [one for one in theirs if reaching.reference(one.escalation.id) == named]
        if not meant and pages.by_reference(desk.tx, person, named) is not None:
            return desk.text("page_over", REF=named)
        if not meant:
            meant, words = theirs, text.body
    else:
        meant = theirs
    ref = reaching.reference(meant[-1].escalation.id)
    if len(meant) > 1:
        return desk.text("relay_which", REF=ref)
    if text.media or not words.strip():
        return desk.text("relay_words_only", REF=ref)
    return desk.text(_send_on(desk, meant[0], person, text, words.strip()), REF=ref)


def _is_emergency(row: EscalationRow) -> bool:
    return row.escalation.subject is Subject.EMERGENCY


def _prefix(body: str) -> tuple[str | None, str]:
    """What may be a reference, and the words behind it."""
    first, _, rest = body.strip().partition(" ")
    code = first.rstrip(":,.;-").upper()
    return (code, rest) if _REFERENCE.fullmatch(code) and rest.strip() else (None, body)


def _send_on(desk: Desk, row: EscalationRow, person: StaffId, text: IncomingText, words: str) -> str:
    """The prompt that says what became of it."""
    contact = contacts.get(desk.tx, row.contact_id) if row.contact_id else None
    safe = writing.safe_to_text(desk, contact) if contact else None
    if contact is None or safe in NEVER:
        return "relay_stopped"
    if safe not in FREELY:
        return "relay_unsafe"
    writing.send(desk, contact, words, person, f"{_RELAYED}{text.sid}", urgent=True)
    threads.touch(desk, row)
    desk.note("text_relayed", contact=contact.id, escalation=row.escalation.id, by=person)
    audit.add(desk.tx, audit.Entry(desk.now, person, "text by phone", "contact", contact.id))
    return "relay_sent"


def failed(desk: Desk, message: Message | None) -> None:
    """A text that was sent on has not arrived: whoever wrote it is told, while the emergency is theirs."""
    if message is None or message.status not in NOT_SENT or not message.id.startswith(_RELAYED):
        return
    row = contacts.get(desk.tx, message.contact_id) if message.contact_id else None
    running = rooms.open_escalation(desk.tx, row.room, Subject.EMERGENCY) if row else None
    if (
        running is not None
        and message.by_staff is not None
        and running.escalation.accepted_by == message.by_staff
    ):
        ref = reaching.reference(running.escalation.id)
        _tell(desk, running, message.by_staff, desk.text("relay_failed", REF=ref))


# --- from the caller to staff ----------------------------------------------------------------------------------


def from_caller(desk: Desk, text: IncomingText) -> None:
    """A caller has just written: whoever has their emergency, or their thread, is told."""
    message = messages.by_sid(desk.tx, text.sid)
    row = contacts.get(desk.tx, message.contact_id) if message and message.contact_id else None
    if message is None or row is None:
        return
    for one in rooms.open_escalations(desk.tx, row.room):
        owner = one.escalation.accepted_by
        if one.escalation.status is Status.ACCEPTED and owner is not None:
            _news(desk, row, one, owner, message)


def _news(desk: Desk, row: ContactRow, about: EscalationRow, owner: StaffId, message: Message) -> None:
    ref = reaching.reference(about.escalation.id)
    if _is_emergency(about) and _writes_by_phone(desk, row, about, owner):
        _tell(desk, about, owner, f"{ref}: {_short(message)}")
    elif about.escalation.subject in (Subject.EMERGENCY, Subject.THREAD) and not _knows(
        desk, row, about, owner
    ):
        notice = "relay_wrote" if _is_emergency(about) else "they_wrote"
        _tell(desk, about, owner, desk.text(notice, REF=ref))


def _writes_by_phone(desk: Desk, row: ContactRow, about: EscalationRow, owner: StaffId) -> bool:
    """Whether they have written to this caller from their phone since they accepted."""
    since = about.escalation.accepted_at
    return any(
        one.id.startswith(_RELAYED) and one.by_staff == owner and since is not None and one.at >= since
        for one in messages.of_contact(desk.tx, row.id)
    )


def _short(message: Message) -> str:
    body = (
        message.body
        if len(message.body) <= _MOST
        else f"{message.body[:_MOST]}... (the rest is on the board)"
    )
    return f"{body} (see the board)" if message.media else body


def _knows(desk: Desk, row: ContactRow, about: EscalationRow, owner: StaffId) -> bool:
    """Whether they are at its page now, or have been told already and done nothing since."""
    touched = about.touched_at or about.escalation.accepted_at
    told = [one.created_at for one in outbox.about(desk.tx, Origin("relay", about.escalation.id))]
    if touched is None or any(at >= touched for at in told):
        return touched is not None
    looked = any(
        entry.action == threads.LOOKED and entry.staff_id == owner
        for entry in audit.about(desk.tx, "contact", row.id)
    )
    by_hand = about.touched_at is not None and about.touched_at != about.escalation.accepted_at
    return looked and by_hand and desk.now - touched <= _AT_THE_PAGE


def _tell(desk: Desk, about: EscalationRow, person: StaffId, words: str) -> None:
    to: PhoneNumber = reaching.known(desk, person).phone
    urgency = Urgency.URGENT if _is_emergency(about) else Urgency.ORDINARY
    desk.send(
        SendText(to, words, paths.SMS_STATUS), about=Origin("relay", about.escalation.id), urgency=urgency
    )
