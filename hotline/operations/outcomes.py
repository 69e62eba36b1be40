"""How it ended, as the member of staff says by key when the talk is over."""

from __future__ import annotations

from hotline.model import Outcome, PageId, Subject
from hotline.operations import closing, meeting, record_outcome, responder, who
from hotline.operations.answers import Question, StaffAnswer, Then
from hotline.operations.house import Desk
from hotline.store.escalations import EscalationRow
from hotline.store.pages import PageRow
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


def left_room(desk: Desk, page_id: PageId) -> StaffAnswer:
    """Their leg is out of the room, and still on the line: ask how it ended. Raises Unknown."""
    page, row = responder.find(desk, page_id)
    responder.leave(desk, page, row)
    if row.escalation.subject is Subject.CLINICIAN:
        return StaffAnswer(page.id, (Spoken("thank_you"),), Then.END)
    if row.escalation.subject is not Subject.EMERGENCY and who.unproven_call(desk, row) is not None:
        return who.ask(page, tries=0)
    return ask(desk, page, row, tries=0)


def who_pressed(desk: Desk, page_id: PageId, tries: int, key: str | None) -> StaffAnswer:
    """The key that says who it was. Raises Unknown."""
    page, row = responder.find(desk, page_id)
    if key == who.RIGHT_PERSON_KEY:
        who.was_them(desk, row, page.staff_id)
        return ask(desk, page, row, tries=0)
    if key in who.WHO_KEYS:
        record_outcome.record(desk, row, who.WHO_KEYS[key], page.staff_id)
        return StaffAnswer(page.id, (Spoken("outcome_saved"),), Then.END)
    following = responder.asked_again(tries, key)
    if following is not None:
        return who.ask(page, following)
    return StaffAnswer(page.id, (Spoken("outcome_missing"),), Then.END)


def ask(desk: Desk, page: PageRow, row: EscalationRow, tries: int) -> StaffAnswer:
    """How did it end?"""
    if row.escalation.subject is Subject.EMERGENCY:
        unproven = who.unproven_call(desk, row) is not None
        menu: tuple[Spoken, ...] = (Spoken("outcome_emergency_who" if unproven else "outcome_emergency"),)
    else:
        message = (Spoken("outcome_message"),) if _message_is_safe(desk, row) else ()
        menu = (Spoken("outcome_menu"), *message, Spoken("outcome_again"))
    return StaffAnswer(page.id, menu, Then.LISTEN, question=Question.OUTCOME, tries=tries)


def _message_is_safe(desk: Desk, row: EscalationRow) -> bool:
    found = meeting.callback_of(desk, row)
    return found is not None and found.callback.message_safe


def unanswered(desk: Desk, page_id: PageId) -> StaffAnswer:
    """The person whom we rang for them did not take the call, or is not to be called any more; unless they have called
    themselves since. Raises Unknown."""
    page, row = responder.find(desk, page_id)
    if page.ended_at is None and meeting.on_the_line(desk, row):
        return responder.into_room(page, row)
    responder.leave(desk, page, row)
    found = meeting.callback_of(desk, row)
    over = found is not None and not found.callback.is_open
    if over or found is None:
        return StaffAnswer(page.id, (Spoken("over"),), Then.END)
    words = "not_answered" if found.callback.due_at is not None else "not_answered_last"
    return StaffAnswer(page.id, (Spoken(words),), Then.END)


def outcome_pressed(desk: Desk, page_id: PageId, tries: int, key: str | None) -> StaffAnswer:
    """The key for the outcome; 9 repeats. Silence leaves it as it is: reached, or an emergency of theirs.

    Raises Unknown.
    """
    page, row = responder.find(desk, page_id)
    outcome = _meant(desk, row, key)
    following = responder.asked_again(tries, key)
    if outcome is None and following is not None:
        return ask(desk, page, row, following)
    if outcome is Outcome.EMERGENCY and key in (CLOSE_KEY, KEEP_KEY):
        who.was_them(desk, row, page.staff_id)
    if outcome is Outcome.EMERGENCY and key == CLOSE_KEY:
        closing.close_emergency(desk, row, page.staff_id)
    elif outcome is not None and outcome is not Outcome.EMERGENCY:
        record_outcome.record(desk, row, outcome, page.staff_id)
    return StaffAnswer(page.id, (Spoken("outcome_saved"),), Then.END)


def _meant(desk: Desk, row: EscalationRow, key: str | None) -> Outcome | None:
    """What the key stands for here; an emergency has one outcome, and is closed or kept. None: nothing."""
    if row.escalation.subject is Subject.EMERGENCY:
        known = (CLOSE_KEY, KEEP_KEY, NOT_THEM_KEY) if who.unproven_call(desk, row) else (CLOSE_KEY, KEEP_KEY)
        return Outcome.EMERGENCY if key in known else None
    if key == MESSAGE_KEY:
        return Outcome.LEFT_MESSAGE if _message_is_safe(desk, row) else None
    return OUTCOME_KEYS.get(key or "")
