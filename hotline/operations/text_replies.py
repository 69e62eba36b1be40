"""What staff answer to a page by text: 1 or the reference, 2, DONE."""

from __future__ import annotations

from hotline.model import StaffId, Subject
from hotline.oncall import events as reach
from hotline.oncall.escalation import Status
from hotline.oncall.policy import How
from hotline.operations import reaching
from hotline.operations.closing import close_emergency, close_thread
from hotline.operations.house import Desk
from hotline.operations.responder import (
    ACCEPT_KEY,
    DECLINE_KEY,
    Accepted,
    Over,
    Taken,
    accept,
)
from hotline.store import escalations, pages
from hotline.store.escalations import EscalationRow
from hotline.store.pages import PageRow
from hotline.store.pages import State as PageState


def text_reply(desk: Desk, person: StaffId, words: str) -> str | None:
    """A text from a member of staff's phone: the reply to it, or None if it isn't about a page at all."""
    said = words.strip().upper().split()
    open_pages = [one for one in pages.open_of_staff(desk.tx, person) if one.how is How.TEXT]
    done = said[:1] == ["DONE"]
    code = said[-1] if said and said[-1] not in ("DONE", ACCEPT_KEY, DECLINE_KEY) else None
    row = _meant(desk, person, open_pages, code)
    if row is None:
        about_a_page = done or said in ([ACCEPT_KEY], [DECLINE_KEY])
        return desk.text("page_unknown") if about_a_page and _is_paged(desk, person) else None
    if done:
        return _done_by_text(desk, row, person)
    if said == [DECLINE_KEY]:
        if row.escalation.accepted_by == person:
            return desk.text("page_yours", REF=reaching.reference(row.escalation.id))
        return _declined_by_text(desk, row, person)
    if said == [ACCEPT_KEY] or code == reaching.reference(row.escalation.id):
        return _accepted_by_text(desk, row, person)
    return None


def _is_paged(desk: Desk, person: StaffId) -> bool:
    return bool(pages.open_of_staff(desk.tx, person) or escalations.accepted_by(desk.tx, person))


def _meant(desk: Desk, person: StaffId, open_pages: list[PageRow], code: str | None) -> EscalationRow | None:
    newest = open_pages[-1] if open_pages else None
    page = newest if code is None else pages.by_reference(desk.tx, person, code)
    if page is not None:
        return escalations.get(desk.tx, page.escalation_id)
    # What a colleague has handed over was never paged to them.
    theirs = [
        one
        for one in escalations.accepted_by(desk.tx, person)
        if code in (None, reaching.reference(one.escalation.id))
    ]
    return theirs[-1] if theirs else None


def _accepted_by_text(desk: Desk, row: EscalationRow, person: StaffId) -> str:
    ref = reaching.reference(row.escalation.id)
    before = row.escalation.status
    row, result = accept(desk, row, person)
    reaching.end_texts(desk, row, person, PageState.ACCEPTED)
    match result:
        case Taken(by):
            return desk.text("page_gone", REF=ref, WHO=reaching.first_name(reaching.known(desk, by)))
        case Over():
            return desk.text("page_over", REF=ref)
        case Accepted() if row.escalation.subject is Subject.THREAD:
            return desk.text("page_thread_accepted", REF=ref)
        case Accepted():
            if before is Status.REACHING:
                _ring_to_connect(desk, row, person)
            return desk.text("page_accepted", REF=ref)


def _ring_to_connect(desk: Desk, row: EscalationRow, person: StaffId) -> None:
    """Their phone rings for the talk itself, unless it rings already."""
    if not reaching.rings_for(desk, row, person):
        reaching.page(desk, row, person, How.CALL)


def _declined_by_text(desk: Desk, row: EscalationRow, person: StaffId) -> str:
    reaching.call_off(desk, row, person)
    reaching.end_texts(desk, row, person, PageState.DECLINED)
    reaching.tell(desk, row, reach.Declined(person))
    return desk.text("page_declined", REF=reaching.reference(row.escalation.id))


def _done_by_text(desk: Desk, row: EscalationRow, person: StaffId) -> str:
    ref = reaching.reference(row.escalation.id)
    if row.escalation.accepted_by != person:
        return desk.text("page_unknown")
    if row.escalation.subject is Subject.EMERGENCY:
        close_emergency(desk, row, person)
    else:
        close_thread(desk, row, person)
    return desk.text("page_done", REF=ref)
