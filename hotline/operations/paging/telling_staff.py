"""What staff are told about an escalation that they have been asked for, or have: by text, and by a whisper."""

from __future__ import annotations

from collections.abc import Sequence

from hotline.model import How, Language, StaffId, Subject, TimelineWord
from hotline.oncall.escalation import (
    Closed,
    Declined,
    EscalationStatus,
    Event,
    PagingRequest,
    TellTaken,
    Unreached,
)
from hotline.operations import staff_member
from hotline.operations.paging import calling_off, helping, page_codes
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks, pages
from hotline.store.cases.escalations import EscalationRow
from hotline.store.cases.pages import PageRow


def text_about(
    transaction: Transaction, row: EscalationRow, person: StaffId, prompt: str, **values: str
) -> None:
    """Tell a member of staff something about an escalation, by the code that they know it by."""
    words = transaction.text(prompt, Language.EN, REF=page_codes.known_to(transaction, row, person), **values)
    staff_member.text(transaction, person, words)


def tell_taken(transaction: Transaction, row: EscalationRow, person: StaffId, by: StaffId) -> None:
    """Only those who have our text about it on their screen: a phone that stopped ringing has said enough."""
    texted = [
        one
        for one in pages.of_escalation(transaction.tx, row.escalation.id)
        if one.staff_id == person and one.how is How.TEXT and one.provider_sid is not None
    ]
    if texted:
        _tell_settled(transaction, row, person, "page_gone", WHO=staff_member.first_name(transaction, by))


def settle_texts(
    transaction: Transaction, row: EscalationRow, event: Event, requests: Sequence[PagingRequest]
) -> None:
    """Whoever else was asked by text, and not since, is told what became of it: their screen still asks them.

    Their phone has rung in vain, perhaps, and they are not waited for any more; but they have the text before them.
    """
    by = row.escalation.accepted_by or (event.by if isinstance(event, Closed) else None)
    told = {by, *(one.staff for one in requests if isinstance(one, TellTaken))}
    # Whom to tell is found among all its pages, whom to call off among those that are not over: asked for once.
    paged = pages.of_escalation if row.escalation.accepted_by is not None else pages.waiting_of
    asked = dict.fromkeys(
        one.staff_id
        for one in paged(transaction.tx, row.escalation.id)
        if one.how is How.TEXT and one.provider_sid is not None
        if one.ended_at is None and one.staff_id not in told
    )
    if not asked or not _is_settled(transaction, row):
        return
    for person in asked:
        if row.escalation.accepted_by is not None:
            tell_taken(transaction, row, person, row.escalation.accepted_by)
        else:
            _tell_settled(transaction, row, person, "page_over")
    calling_off.call_off(transaction, row, *asked)


def settle_offer(transaction: Transaction, before: EscalationRow, row: EscalationRow, event: Event) -> None:
    """Whoever was asked to take it over, and has not, is asked no more: that stands on the timeline, and whoever has
    our text about it on their screen is told how it is now."""
    asked, rule = before.escalation.offered_to, row.escalation
    if asked is None or asked in (rule.offered_to, rule.accepted_by):
        return
    answered = isinstance(event, (Declined, Unreached)) and event.by == asked
    transaction.note(
        TimelineWord.OFFER_REFUSED if answered else TimelineWord.OFFER_OVER,
        contact=row.contact_id,
        escalation=rule.id,
        by=asked,
    )
    said_no = answered and isinstance(event, Declined)
    texted = any(
        one.how is How.TEXT and one.provider_sid is not None
        for one in _pages_since(transaction, before, asked)
    )
    # Who has just said no knows it; and of what nobody has any more, everybody is asked anew.
    if said_no or not texted or rule.status is EscalationStatus.REACHING:
        return
    if not rule.is_open:
        text_about(transaction, row, asked, "page_over")
    elif rule.accepted_by is not None:
        prompt = "page_gone" if rule.accepted_by != before.escalation.accepted_by else "page_offer_over"
        text_about(
            transaction, row, asked, prompt, WHO=staff_member.first_name(transaction, rule.accepted_by)
        )


def gone_words(transaction: Transaction, row: EscalationRow, person: StaffId, ref: str) -> str:
    """What somebody is told who answers for what a colleague has: taken by them, or kept, if that one has asked them
    to take it over."""
    by = row.escalation.accepted_by
    kept = _pages_since(transaction, row, person)
    who = staff_member.first_name(transaction, by) if by is not None else ""
    return transaction.text("page_offer_over" if kept else "page_gone", REF=ref, WHO=who)


def _pages_since(transaction: Transaction, row: EscalationRow, person: StaffId) -> list[PageRow]:
    """Their pages for it since somebody has it: these asked them to take it over."""
    accepted_at = row.escalation.accepted_at
    paged = pages.of_escalation(transaction.tx, row.escalation.id)
    return [
        one
        for one in paged
        if one.staff_id == person and accepted_at is not None and one.placed_at > accepted_at
    ]


def _is_settled(transaction: Transaction, row: EscalationRow) -> bool:
    """Whether it is somebody's, or waits for nobody any more: phones ring anew later for what is owed still."""
    if row.escalation.subject is Subject.TEST:
        return False
    owed = callbacks.get(transaction.tx, row.callback_id) if row.callback_id else None
    return row.escalation.accepted_by is not None or owed is None or not owed.callback.is_open


def _tell_settled(
    transaction: Transaction, row: EscalationRow, person: StaffId, prompt: str, **values: str
) -> None:
    """Our text on their screen asks for nothing any more; that they were told stands on the timeline."""
    text_about(transaction, row, person, prompt, **values)
    transaction.note(
        TimelineWord.TOLD_SETTLED, contact=row.contact_id, escalation=row.escalation.id, by=person
    )


def tell_in_vain(transaction: Transaction, row: EscalationRow) -> None:
    """By a whisper, if they talk with the caller; in an emergency, which may be one by text, by text too."""
    if row.escalation.subject is Subject.CLINICIAN:
        staff_member.whisper_in(transaction, row.room, "no_clinician")
        return
    staff_member.whisper_in(transaction, row.room, "no_help")
    transaction.note(TimelineWord.HELP_IN_VAIN, contact=row.contact_id, escalation=row.escalation.id)
    emergency = helping.emergency_of(transaction, row)
    owner = emergency.escalation.accepted_by if emergency is not None else None
    if emergency is not None and owner is not None:
        text_about(transaction, emergency, owner, "help_nobody")
