"""A staff phone is somebody, also when nothing is open for it: what its texts are answered, and whose it is.

As long as a page was theirs, and a day on, a text of theirs is an answer to us: a late 1 makes nobody a caller. Words
that speak of a danger to life are the exception: staff may need help too, and nothing ever blocks that.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from hotline.model import StaffId
from hotline.oncall.escalation import Status
from hotline.oncall.policy import How
from hotline.operations import by_phone, reaching, text_replies
from hotline.operations.caller import IncomingText
from hotline.operations.house import Desk
from hotline.store import escalations, pages
from hotline.triage import meaning
from hotline.triage.text import URGENT

LATE: Final = timedelta(hours=24)
"""How long after a page is over what comes from that phone is taken for an answer to it."""


def answer(desk: Desk, person: StaffId, text: IncomingText) -> str | None:
    """The reply to a text from this person's phone; None if they wrote it as anybody does who needs help."""
    if meaning.is_carrier_keyword(text.body):
        return None
    said = text_replies.text_reply(desk, person, text.body) or by_phone.from_staff(desk, person, text)
    if said is not None or not has_been_paged(desk, person) or _needs_help(desk, text):
        return said
    return _standing(desk, person)


def has_been_paged(desk: Desk, person: StaffId) -> bool:
    """Whether something is theirs, or was within a day."""
    since = desk.now - LATE
    return bool(
        pages.of_staff_since(desk.tx, person, since) or escalations.theirs_since(desk.tx, person, since)
    )


def _needs_help(desk: Desk, text: IncomingText) -> bool:
    """Whether these words are of a danger to life. A key or a code alone is none: it answers a page."""
    keyed = text_replies.understood(text.body) is not None
    spoken = desk.settings.centre.line.languages
    return not keyed and any(meaning.read(text.body, language) in URGENT for language in spoken)


def _standing(desk: Desk, person: StaffId) -> str:
    """What waits for them; else who took what they were paged for last; else that nothing waits."""
    waiting = text_replies.told_of(desk, person)
    if waiting:
        return text_replies.which(desk, waiting)
    paged = pages.of_staff_since(desk.tx, person, desk.now - LATE)
    paged = [one for one in paged if one.how is How.TEXT] or paged
    row = escalations.get(desk.tx, paged[-1].escalation_id) if paged else None
    if row is None:
        return desk.text("staff_nothing")
    ref, by = paged[-1].reference, row.escalation.accepted_by
    if row.escalation.status is Status.ACCEPTED and by is not None and by != person:
        return desk.text("page_gone", REF=ref, WHO=reaching.first_name(reaching.known(desk, by)))
    if row.escalation.status is Status.ACCEPTED:
        return desk.text("page_yours", REF=ref)
    return desk.text("staff_nothing")
