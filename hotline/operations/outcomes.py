"""How it ended, as the member of staff says by key when the talk is over."""

from __future__ import annotations

from hotline.callbacks.events import OutcomeSet
from hotline.model import Line, Outcome, PageId, StaffId, Subject
from hotline.oncall import events as reach
from hotline.oncall.escalation import Status
from hotline.operations import closing, meeting, reaching, responder, ringing_back
from hotline.operations.answers import Question, StaffAnswer, Then
from hotline.operations.house import Desk
from hotline.operations.responder import TRIES
from hotline.store import contacts
from hotline.store.callbacks import CallbackRow
from hotline.store.escalations import EscalationRow
from hotline.triage.contact import PromiseCallback, Spoken

OUTCOME_KEYS = {
    "1": Outcome.REACHED,
    "2": Outcome.BOOKED_INTAKE,
    "3": Outcome.CALL_LATER,
    "4": Outcome.DECLINED,
    "5": Outcome.REFERRED,
    "6": Outcome.WRONG_NUMBER,
}


def left_room(desk: Desk, page_id: PageId) -> StaffAnswer:
    """Their leg is out of the room, and still on the line: ask how it ended. Raises Unknown."""
    page, row = responder.find(desk, page_id)
    responder.leave(desk, page, row)
    if row.escalation.subject is Subject.CLINICIAN:
        return StaffAnswer(page.id, (Spoken("thank_you"),), Then.END)
    if row.escalation.subject is Subject.EMERGENCY:
        return StaffAnswer(page.id, (Spoken("outcome_emergency"),), Then.LISTEN, question=Question.OUTCOME)
    return StaffAnswer(page.id, (Spoken("outcome_menu"),), Then.LISTEN, question=Question.OUTCOME)


def unanswered(desk: Desk, page_id: PageId) -> StaffAnswer:
    """The person whom we rang for them did not take the call. Raises Unknown."""
    page, row = responder.find(desk, page_id)
    responder.leave(desk, page, row)
    return StaffAnswer(page.id, (Spoken("not_answered"),), Then.END)


def outcome_pressed(desk: Desk, page_id: PageId, tries: int, key: str | None) -> StaffAnswer:
    """The key for the outcome. Silence leaves it as it is: reached, or an emergency of theirs. Raises Unknown."""
    page, row = responder.find(desk, page_id)
    saved = StaffAnswer(page.id, (Spoken("outcome_saved"),), Then.END)
    if row.escalation.subject is Subject.EMERGENCY:
        if key == "1":
            closing.close_emergency(desk, row, page.staff_id)
        return saved
    outcome = OUTCOME_KEYS.get(key or "")
    if outcome is None and tries + 1 < TRIES:
        menu = (Spoken("outcome_menu"),)
        return StaffAnswer(page.id, menu, Then.LISTEN, question=Question.OUTCOME, tries=tries + 1)
    if outcome is not None:
        _set_outcome(desk, row, outcome, page.staff_id)
    return saved


def _set_outcome(desk: Desk, row: EscalationRow, outcome: Outcome, by: StaffId) -> None:
    if row.escalation.status is not Status.CLOSED:
        reaching.tell(desk, row, reach.Closed(by))
    found = meeting.callback_of(desk, row)
    if found is None and outcome is Outcome.CALL_LATER:
        found = _promise(desk, row)
    if found is not None and found.callback.line is not Line.EMERGENCY:
        ringing_back.change(desk, found, OutcomeSet(outcome, by))
    desk.note("outcome", contact=row.contact_id, callback=row.callback_id, detail=outcome, by=by)


def _promise(desk: Desk, row: EscalationRow) -> CallbackRow | None:
    """They talked live, and the caller wants to be called later: a promise of its own. What was owed before is kept."""
    origin = contacts.get(desk.tx, row.contact_id) if row.contact_id else None
    if origin is None or origin.caller is None:
        return None
    ringing_back.kept_live(desk, origin)
    wanted = PromiseCallback(row.line or Line.PERSON, origin.caller, ready=True)
    return ringing_back.promise(desk, origin, wanted)
