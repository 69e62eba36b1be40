"""Whoever has an emergency writes to its caller by texting us: the first words wait for a yes, and for a key.

They see the hotline's number only, and so does the caller. What the caller writes is in `relay`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from hotline.model import StaffId, Subject
from hotline.operations import codes, key_asked, reaching, threads, writing
from hotline.operations.caller import IncomingText
from hotline.operations.house import Desk
from hotline.operations.one_ring import Rings
from hotline.operations.writing import FREELY, NEVER
from hotline.store import audit, contacts, escalations, messages, pages
from hotline.store.escalations import EscalationRow
from hotline.store.messages import Direction
from hotline.store.pages import Purpose
from hotline.store.pages import State as PageState
from hotline.triage.meaning import is_carrier_keyword

RELAYED: Final = "relay-"
"""With a MessageSid: the text to the caller that a member of staff's text became."""
_YES: Final = frozenset({"YES", "Y", "SEND"})
_KEPT: Final = timedelta(minutes=15)
"""How long words wait for a yes."""
_LOOKED_AT: Final = 10
_PROVEN_FOR: Final = timedelta(hours=1)
"""How long the key that sent the first words stands for those that follow."""


def from_staff(desk: Desk, person: StaffId, text: IncomingText) -> str | None:
    """Send it on to the caller of the emergency that they have, and say what became of it.

    The first words are asked about, for not all that somebody texts is meant for the caller; and then, as a text is
    proof of nobody, they wait for a key on a call to the verified phone. None if they have no emergency, or the
    carrier takes the text for its own keyword: it is no text for a caller then.
    """
    theirs = [one for one in escalations.accepted_by(desk.tx, person) if _is_emergency(one)]
    if is_carrier_keyword(text.body):
        return None
    if not theirs:
        return _not_theirs_yet(desk, person)
    if text.body.strip().upper().rstrip(".!") in _YES:
        return _yes(desk, person, theirs)
    return _for_a_caller(desk, person, text, theirs)


def _for_a_caller(desk: Desk, person: StaffId, text: IncomingText, theirs: Sequence[EscalationRow]) -> str:
    named, words = _prefix(text.body)
    page = pages.by_reference(desk.tx, person, named) if named else None
    if page is None:
        named, words = None, text.body
    meant = [one for one in theirs if page is None or one.escalation.id == page.escalation_id]
    if not meant:
        return desk.text("page_over", REF=named or "")
    ref = named or codes.known_to(desk, meant[-1], person)
    if len(meant) > 1:
        return desk.text("relay_which", REF=ref)
    words_only = "relay_words_only" if text.media or not words.strip() else None
    refused = words_only or _refused(desk, meant[0])
    if refused is not None:
        return desk.text(refused, REF=ref)
    if _is_proven(desk, meant[0], person):
        _send_on(desk, meant[0], person, text.sid, words.strip())
        return desk.text("relay_sent", REF=ref)
    return (
        _to_be_confirmed(desk, meant[0], person, text.sid, ref) if named else desk.text("relay_ask", REF=ref)
    )


def _is_emergency(row: EscalationRow) -> bool:
    return row.escalation.subject is Subject.EMERGENCY


def _not_theirs_yet(desk: Desk, person: StaffId) -> str | None:
    """They have said that they take one, and no key has proven it: what they write is for its caller, later."""
    for page in reversed(pages.open_of_staff(desk.tx, person)):
        row = escalations.get(desk.tx, page.escalation_id)
        if row is not None and _is_emergency(row) and person in row.escalation.coming:
            return desk.text("relay_not_yours", REF=page.reference)
    return None


def _prefix(body: str) -> tuple[str | None, str]:
    """What may be a code, and the words behind it."""
    first, _, rest = body.strip().partition(" ")
    code = first.rstrip(":,.;-")
    return (code, rest) if codes.LOOKS_LIKE_ONE.fullmatch(code) and rest.strip() else (None, body)


def _refused(desk: Desk, row: EscalationRow) -> str | None:
    """The prompt that says why nothing can be sent; None if it can."""
    contact = contacts.get(desk.tx, row.contact_id) if row.contact_id else None
    safe = writing.safe_to_text(desk, contact) if contact else None
    if contact is None or safe in NEVER:
        return "relay_stopped"
    return None if safe in FREELY else "relay_unsafe"


def _is_proven(desk: Desk, row: EscalationRow, person: StaffId) -> bool:
    """Whether a key on a call to their phone, or the console, has lately shown that they write to this caller."""
    accepted_at = row.escalation.accepted_at or desk.now
    since = max(accepted_at, desk.now - _PROVEN_FOR)
    confirmed = any(
        page.staff_id == person
        and page.purpose is Purpose.WRITE
        and page.state is PageState.ACCEPTED
        and page.answered_at is not None
        and page.answered_at >= since
        for page in pages.of_escalation(desk.tx, row.escalation.id)
    )
    return confirmed or _wrote_on_console(desk, row, person, since)


def _wrote_on_console(desk: Desk, row: EscalationRow, person: StaffId, since: datetime) -> bool:
    if row.contact_id is None:
        return False
    written = messages.of_contact(desk.tx, row.contact_id)
    return any(
        one.by_staff == person and one.at >= since and not one.id.startswith(RELAYED) for one in written
    )


def _yes(desk: Desk, person: StaffId, theirs: Sequence[EscalationRow]) -> str | None:
    """Their last words that were asked about are meant for the caller."""
    known = reaching.known(desk, person).phone
    lately = messages.latest_with(desk.tx, known, Direction.IN, desk.now - _KEPT, at_most=_LOOKED_AT)
    for one in lately:
        reply = messages.get(desk.tx, f"reply-{one.provider_sid}")
        for row in theirs:
            ref = codes.known_to(desk, row, person)
            if reply is not None and reply.body == desk.text("relay_ask", REF=ref):
                return _to_be_confirmed(desk, row, person, one.provider_sid, ref)
    return None


_WAITS_FOR_KEY: Final = {
    Rings.NOW: "relay_rings",
    Rings.LATER: "relay_later",
    Rings.TALKS: "relay_talks",
    Rings.NOT: "relay_later",
}


def _to_be_confirmed(desk: Desk, row: EscalationRow, person: StaffId, sid: str | None, ref: str) -> str:
    rings = key_asked.ask(desk, row, person, Purpose.WRITE, sid)
    return desk.text(_WAITS_FOR_KEY[rings], REF=ref)


def send_kept(desk: Desk, row: EscalationRow, person: StaffId, sid: str | None) -> bool:
    """They have pressed the key: send the words of that text on; whether they can be sent."""
    kept = messages.by_sid(desk.tx, sid) if sid else None
    if kept is None or _refused(desk, row) is not None:
        return False
    _, words = _prefix(kept.body)
    _send_on(desk, row, person, kept.provider_sid or kept.id, words.strip())
    return True


def _send_on(desk: Desk, row: EscalationRow, person: StaffId, sid: str, words: str) -> None:
    contact = contacts.get(desk.tx, row.contact_id) if row.contact_id else None
    if contact is None:
        return
    writing.send(desk, contact, words, person, f"{RELAYED}{sid}", urgent=True)
    threads.touch(desk, escalations.get(desk.tx, row.escalation.id) or row)
    desk.note("text_relayed", contact=contact.id, escalation=row.escalation.id, by=person)
    audit.add(desk.tx, audit.Entry(desk.now, person, "text by phone", "contact", contact.id))
