"""Test pages: somebody on the staff is called and texted, by the same code as in earnest, to see whether they can be.

A key on the call proves that a call reaches them; the text's code, that texts do. Whatever is more pressing takes
their phone from a test, as from every page that can wait. What follows from a test at the beginning of a shift is
in `at_work.shift_watch`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from hotline.model import AuditAction, AuditKind, EscalationId, How, Language, RoomName, StaffId, Subject
from hotline.oncall import policy as policies
from hotline.oncall.escalation import Closed, WaitOver
from hotline.operations.paging import reaching
from hotline.operations.transaction import Transaction, new_id
from hotline.store.cases import escalations, pages
from hotline.store.cases.escalations import EscalationRow
from hotline.store.cases.pages import PageState
from hotline.store.people import phone_tests
from hotline.store.people.phone_tests import PhoneTest, Result, TrialKind

ASKED_FOR: Final = timedelta(minutes=2)
"""How long a test that somebody asked for waits to be answered."""
_ROUNDS: Final = {TrialKind.ASKED: 1, TrialKind.SHIFT: 2}
"""How often they are called and texted."""


def ask(transaction: Transaction, person: StaffId, by: StaffId | None) -> PhoneTest:
    """Page them now, to see whether they can be; a test that runs already goes on. `by`: who wants to know."""
    running = phone_tests.running(transaction.tx, person)
    if running is not None:
        return running
    transaction.audit(AuditAction.TESTED, AuditKind.STAFF, person, by=by)
    row = _paged(transaction, person, ASKED_FOR)
    one = PhoneTest(
        id=row.escalation.id,
        staff_id=person,
        kind=TrialKind.ASKED,
        escalation_id=row.escalation.id,
        begun_at=transaction.now,
    )
    phone_tests.add_if_new(transaction.tx, one)
    return one


def begin_shift(transaction: Transaction, one: PhoneTest) -> PhoneTest:
    """Page whoever's shift begins; the test with its pages."""
    row = _paged(transaction, one.staff_id, transaction.settings.centre.readiness.remind_after)
    begun = replace(one, escalation_id=row.escalation.id)
    phone_tests.save(transaction.tx, begun)
    return begun


def _paged(transaction: Transaction, person: StaffId, wait: timedelta) -> EscalationRow:
    about = reaching.About(RoomName(new_id()), None, Language.EN)
    return reaching.open_for(transaction, Subject.TEST, about, policies.test_policy(person, wait))


def go_on(transaction: Transaction, row: EscalationRow) -> None:
    """The wait is over: they are reminded, or they could not be reached."""
    one = phone_tests.of_escalation(transaction.tx, row.escalation.id)
    rule = row.escalation
    rounds = _ROUNDS[one.kind] if one is not None else 1
    if transaction.now < rule.opened_at + rounds * rule.policy.rungs[0].wait:
        reaching.tell(transaction, row, WaitOver())
        return
    works = one is not None and _took_a_call(transaction, one)
    end(transaction, row, Result.AT_WORK if works else Result.UNANSWERED)


def _took_a_call(transaction: Transaction, one: PhoneTest) -> bool:
    """Whoever talks with callers can't be tested, and need not be."""
    lately = pages.of_staff_since(transaction.tx, one.staff_id, one.begun_at)
    return any(page.how is How.CALL and page.state is PageState.ACCEPTED for page in lately)


def end(transaction: Transaction, row: EscalationRow, result: Result) -> None:
    """The test is over: their phone stops ringing for it. What comes late or twice changes nothing."""
    if not row.escalation.is_open:
        return
    one = phone_tests.of_escalation(transaction.tx, row.escalation.id)
    reaching.tell(transaction, row, Closed(None))
    if one is not None:
        phone_tests.save(transaction.tx, replace(one, ended_at=transaction.now, result=result))
        transaction.audit(AuditAction.TEST_ENDED, AuditKind.STAFF, one.staff_id, detail=result)


def let_be(transaction: Transaction, escalation_id: EscalationId) -> None:
    """Nobody need answer any more: the shift is over, or somebody else's."""
    row = escalations.get(transaction.tx, escalation_id)
    if row is not None:
        end(transaction, row, Result.NOT_ASKED)
