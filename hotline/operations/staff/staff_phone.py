"""A staff phone is somebody, also when nothing is open for it: what its texts are answered, and whose it is.

As long as a page was theirs, and a day on, a text of theirs is an answer to us: a late 1 makes nobody a caller. Words
that speak of a danger to life are the exception: staff may need help too, and nothing ever blocks that.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from hotline.model import How, StaffId
from hotline.oncall.escalation import EscalationStatus
from hotline.operations.conversation.caller import IncomingText
from hotline.operations.paging import reaching
from hotline.operations.staff import text_replies
from hotline.operations.texts import staff_words
from hotline.operations.transaction import Transaction
from hotline.store.cases import escalations, pages
from hotline.triage import meaning
from hotline.triage.texts.text import URGENT

LATE: Final = timedelta(hours=24)
"""How long after a page is over what comes from that phone is taken for an answer to it."""


def answer(transaction: Transaction, person: StaffId, text: IncomingText) -> str | None:
    """The reply to a text from this person's phone; None if they wrote it as anybody does who needs help."""
    if meaning.is_carrier_keyword(text.body):
        return None
    said = text_replies.text_reply(transaction, person, text.body) or staff_words.from_staff(
        transaction, person, text
    )
    if said is not None or not has_been_paged(transaction, person) or _needs_help(transaction, text):
        return said
    return _standing(transaction, person)


def has_been_paged(transaction: Transaction, person: StaffId) -> bool:
    """Whether something is theirs, or was within a day."""
    since = transaction.now - LATE
    return bool(
        pages.of_staff_since(transaction.tx, person, since)
        or escalations.theirs_since(transaction.tx, person, since)
    )


def _needs_help(transaction: Transaction, text: IncomingText) -> bool:
    """Whether these words are of a danger to life. A key or a code alone is none: it answers a page."""
    keyed = text_replies.understood(text.body) is not None
    spoken = transaction.settings.centre.line.languages
    return not keyed and any(meaning.read(text.body, language) in URGENT for language in spoken)


def _standing(transaction: Transaction, person: StaffId) -> str:
    """What waits for them; else who took what they were paged for last; else that nothing waits."""
    waiting = text_replies.told_of(transaction, person)
    if waiting:
        return text_replies.which(transaction, waiting)
    paged = pages.of_staff_since(transaction.tx, person, transaction.now - LATE)
    paged = [one for one in paged if one.how is How.TEXT] or paged
    row = escalations.get(transaction.tx, paged[-1].escalation_id) if paged else None
    if row is None:
        return transaction.text("staff_nothing")
    ref, by = paged[-1].reference, row.escalation.accepted_by
    if row.escalation.status is EscalationStatus.ACCEPTED and by is not None and by != person:
        return transaction.text(
            "page_gone", REF=ref, WHO=reaching.first_name(reaching.known(transaction, by))
        )
    if row.escalation.status is EscalationStatus.ACCEPTED:
        return transaction.text("page_yours", REF=ref)
    return transaction.text("staff_nothing")
