"""What staff can do in the middle of a talk: * takes their own leg out of the room, to one key, and back into it.

The caller stays in the room, and hears that it is only for a moment. If the leg is lost meanwhile, they are fetched
back as after any other.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from hotline.model import PageId, Subject
from hotline.oncall.escalation import Status
from hotline.operations import answers, duty, interpreter, meeting, outcomes, reaching, responder, who
from hotline.operations.answers import Question, StaffAnswer, Then
from hotline.operations.house import Desk, new_id
from hotline.store import contacts, rooms
from hotline.store.escalations import EscalationRow
from hotline.store.pages import PageRow
from hotline.triage.contact import State
from hotline.triage.turn import Spoken

CLINICIAN_KEY, INTERPRETER_KEY, MESSAGE_KEY, LEAVE_KEY = "1", "2", "4", "9"
_COMES_BACK: Final = timedelta(seconds=5)
_TOLD: Final = frozenset({"no_clinician", "no_interpreter"})


def out_of_room(desk: Desk, page_id: PageId) -> StaffAnswer:
    """Their leg is out of the room: by * if the caller is still there, else the talk is over. Raises Unknown.

    Nothing says which: news that the caller has hung up may be on its way. So for a second nothing is said; a key
    that comes in it needs no menu, and by its end we know.
    """
    page, row = responder.find(desk, page_id)
    if not _talks(desk, page, row):
        return outcomes.left_room(desk, page_id)
    if _came_back(desk, row):
        return responder.into_room(page, row)
    return _ask(page, new_id(), tries=0)


def pressed(desk: Desk, page_id: PageId, stay: str, tries: int, key: str | None) -> StaffAnswer:
    """The key after *. Any other key, or silence after the menu: back. Raises Unknown."""
    page, row = responder.find(desk, page_id)
    if key == LEAVE_KEY or not _talks(desk, page, row):
        return outcomes.left_room(desk, page_id)
    if key == CLINICIAN_KEY:
        return responder.into_room(page, row, _clinician(desk, page, row))
    if key == INTERPRETER_KEY:
        return responder.into_room(page, row, interpreter.call(desk, row, page.staff_id))
    if key == MESSAGE_KEY:
        return who.leave_message(desk, page, row) or responder.into_room(page, row, Spoken("no_message"))
    if key is None and tries == 0 and not _came_back(desk, row):
        message = (Spoken("star_message"),) if who.may_leave_message(desk, row) else ()
        return _ask(page, stay, 1, *message, Spoken("star_menu"))
    return responder.into_room(page, row)


def _ask(page: PageRow, stay: str, tries: int, *words: Spoken) -> StaffAnswer:
    return StaffAnswer(page.id, words, Then.LISTEN, question=Question.STAR, tries=tries, stay=stay)


def told(desk: Desk, page_id: PageId, word: str) -> StaffAnswer:
    """They were taken out of the room to be told something, and are back in it at once. Raises Unknown."""
    page, row = responder.find(desk, page_id)
    if not _talks(desk, page, row):
        return outcomes.left_room(desk, page_id)
    return responder.into_room(page, row, *((Spoken(word),) if word in _TOLD else ()))


def _talks(desk: Desk, page: PageRow, row: EscalationRow) -> bool:
    return page.ended_at is None and meeting.talks(desk, row)


def _came_back(desk: Desk, row: EscalationRow) -> bool:
    """Whether the caller was out of the room a moment ago by a redirect that came late: the room was over for that."""
    return any(
        one.state == State.IN_ROOM
        and one.last_turn_at + _COMES_BACK > desk.now
        and one.last_turn_at > (answers.talk_began(desk, one) or one.last_turn_at)
        for one in contacts.ongoing_in(desk.tx, row.room)
    )


def _clinician(desk: Desk, page: PageRow, row: EscalationRow) -> Spoken:
    """Ask the clinicians on call into this room, unless they are being asked already."""
    asked = any(
        one.escalation.subject is Subject.CLINICIAN and one.escalation.status is Status.REACHING
        for one in rooms.open_escalations(desk.tx, row.room)
    )
    if not asked:
        about = reaching.About(row.room, row.line, duty.language_of(desk, row), row.contact_id)
        opened = reaching.open_for(desk, Subject.CLINICIAN, about)
        by = page.staff_id
        desk.note("clinician_asked", contact=row.contact_id, escalation=row.escalation.id, by=by)
        if opened.escalation.status is Status.CLOSED:
            return Spoken("no_clinician")
    return Spoken("clinician_called")
