"""What a text from a staff phone asks for waits for a key on a call to that phone: closing, and the first words.

A text is proof of nobody: its sender can be forged, and a phone can be borrowed. A call reaches the phone itself.
"""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from hotline.model import AuditAction, PageId, Subject, is_known
from hotline.oncall.escalation import EscalationStatus
from hotline.operations.answers import StaffAnswer, Then
from hotline.operations.paging import key_request, pager, telling_staff
from hotline.operations.staff import closing, responder
from hotline.operations.texts import staff_words
from hotline.operations.transaction import Transaction
from hotline.store.cases import pages
from hotline.store.cases.escalations import EscalationRow
from hotline.store.cases.pages import PageRow, PageState, Purpose
from hotline.triage.turn import Spoken

_ASKED = {Purpose.CLOSE: "confirm_close", Purpose.WRITE: "confirm_write"}


def picked_up(
    transaction: Transaction, page: PageRow, row: EscalationRow, call_sid: str | None
) -> StaffAnswer:
    """Somebody, or something, has picked up: say what the key is for."""
    page = responder.seen(transaction, page, call_sid)
    if not _is_asked(page, row):
        return _over(transaction, page)
    if page.state is not PageState.ANSWERED:
        page = pages.save(
            transaction.tx, replace(page, state=PageState.ANSWERED, answered_at=transaction.now)
        )
    return _ask(page, tries=0)


def pressed(
    transaction: Transaction,
    page: PageRow,
    row: EscalationRow,
    tries: int,
    key: str | None,
    call_sid: str | None,
) -> StaffAnswer:
    """A key, or silence (None). Only 1 does it."""
    page = responder.seen(transaction, page, call_sid)
    if not _is_asked(page, row):
        return _over(transaction, page)
    if key == responder.ACCEPT_KEY:
        page = pages.save(
            transaction.tx,
            replace(page, state=PageState.ACCEPTED, answered_at=transaction.now, ended_at=transaction.now),
        )
        return _confirmed(transaction, page, row)
    following = responder.asked_again(tries, key)
    if key != responder.DECLINE_KEY and following is not None:
        return _ask(page, following)
    return _refused(transaction, page, row, key)


def _is_asked(page: PageRow, row: EscalationRow) -> bool:
    theirs = (
        row.escalation.status is EscalationStatus.ACCEPTED and row.escalation.accepted_by == page.staff_id
    )
    return theirs and page.state in key_request.OPEN and page.ended_at is None and is_known(page.purpose)


def _ask(page: PageRow, tries: int) -> StaffAnswer:
    return StaffAnswer(page.id, (Spoken(_ASKED[page.purpose]),), Then.LISTEN, tries=tries)


def _confirmed(transaction: Transaction, page: PageRow, row: EscalationRow) -> StaffAnswer:
    person = page.staff_id
    key_request.audited(transaction, row, person, AuditAction.CONFIRMED_BY_KEY_TO, page.purpose)
    match page.purpose:
        case Purpose.CLOSE if row.escalation.subject is Subject.EMERGENCY:
            closing.close_emergency(transaction, row, person)
            said = "closed"
        case Purpose.CLOSE:
            closing.close_thread(transaction, row, person)
            said = "closed"
        case Purpose.WRITE:
            said = (
                "words_sent"
                if staff_words.send_kept(transaction, row, person, page.regards)
                else "words_not_sent"
            )
        case Purpose.JOIN:
            said = "over"
        case _:
            assert_never(page.purpose)
    return StaffAnswer(page.id, (Spoken(said),), Then.END)


def _refused(transaction: Transaction, page: PageRow, row: EscalationRow, key: str | None) -> StaffAnswer:
    refused = key == responder.DECLINE_KEY
    state = PageState.DECLINED if refused else PageState.UNREACHED
    pages.save(transaction.tx, replace(page, state=state, ended_at=transaction.now))
    action = AuditAction.REFUSED_TO if refused else AuditAction.DID_NOT_CONFIRM_TO
    key_request.audited(transaction, row, page.staff_id, action, page.purpose)
    _tell(transaction, page, row)
    said = "stays_open" if page.purpose is Purpose.CLOSE else "words_not_sent"
    return StaffAnswer(page.id, (Spoken(said),), Then.END)


def _tell(transaction: Transaction, page: PageRow, row: EscalationRow) -> None:
    """On their screen too: whoever sees it there has perhaps not written what was asked for."""
    prompt = "page_not_closed" if page.purpose is Purpose.CLOSE else "relay_not_sent"
    telling_staff.text_about(transaction, row, page.staff_id, prompt)


def _over(transaction: Transaction, page: PageRow) -> StaffAnswer:
    if page.ended_at is None:
        pages.save(transaction.tx, replace(page, state=PageState.CALLED_OFF, ended_at=transaction.now))
    return StaffAnswer(page.id, (Spoken("over"),), Then.END)


def leg_over(transaction: Transaction, page_id: PageId, call_sid: str | None = None) -> None:
    """The call to somebody on the staff is over, whatever it was for. Raises UnknownPage."""
    page, row = responder.find(transaction, page_id)
    if page.purpose is Purpose.JOIN:
        responder.leg_over(transaction, page_id, call_sid)
        return
    if page.state in key_request.OPEN and page.ended_at is None and is_known(page.purpose):
        _refused(transaction, page, row, None)
    elif page.ended_at is None:
        pages.save(transaction.tx, replace(page, ended_at=transaction.now))
    pager.next_for(transaction, page.staff_id)


def leg_lost(transaction: Transaction, page_id: PageId, call_sid: str) -> None:
    """The same, as the carrier says when it is asked after a call of which nothing was heard."""
    page = pages.get(transaction.tx, page_id)
    if page is not None and page.ended_at is None:
        leg_over(transaction, page_id, call_sid)
