"""What staff answer to a page by text: that they take it, can't, that it is over, or that they need help with it.

Each says what they want, and proves nothing: whatever is accepted or closed waits for a key on a call that we place to
their verified phone.
"""

from __future__ import annotations

from typing import Final

from hotline.model import AuditAction, How, StaffId, Subject, TimelineWord
from hotline.oncall import escalation as reach
from hotline.oncall.escalation import EscalationStatus
from hotline.operations import staff_member
from hotline.operations.by_text import asked_beside, bare_words, misdirected
from hotline.operations.paging import (
    calling_off,
    helping,
    key_request,
    one_ring,
    page_codes,
    reaching,
    telling_staff,
    trial_pages,
)
from hotline.operations.paging.one_ring import Rings
from hotline.operations.staff import connect
from hotline.operations.transaction import Transaction
from hotline.store.cases import escalations, pages
from hotline.store.cases.escalations import EscalationRow
from hotline.store.cases.pages import PageRow, PageState, Purpose
from hotline.store.people.phone_tests import Result
from hotline.triage.texts.staff_replies import PageReply, Verb, understood

_NAMED_AT_MOST: Final = 4
"""Codes in one text."""


def text_reply(transaction: Transaction, person: StaffId, words: str) -> str | None:
    """The reply to a text from a member of staff's phone, or None if it isn't about a page at all."""
    said = understood(words)
    if said is None:
        return None
    if said.verb is Verb.HELP:
        return asked_beside.by_text(transaction, person, said.code)
    if said.code is not None:
        return _coded(transaction, person, said, said.code)
    return _bare(transaction, person, words, said)


def _bare(transaction: Transaction, person: StaffId, words: str, said: PageReply) -> str | None:
    """Without a code: about what waits for them, or did a moment ago; a key, else, about what is theirs."""
    waiting = [] if said.verb is Verb.DONE else told_of(transaction, person)
    theirs = _theirs(transaction, person)
    emergencies = [one for one in theirs if _is_emergency(one[0])]
    if not waiting and said.verb is not Verb.DONE:
        # Who has an emergency may write with its caller: what they say is about nothing of hours ago.
        look = bare_words.just_over if emergencies else bare_words.asked_before
        waiting = look(transaction, person)
    if (
        not said.keyed
        and emergencies
        and bare_words.answers_our_question(transaction, person, words, waiting)
    ):
        return None
    if not said.keyed and not waiting:
        # Words may be for the caller of what they have; a key or a keyword never is.
        refuses = said.verb is Verb.DECLINE
        return bare_words.refused(transaction, emergencies, person) if refuses else None
    meant = waiting or theirs
    if not meant:
        return None
    told = (
        _about(transaction, meant[0][0], person, said.verb, meant[0][1])
        if len(meant) == 1
        else which(transaction, meant)
    )
    return told if said.keyed else told + bare_words.beside(transaction, emergencies, person)


def _coded(transaction: Transaction, person: StaffId, said: PageReply, code: str) -> str | None:
    page = pages.by_reference(transaction.tx, person, code)
    row = escalations.get(transaction.tx, page.escalation_id) if page else None
    if row is None:
        return misdirected.from_staff(transaction, person, code)
    if row.escalation.subject is Subject.TEST:
        return _tested(transaction, row, said)
    if not said.keyed and row.escalation.accepted_by == person:
        # Behind the code of what is theirs, words are for its caller.
        return None
    return _about(transaction, row, person, said.verb, code)


def _is_emergency(row: EscalationRow) -> bool:
    return row.escalation.subject is Subject.EMERGENCY


def told_of(transaction: Transaction, person: StaffId) -> list[tuple[EscalationRow, str]]:
    """What waits for them and has been put on their screen, with its code; a page not yet sent is none of it, and a
    test is only where nothing else is."""
    found: dict[str, tuple[EscalationRow, str]] = {}
    for one in pages.open_of_staff(transaction.tx, person):
        row = escalations.get(transaction.tx, one.escalation_id)
        if row is not None and _is_on_screen(one) and _can_be_taken(row, person):
            found[row.escalation.id] = row, one.reference
    real = [
        one for one in found.values() if one[0].escalation.subject not in bare_words.ONLY_WHERE_NOTHING_WAITS
    ]
    return real or list(found.values())


def _is_on_screen(page: PageRow) -> bool:
    return page.how is How.TEXT and page.sent_at is not None and page.state is not PageState.ACCEPTED


def _can_be_taken(row: EscalationRow, person: StaffId) -> bool:
    return row.escalation.status is EscalationStatus.REACHING or row.escalation.offered_to == person


def _theirs(transaction: Transaction, person: StaffId) -> list[tuple[EscalationRow, str]]:
    owned = escalations.accepted_by(transaction.tx, person)
    return [(row, page_codes.known_to(transaction, row, person)) for row in owned]


def which(transaction: Transaction, waiting: list[tuple[EscalationRow, str]]) -> str:
    """Which codes wait for them."""
    named = ", ".join(code for _, code in waiting[:_NAMED_AT_MOST])
    return transaction.text("page_which", CODES=named)


# --- one escalation --------------------------------------------------------------------------------------------


def _about(transaction: Transaction, row: EscalationRow, person: StaffId, verb: Verb, ref: str) -> str:
    rule = row.escalation
    if not rule.is_open:
        return transaction.text("page_over", REF=ref)
    if helping.rests_beside(transaction, row) is not None:
        return transaction.text("page_over", REF=ref)
    if rule.status is EscalationStatus.ACCEPTED and person not in (rule.accepted_by, rule.offered_to):
        return telling_staff.gone_words(transaction, row, person, ref)
    if verb is Verb.DONE:
        return _done(transaction, row, person, ref)
    if verb is Verb.DECLINE and rule.subject is Subject.TEST:
        return which(transaction, [(row, ref)])
    if verb is Verb.DECLINE:
        return _declined(transaction, row, person, ref)
    return _claimed(transaction, row, person, ref)


def _tested(transaction: Transaction, row: EscalationRow, said: PageReply) -> str:
    """Nobody knows the code who has not read our text: no key is needed for saying that it came."""
    if not row.escalation.is_open:
        return transaction.text("page_over", REF=said.code or "")
    cannot = said.verb is Verb.DECLINE
    trial_pages.end(transaction, row, Result.CANNOT if cannot else Result.CODE)
    return transaction.text("tested_cannot_text" if cannot else "tested_text")


_CLAIMED: Final = {Rings.NOW: "page_claimed", Rings.LATER: "page_claimed_later"}
_OFFER_CLAIMED: Final = {Rings.NOW: "page_offer_claimed", Rings.LATER: "page_offer_claimed_later"}
_YOURS: Final = {Rings.NOW: "page_yours_rings", Rings.LATER: "page_yours_later"}
_CLOSES: Final = {
    Rings.NOW: "page_closes",
    Rings.LATER: "page_closes_later",
    Rings.TALKS: "page_closes_after",
    Rings.NOT: "page_unknown",
}


def _claimed(transaction: Transaction, row: EscalationRow, person: StaffId, ref: str) -> str:
    """It is theirs as soon as they press 1; till then everybody else is paged as before, or it stays whose it is."""
    rule = row.escalation
    if rule.accepted_by == person:
        return _yours(transaction, row, person, ref)
    row = reaching.tell(transaction, row, reach.Claimed(person))
    rings = reaching.ring(transaction, row, person)
    transaction.note(
        TimelineWord.CLAIMED_BY_TEXT, contact=row.contact_id, escalation=row.escalation.id, by=person
    )
    key_request.audited(transaction, row, person, AuditAction.ASKED_BY_TEXT_TO, "accept")
    if rule.subject is Subject.SECOND:
        return transaction.text("page_second_claimed", REF=ref)
    if rule.accepted_by is not None:
        giver = staff_member.first_name(transaction, rule.accepted_by)
        return transaction.text(_OFFER_CLAIMED.get(rings, "page_offer_claimed"), REF=ref, WHO=giver)
    return transaction.text(_CLAIMED.get(rings, "page_claimed"), REF=ref)


def _yours(transaction: Transaction, row: EscalationRow, person: StaffId, ref: str) -> str:
    """They have it: where a talk can still be had, their phone rings for it; else they are told that none can."""
    if row.escalation.subject is Subject.HELP:
        return transaction.text("help_yours", REF=ref)
    if row.escalation.subject is Subject.THREAD or one_ring.rings(transaction, row, person) is Rings.TALKS:
        return transaction.text("page_yours", REF=ref)
    if not connect.can_be_met(transaction, row):
        return transaction.text("page_yours_gone", REF=ref)
    return transaction.text(_YOURS.get(reaching.ring(transaction, row, person), "page_yours"), REF=ref)


def _declined(transaction: Transaction, row: EscalationRow, person: StaffId, ref: str) -> str:
    """Others are paged at once. A text proves nobody, so it silences no phone that rings for an emergency."""
    if row.escalation.accepted_by == person:
        return transaction.text("page_yours", REF=ref)
    if row.escalation.subject is not Subject.EMERGENCY:
        calling_off.call_off(transaction, row, person)
    calling_off.end_texts(transaction, row, person, PageState.DECLINED)
    reaching.tell(transaction, row, reach.Declined(person))
    return transaction.text("page_declined", REF=ref)


def _done(transaction: Transaction, row: EscalationRow, person: StaffId, ref: str) -> str:
    """Closed as soon as they press 1. How a talk ended is said by key, or on the board."""
    if row.escalation.accepted_by != person:
        return transaction.text("page_unknown")
    if row.escalation.subject not in (Subject.EMERGENCY, Subject.THREAD):
        return transaction.text("page_done_on_board", REF=ref)
    rings = key_request.ask(transaction, row, person, Purpose.CLOSE)
    return transaction.text(_CLOSES[rings], REF=ref)
