"""What a text from a staff phone is answered that is about nothing open: while a page was theirs, and a day on."""

from __future__ import annotations

from hotline.model import How, StaffId
from hotline.oncall.escalation import EscalationStatus
from hotline.operations.by_text import bare_words, text_replies
from hotline.operations.paging import telling_staff
from hotline.operations.staff.dialled_in import LATE
from hotline.operations.transaction import Transaction
from hotline.store.cases import escalations, pages
from hotline.triage import meaning
from hotline.triage.texts.staff_replies import understood
from hotline.triage.texts.text import URGENT


def answer(transaction: Transaction, person: StaffId, words: str) -> str | None:
    """What stands for them; None if they wrote it as anybody does who needs help, or nothing was theirs for a day."""
    if not has_been_paged(transaction, person) or _needs_help(transaction, words):
        return None
    return _standing(transaction, person)


def has_been_paged(transaction: Transaction, person: StaffId) -> bool:
    """Whether something is theirs, or was within a day."""
    since = transaction.now - LATE
    return bool(
        pages.of_staff_since(transaction.tx, person, since)
        or escalations.theirs_since(transaction.tx, person, since)
    )


def _needs_help(transaction: Transaction, words: str) -> bool:
    """Whether these words are of a danger to life. A key or a code alone is none: it answers a page."""
    said = understood(words)
    if said is not None and said.keyed:
        return False
    spoken = transaction.settings.centre.line.languages
    return any(meaning.read(words, language) in URGENT for language in spoken)


def _standing(transaction: Transaction, person: StaffId) -> str:
    """What waits for them; else who took what they were paged for last; else that nothing waits."""
    waiting = text_replies.told_of(transaction, person) or bare_words.asked_before(transaction, person)
    if waiting:
        return text_replies.which(transaction, waiting)
    paged = pages.of_staff_since(transaction.tx, person, transaction.now - LATE)
    paged = [one for one in paged if one.how is How.TEXT] or paged
    row = escalations.get(transaction.tx, paged[-1].escalation_id) if paged else None
    if row is None:
        return transaction.text("staff_nothing")
    ref, by = paged[-1].reference, row.escalation.accepted_by
    if row.escalation.status is EscalationStatus.ACCEPTED and by is not None and by != person:
        return telling_staff.gone_words(transaction, row, person, ref)
    if row.escalation.status is EscalationStatus.ACCEPTED:
        return transaction.text("page_yours", REF=ref)
    return transaction.text("staff_nothing")
