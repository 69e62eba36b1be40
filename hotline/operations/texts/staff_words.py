"""Whoever has an emergency writes to its caller by texting us: the first words wait for a yes, and for a key.

They see the hotline's number only, and so does the caller. What the caller writes is in `relay`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from hotline.model import AuditAction, AuditKind, StaffId, Subject, TimelineWord
from hotline.operations import staff_member
from hotline.operations.conversation.caller import IncomingText
from hotline.operations.paging import key_request, page_codes
from hotline.operations.paging.one_ring import Rings
from hotline.operations.texts import threads, writing
from hotline.operations.texts.writing import FREELY, NEVER
from hotline.operations.transaction import Transaction
from hotline.store.cases import contacts, escalations, pages
from hotline.store.cases.escalations import EscalationRow
from hotline.store.cases.pages import PageState, Purpose
from hotline.store.traffic import messages
from hotline.store.traffic.messages import Direction, MessageRow
from hotline.triage.meaning import is_carrier_keyword
from hotline.triage.texts.staff_replies import LOOKS_LIKE_CODE

RELAYED: Final = "relay-"
"""With a MessageSid: the text to the caller that a member of staff's text became."""
_YES: Final = frozenset({"YES", "Y", "SEND"})
_KEPT: Final = timedelta(minutes=15)
"""How long words wait for a yes."""
_LOOKED_AT: Final = 10
_PROVEN_FOR: Final = timedelta(hours=1)
"""How long the key that sent the first words stands for those that follow."""


def from_staff(transaction: Transaction, person: StaffId, text: IncomingText) -> str | None:
    """Send it on to the caller of the emergency that they have, and say what became of it.

    The first words are asked about, for not all that somebody texts is meant for the caller; and then, as a text is
    proof of nobody, they wait for a key on a call to the verified phone. None if they have no emergency, or the
    carrier takes the text for its own keyword: it is no text for a caller then.
    """
    theirs = _emergencies(transaction, person)
    if is_carrier_keyword(text.body):
        return None
    if not theirs:
        return _not_theirs_yet(transaction, person, text.body)
    if _is_yes(text.body):
        return _yes(transaction, person, theirs)
    return _for_a_caller(transaction, person, text, theirs)


def _for_a_caller(
    transaction: Transaction, person: StaffId, text: IncomingText, theirs: Sequence[EscalationRow]
) -> str:
    named, words = _prefix(text.body)
    page = pages.by_reference(transaction.tx, person, named) if named else None
    if page is None:
        named, words = None, text.body
    meant = [one for one in theirs if page is None or one.escalation.id == page.escalation_id]
    if not meant:
        return transaction.text("page_over", REF=named or "")
    ref = named or page_codes.known_to(transaction, meant[-1], person)
    if len(meant) > 1:
        return transaction.text("relay_which", REF=ref)
    words_only = "relay_words_only" if text.media or not words.strip() else None
    refused = words_only or _refused(transaction, meant[0])
    if refused is not None:
        return transaction.text(refused, REF=ref)
    if is_proven(transaction, meant[0], person):
        _send_on(transaction, meant[0], person, text.sid, words.strip())
        return transaction.text("relay_sent", REF=ref)
    return (
        _to_be_confirmed(transaction, meant[0], person, text.sid, ref)
        if named
        else transaction.text("relay_ask", REF=ref)
    )


def _is_yes(words: str) -> bool:
    return words.strip().upper().rstrip(".!") in _YES


def _emergencies(transaction: Transaction, person: StaffId) -> list[EscalationRow]:
    return [one for one in escalations.accepted_by(transaction.tx, person) if _is_emergency(one)]


def _is_emergency(row: EscalationRow) -> bool:
    return row.escalation.subject is Subject.EMERGENCY


def _not_theirs_yet(transaction: Transaction, person: StaffId, body: str) -> str | None:
    """They have said that they take one, and no key has proven it: what they write is for its caller, later. It is
    called by the code that they know it by: the one that they wrote, or the one on their screen."""
    named, _ = _prefix(body)
    meant = pages.by_reference(transaction.tx, person, named) if named else None
    waiting = [*reversed(pages.open_of_staff(transaction.tx, person))]
    for page in [meant, *waiting] if meant is not None else waiting:
        row = escalations.get(transaction.tx, page.escalation_id)
        if row is not None and _is_emergency(row) and person in row.escalation.coming:
            ref = page.reference if page is meant else page_codes.known_to(transaction, row, person)
            return transaction.text("relay_not_yours", REF=ref)
    return None


def _prefix(body: str) -> tuple[str | None, str]:
    """What may be a code, and the words behind it."""
    first, _, rest = body.strip().partition(" ")
    code = first.rstrip(":,.;-")
    return (code, rest) if LOOKS_LIKE_CODE.fullmatch(code) and rest.strip() else (None, body)


def _refused(transaction: Transaction, row: EscalationRow) -> str | None:
    """The prompt that says why nothing can be sent; None if it can."""
    contact = contacts.get(transaction.tx, row.contact_id) if row.contact_id else None
    safe = writing.safe_to_text(transaction, contact) if contact else None
    if contact is None or safe in NEVER:
        return "relay_stopped"
    return None if safe in FREELY else "relay_unsafe"


def is_proven(transaction: Transaction, row: EscalationRow, person: StaffId) -> bool:
    """Whether a key on a call to their phone, or the console, has lately shown that they write to this caller."""
    accepted_at = row.escalation.accepted_at or transaction.now
    since = max(accepted_at, transaction.now - _PROVEN_FOR)
    confirmed = any(
        page.staff_id == person
        and page.purpose is Purpose.WRITE
        and page.state is PageState.ACCEPTED
        and page.answered_at is not None
        and page.answered_at >= since
        for page in pages.of_escalation(transaction.tx, row.escalation.id)
    )
    return confirmed or _wrote_on_console(transaction, row, person, since)


def _wrote_on_console(transaction: Transaction, row: EscalationRow, person: StaffId, since: datetime) -> bool:
    if row.contact_id is None:
        return False
    written = messages.of_contact(transaction.tx, row.contact_id)
    return any(
        one.by_staff == person and one.at >= since and not one.id.startswith(RELAYED) for one in written
    )


def answers_ask(transaction: Transaction, person: StaffId, words: str, since: datetime | None) -> bool:
    """Whether these words are the yes to words that were asked about, since then (UTC) if it is given."""
    if not _is_yes(words):
        return False
    asked = _asked(transaction, person, _emergencies(transaction, person))
    return asked is not None and (since is None or asked.text.at >= since)


@dataclass(frozen=True, slots=True)
class _AskedAbout:
    """Words of theirs, and whose caller they may be for."""

    text: MessageRow
    row: EscalationRow
    ref: str


def _yes(transaction: Transaction, person: StaffId, theirs: Sequence[EscalationRow]) -> str | None:
    """Their last words that were asked about are meant for the caller."""
    asked = _asked(transaction, person, theirs)
    if asked is None:
        return None
    return _to_be_confirmed(transaction, asked.row, person, asked.text.provider_sid, asked.ref)


def _asked(transaction: Transaction, person: StaffId, theirs: Sequence[EscalationRow]) -> _AskedAbout | None:
    """The last words of theirs that were asked about, unless they have said no since."""
    known = staff_member.known(transaction, person).phone
    lately = messages.latest_with(
        transaction.tx, known, Direction.IN, transaction.now - _KEPT, at_most=_LOOKED_AT
    )
    refs = [(row, page_codes.known_to(transaction, row, person)) for row in theirs]
    for one in lately:
        reply = messages.get(transaction.tx, f"reply-{one.provider_sid}")
        for row, ref in refs:
            if reply is not None and reply.body == transaction.text("relay_ask", REF=ref):
                return _AskedAbout(one, row, ref)
            if reply is not None and reply.body == transaction.text("page_yours_refused", REF=ref):
                return None
    return None


_WAITS_FOR_KEY: Final = {
    Rings.NOW: "relay_rings",
    Rings.LATER: "relay_later",
    Rings.TALKS: "relay_talks",
    Rings.NOT: "relay_later",
}


def _to_be_confirmed(
    transaction: Transaction, row: EscalationRow, person: StaffId, sid: str | None, ref: str
) -> str:
    rings = key_request.ask(transaction, row, person, Purpose.WRITE, sid)
    return transaction.text(_WAITS_FOR_KEY[rings], REF=ref)


def send_kept(transaction: Transaction, row: EscalationRow, person: StaffId, sid: str | None) -> bool:
    """They have pressed the key: send the words of that text on; whether they can be sent."""
    kept = messages.by_sid(transaction.tx, sid) if sid else None
    if kept is None or _refused(transaction, row) is not None:
        return False
    _, words = _prefix(kept.body)
    _send_on(transaction, row, person, kept.provider_sid or kept.id, words.strip())
    return True


def _send_on(transaction: Transaction, row: EscalationRow, person: StaffId, sid: str, words: str) -> None:
    contact = contacts.get(transaction.tx, row.contact_id) if row.contact_id else None
    if contact is None:
        return
    writing.send(transaction, contact, words, person, f"{RELAYED}{sid}", urgent=True)
    threads.touch(transaction, escalations.get(transaction.tx, row.escalation.id) or row)
    transaction.note(TimelineWord.TEXT_RELAYED, contact=contact.id, escalation=row.escalation.id, by=person)
    transaction.audit(AuditAction.TEXT_BY_PHONE, AuditKind.CONTACT, contact.id, by=person)
