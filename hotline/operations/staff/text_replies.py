"""What staff answer to a page by text: 1 or its code, 2, DONE. Each says what they want, and proves nothing.

Whatever is accepted or closed waits for a key on a call that we place to their verified phone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hotline.model import AuditAction, How, StaffId, Subject, TimelineWord
from hotline.oncall import escalation as reach
from hotline.oncall.escalation import EscalationStatus
from hotline.operations.paging import key_request, one_ring, page_codes, reaching, trial_pages
from hotline.operations.paging.one_ring import Rings
from hotline.operations.staff import connect
from hotline.operations.staff.responder import ACCEPT_KEY, DECLINE_KEY
from hotline.operations.transaction import Transaction
from hotline.store.cases import escalations, pages
from hotline.store.cases.escalations import EscalationRow
from hotline.store.cases.pages import PageRow, PageState, Purpose
from hotline.store.people.phone_tests import Result
from hotline.triage.texts.keywords import key_of

DONE: Final = "DONE"
_NAMED_AT_MOST: Final = 4
"""Codes in one text."""
_ONLY_WHERE_NOTHING_WAITS: Final = (Subject.TEST, Subject.SECOND)
"""A bare 1 is about these only where nothing else is on their screen: nobody waits for an answer to them."""


@dataclass(frozen=True, slots=True)
class PageReply:
    """What a text says about a page."""

    verb: str
    """1, 2 or DONE; a bare code means 1."""
    code: str | None = None


def text_reply(transaction: Transaction, person: StaffId, words: str) -> str | None:
    """The reply to a text from a member of staff's phone, or None if it isn't about a page at all."""
    said = understood(words)
    if said is None:
        return None
    if said.code is not None:
        page = pages.by_reference(transaction.tx, person, said.code)
        row = escalations.get(transaction.tx, page.escalation_id) if page else None
        if row is not None and row.escalation.subject is Subject.TEST:
            return _tested(transaction, row, said)
        return _about(transaction, row, person, said.verb, said.code) if row else None
    meant = [] if said.verb == DONE else told_of(transaction, person)
    # What they have already is never answered to its caller: a key or a keyword is for us.
    meant = meant or _theirs(transaction, person)
    if len(meant) == 1:
        ref = meant[0][1]
        return _about(transaction, meant[0][0], person, said.verb, ref)
    return which(transaction, meant) if meant else None


def understood(words: str) -> PageReply | None:
    """What the whole text says; None for anything else than a verb, a code, or one of each."""
    key = key_of(words)
    if key in (ACCEPT_KEY, DECLINE_KEY):
        return PageReply(key)
    said = words.strip().upper().rstrip(".!").split()
    verbs = [one for one in said if one in (ACCEPT_KEY, DECLINE_KEY, DONE)]
    named = [one for one in said if page_codes.LOOKS_LIKE_ONE.fullmatch(one)]
    if not said or len(said) != len(verbs) + len(named) or len(verbs) > 1 or len(named) > 1:
        return None
    return PageReply(verbs[0] if verbs else ACCEPT_KEY, named[0] if named else None)


def told_of(transaction: Transaction, person: StaffId) -> list[tuple[EscalationRow, str]]:
    """What waits for them and has been put on their screen, with its code; a page not yet sent is none of it, and a
    test is only where nothing else is."""
    found: dict[str, tuple[EscalationRow, str]] = {}
    for one in pages.open_of_staff(transaction.tx, person):
        row = escalations.get(transaction.tx, one.escalation_id)
        if row is not None and _is_on_screen(one) and _can_be_taken(row, person):
            found[row.escalation.id] = row, one.reference
    real = [one for one in found.values() if one[0].escalation.subject not in _ONLY_WHERE_NOTHING_WAITS]
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


def _about(transaction: Transaction, row: EscalationRow, person: StaffId, verb: str, ref: str) -> str:
    rule = row.escalation
    if rule.status is EscalationStatus.CLOSED:
        return transaction.text("page_over", REF=ref)
    if rule.status is EscalationStatus.ACCEPTED and person not in (rule.accepted_by, rule.offered_to):
        return _gone(transaction, row, ref)
    if verb == DONE:
        return _done(transaction, row, person, ref)
    if verb == DECLINE_KEY and rule.subject is Subject.TEST:
        return which(transaction, [(row, ref)])
    if verb == DECLINE_KEY:
        return _declined(transaction, row, person, ref)
    return _claimed(transaction, row, person, ref)


def _tested(transaction: Transaction, row: EscalationRow, said: PageReply) -> str:
    """Nobody knows the code who has not read our text: no key is needed for saying that it came."""
    if row.escalation.status is EscalationStatus.CLOSED:
        return transaction.text("page_over", REF=said.code or "")
    cannot = said.verb == DECLINE_KEY
    trial_pages.end(transaction, row, Result.CANNOT if cannot else Result.CODE)
    return transaction.text("tested_cannot_text" if cannot else "tested_text")


def _gone(transaction: Transaction, row: EscalationRow, ref: str) -> str:
    by = row.escalation.accepted_by
    who = reaching.first_name(reaching.known(transaction, by)) if by else ""
    return transaction.text("page_gone", REF=ref, WHO=who)


_CLAIMED: Final = {Rings.NOW: "page_claimed", Rings.LATER: "page_claimed_later"}
_YOURS: Final = {Rings.NOW: "page_yours_rings", Rings.LATER: "page_yours_later"}
_CLOSES: Final = {
    Rings.NOW: "page_closes",
    Rings.LATER: "page_closes_later",
    Rings.TALKS: "page_closes_after",
    Rings.NOT: "page_unknown",
}


def _claimed(transaction: Transaction, row: EscalationRow, person: StaffId, ref: str) -> str:
    """It is theirs as soon as they press 1; till then everybody else is paged as before."""
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
    return transaction.text(_CLAIMED.get(rings, "page_claimed"), REF=ref)


def _yours(transaction: Transaction, row: EscalationRow, person: StaffId, ref: str) -> str:
    """They have it: where a talk can still be had, their phone rings for it; else they are told that none can."""
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
        reaching.call_off(transaction, row, person)
    reaching.end_texts(transaction, row, person, PageState.DECLINED)
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
