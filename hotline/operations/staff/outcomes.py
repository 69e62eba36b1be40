"""How it ended, as the member of staff says by key when the talk is over."""

from __future__ import annotations

from dataclasses import replace

from hotline.model import Outcome, PageId, Subject
from hotline.operations.answers import Question, StaffAnswer, Then
from hotline.operations.callbacks import emergency_callbacks
from hotline.operations.staff import closing, connect, record_outcome, responder, right_person
from hotline.operations.transaction import Transaction
from hotline.store.cases.escalations import EscalationRow
from hotline.store.cases.pages import PageRow
from hotline.triage.turn import Spoken

OUTCOME_KEYS = {
    "1": Outcome.REACHED,
    "2": Outcome.BOOKED_INTAKE,
    "3": Outcome.CALL_LATER,
    "4": Outcome.DECLINED,
    "5": Outcome.REFERRED,
    "6": Outcome.WRONG_NUMBER,
    "7": Outcome.NO_ANSWER,
    "0": Outcome.ASKED_TO_STOP,
}
"""What a person knows who was on the line. That a number is busy or out of service is known by the carrier alone."""
MESSAGE_KEY = "8"
"""A message was left: asked only where the caller has said that one is safe."""
CLOSE_KEY, KEEP_KEY, NOT_THEM_KEY = "1", "2", "3"
"""Of an emergency. The last one only where nobody knows who answered: they are rung again at their times."""


def left_room(transaction: Transaction, page_id: PageId) -> StaffAnswer:
    """Their leg is out of the room, and still on the line: ask how it ended. Raises UnknownPage."""
    page, row = responder.find(transaction, page_id)
    responder.leave(transaction, page, row)
    if row.escalation.subject in (Subject.CLINICIAN, Subject.HELP) or _is_with_another(page, row):
        return StaffAnswer(page.id, (Spoken("thank_you"),), Then.END)
    if (
        row.escalation.subject is not Subject.EMERGENCY
        and right_person.unproven_call(transaction, row) is not None
    ):
        return right_person.ask(page, tries=0)
    return ask(transaction, page, row, tries=0)


def _is_with_another(page: PageRow, row: EscalationRow) -> bool:
    """Whether a colleague has the emergency by now: how it ended is theirs to say."""
    rule = row.escalation
    return rule.subject is Subject.EMERGENCY and rule.accepted_by not in (None, page.staff_id)


def who_pressed(transaction: Transaction, page_id: PageId, tries: int, key: str | None) -> StaffAnswer:
    """The key that says who it was. Raises UnknownPage."""
    page, row = responder.find(transaction, page_id)
    if key == right_person.RIGHT_PERSON_KEY:
        right_person.was_them(transaction, row, page.staff_id)
        return ask(transaction, page, row, tries=0)
    if key in right_person.WHO_KEYS:
        record_outcome.record(transaction, row, right_person.WHO_KEYS[key], page.staff_id)
        return StaffAnswer(page.id, (Spoken("outcome_saved"),), Then.END)
    following = responder.asked_again(tries, key)
    if following is not None:
        return right_person.ask(page, following)
    return StaffAnswer(page.id, (Spoken("outcome_missing"),), Then.END)


def ask(transaction: Transaction, page: PageRow, row: EscalationRow, tries: int) -> StaffAnswer:
    """How did it end?"""
    if row.escalation.subject is Subject.EMERGENCY:
        unproven = right_person.unproven_call(transaction, row) is not None
        if unproven:
            emergency_callbacks.being_asked(transaction, connect.callback_of(transaction, row))
        menu: tuple[Spoken, ...] = (Spoken("outcome_emergency_who" if unproven else "outcome_emergency"),)
    else:
        message = (Spoken("outcome_message"),) if _message_is_safe(transaction, row) else ()
        menu = (Spoken("outcome_menu"), *message, Spoken("outcome_again"))
    return StaffAnswer(page.id, menu, Then.LISTEN, question=Question.OUTCOME, tries=tries)


def _message_is_safe(transaction: Transaction, row: EscalationRow) -> bool:
    found = connect.callback_of(transaction, row)
    return found is not None and found.callback.message_safe


def unanswered(transaction: Transaction, page_id: PageId) -> StaffAnswer:
    """The person whom we rang for them did not take the call, or is not to be called any more; unless they have called
    themselves since. Raises UnknownPage."""
    page, row = responder.find(transaction, page_id)
    if page.ended_at is None and connect.on_the_line(transaction, row):
        return responder.into_room(page, row)
    responder.leave(transaction, page, row)
    found = connect.callback_of(transaction, row)
    over = found is not None and not found.callback.is_open
    if over or found is None:
        return StaffAnswer(page.id, (Spoken("over"),), Then.END)
    words = "not_answered" if found.callback.due_at is not None else "not_answered_last"
    return StaffAnswer(page.id, (Spoken(words),), Then.END)


def outcome_pressed(transaction: Transaction, page_id: PageId, tries: int, key: str | None) -> StaffAnswer:
    """The key for the outcome; 9 repeats. Silence leaves it as it is: reached, or an emergency of theirs.

    Raises UnknownPage.
    """
    page, row = responder.find(transaction, page_id)
    if _is_with_another(page, row):
        return StaffAnswer(page.id, (Spoken("thank_you"),), Then.END)
    outcome = _meant(transaction, row, key)
    following = responder.asked_again(tries, key)
    if outcome is None and following is not None:
        return ask(transaction, page, row, following)
    if outcome is Outcome.CALL_LATER and record_outcome.number_of(transaction, row) is None:
        again = ask(transaction, page, row, tries + 1)
        return replace(again, say=(Spoken("outcome_no_number"), *again.say))
    if outcome is Outcome.EMERGENCY and key in (CLOSE_KEY, KEEP_KEY):
        right_person.was_them(transaction, row, page.staff_id)
    if outcome is Outcome.EMERGENCY and key == CLOSE_KEY:
        closing.close_emergency(transaction, row, page.staff_id)
    elif outcome is not None and outcome is not Outcome.EMERGENCY:
        record_outcome.by_key(transaction, row, outcome, page)
    return StaffAnswer(page.id, (Spoken("outcome_saved"),), Then.END)


def _meant(transaction: Transaction, row: EscalationRow, key: str | None) -> Outcome | None:
    """What the key stands for here; an emergency has one outcome, and is closed or kept. None: nothing."""
    if row.escalation.subject is Subject.EMERGENCY:
        known = (
            (CLOSE_KEY, KEEP_KEY, NOT_THEM_KEY)
            if right_person.unproven_call(transaction, row)
            else (CLOSE_KEY, KEEP_KEY)
        )
        return Outcome.EMERGENCY if key in known else None
    if key == MESSAGE_KEY:
        return Outcome.LEFT_MESSAGE if _message_is_safe(transaction, row) else None
    return OUTCOME_KEYS.get(key or "")
