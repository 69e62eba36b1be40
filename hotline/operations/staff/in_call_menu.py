"""What staff can do in the middle of a talk: * takes their own leg out of the room, to one key, and back into it.

The caller stays in the room, and hears that it is only for a moment. If the leg is lost meanwhile, they are fetched
back as after any other.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from hotline import paths
from hotline.model import ContactId, PageId, StaffId, Subject, TimelineWord
from hotline.oncall.escalation import EscalationStatus
from hotline.operations.answers import Question, StaffAnswer, Then
from hotline.operations.conversation import handing_off, interpreter, requested
from hotline.operations.paging import duty, helping, reaching
from hotline.operations.staff import (
    connect,
    hand_over_menu,
    listening,
    outcomes,
    responder,
    right_person,
    second_person,
    whisper,
)
from hotline.operations.staff.listening import LetIn
from hotline.operations.staff.second_person import HelpAsked
from hotline.operations.transaction import Transaction, new_id
from hotline.store.cases import contacts, escalations
from hotline.store.cases.escalations import EscalationRow
from hotline.store.cases.pages import PageRow
from hotline.store.overviews import conference
from hotline.triage.contact import ContactState
from hotline.triage.turn import Spoken

STAR_KEY: Final = "*"
CLINICIAN_KEY, INTERPRETER_KEY, HAND_OFF_KEY, MESSAGE_KEY, LISTEN_KEY, LEAVE_KEY = (
    "1",
    "2",
    "3",
    "4",
    "8",
    "9",
)
_COMES_BACK: Final = timedelta(seconds=5)
TOLD: Final = frozenset({"no_clinician", "no_help", "no_interpreter"})
"""What they are taken out of the room to be told, and what can be said of it when nothing can be looked up."""


def out_of_room(transaction: Transaction, page_id: PageId, *, gone: bool = False) -> StaffAnswer:
    """Their leg is out of the room: by * if the caller is still there, else the talk is over. Raises UnknownPage.

    `gone`: we have fetched it, for the caller left before they came: that is said, and counts as no talk.

    Nothing says which: news that the caller has hung up may be on its way. So for a second nothing is said; a key
    that comes in it needs no menu, and by its end we know.
    """
    page, row = responder.find(transaction, page_id)
    aside = hand_over_menu.out_of_aside(transaction, page, row)
    if aside is not None:
        return aside
    if gone and page.ended_at is None and not connect.talks(transaction, row):
        coming = _coming(transaction, page, row)
        if coming:
            return responder.into_room(page, row, *coming)
        requested.never_began(transaction, row.contact_id)
        answer = outcomes.left_room(transaction, page_id)
        return replace(answer, say=(Spoken("they_left"), *answer.say))
    if not _talks(transaction, page, row):
        return outcomes.left_room(transaction, page_id)
    if _came_back(transaction, row):
        return responder.into_room(page, row)
    listening.step_aside(transaction, row.room)
    return _ask(page, paths.by_room(row.room, new_id()), tries=0)


def before_room(transaction: Transaction, page_id: PageId, key: str) -> StaffAnswer:
    """A key while they are told something on the way into the room: * is what it is there, if somebody is there
    already; any other key, and they go in at once. Raises UnknownPage."""
    page, row = responder.find(transaction, page_id)
    if page.ended_at is not None:
        return outcomes.left_room(transaction, page_id)
    aside = hand_over_menu.before_aside(transaction, page, row, star=key == STAR_KEY)
    if aside is not None:
        return aside
    if key == STAR_KEY and _talks(transaction, page, row):
        listening.step_aside(transaction, row.room)
        return _ask(page, paths.by_room(row.room, new_id()), tries=0)
    return responder.into_room(page, row)


def _coming(transaction: Transaction, page: PageRow, row: EscalationRow) -> tuple[Spoken, ...]:
    """What is said to whoever waits in the room of an emergency into which they are rung back; nothing if nobody is."""
    if row.escalation.subject is not Subject.EMERGENCY:
        return ()
    words = whisper.joining(transaction, row, page.staff_id)
    return words if words[0].prompt not in whisper.NOBODY_COMES else ()


def pressed(transaction: Transaction, page_id: PageId, stay: str, tries: int, key: str | None) -> StaffAnswer:
    """The key after *. Any other key, or silence after the menu: back. Raises UnknownPage."""
    page, row = responder.find(transaction, page_id)
    if key == LEAVE_KEY or not _talks(transaction, page, row):
        return outcomes.left_room(transaction, page_id)
    if key == CLINICIAN_KEY:
        asked = _beside(transaction, page, row) or _clinician(transaction, page, row)
        return hand_over_menu.back(transaction, page, row, asked)
    if key == INTERPRETER_KEY:
        return hand_over_menu.back(transaction, page, row, interpreter.call(transaction, row, page.staff_id))
    if key == HAND_OFF_KEY:
        return hand_over_menu.offer(transaction, page, row)
    if key == MESSAGE_KEY:
        return right_person.leave_message(transaction, page, row) or hand_over_menu.back(
            transaction, page, row, Spoken("no_message")
        )
    if key == LISTEN_KEY:
        return hand_over_menu.back(transaction, page, row, _let_in(transaction, page, row))
    if key is None and tries == 0 and not _came_back(transaction, row):
        return _ask(page, stay, 1, *_menu(transaction, page, row))
    return hand_over_menu.back(transaction, page, row)


def _menu(transaction: Transaction, page: PageRow, row: EscalationRow) -> tuple[Spoken, ...]:
    message = (Spoken("star_message"),) if right_person.may_leave_message(transaction, row) else ()
    has_interpreter = transaction.settings.centre.line.interpreter_number is not None
    menu = Spoken("star_menu" if has_interpreter else "star_menu_no_interpreter")
    there = listening.who_listens(transaction, row.room)
    shadows = there or listening.shadows(transaction, page.staff_id)
    if not shadows:
        return (*message, menu)
    who = ("WHO", listening.names(transaction, shadows))
    return (*message, Spoken("star_listening" if there else "star_listener", (who,)), menu)


def _let_in(transaction: Transaction, page: PageRow, row: EscalationRow) -> Spoken:
    if listening.put_out(transaction, row.room, page.staff_id):
        return Spoken("listener_ended")
    if listening.let_in(transaction, row.room, page.staff_id) is not LetIn.CALLED:
        return Spoken("no_listener")
    called = listening.who_listens(transaction, row.room)
    return Spoken("listener_called", (("WHO", listening.names(transaction, called)),))


def _ask(page: PageRow, stay: str, tries: int, *words: Spoken) -> StaffAnswer:
    return StaffAnswer(page.id, words, Then.LISTEN, question=Question.STAR, tries=tries, stay=stay)


def told(transaction: Transaction, page_id: PageId, word: str) -> StaffAnswer:
    """They were taken out of the room to be told something, and are back in it at once. Raises UnknownPage."""
    page, row = responder.find(transaction, page_id)
    handed_over = word in handing_off.TOLD
    # Whose hand-off has come to nothing may be back a moment before the caller, who held.
    there = _talks(transaction, page, row) or (
        handed_over and page.ended_at is None and connect.on_the_line(transaction, row)
    )
    if not there:
        return outcomes.left_room(transaction, page_id)
    if handed_over:
        return responder.into_room(page, row, hand_over_menu.told(transaction, row, word))
    return responder.into_room(page, row, *((Spoken(word),) if word in TOLD else ()))


def _talks(transaction: Transaction, page: PageRow, row: EscalationRow) -> bool:
    return page.ended_at is None and connect.talks(transaction, row)


def _came_back(transaction: Transaction, row: EscalationRow) -> bool:
    """Whether the caller was out of the room a moment ago by a redirect that came late: the room was over for that."""
    return any(
        one.state == ContactState.IN_ROOM
        and one.last_turn_at + _COMES_BACK > transaction.now
        and one.last_turn_at > (one.joined_at or one.last_turn_at)
        for one in contacts.ongoing_in(transaction.tx, row.room)
    )


def _beside(transaction: Transaction, page: PageRow, row: EscalationRow) -> Spoken | None:
    """In an emergency, ask for somebody beside them; None if it is none of theirs."""
    emergency = helping.emergency_of(transaction, row)
    if emergency is None:
        return None
    match second_person.ask(transaction, emergency, page.staff_id).result:
        case HelpAsked.NOW | HelpAsked.ALREADY:
            return Spoken("help_called")
        case HelpAsked.NOBODY:
            return Spoken("no_help")
        case HelpAsked.NOT_YOURS:
            return None


def _clinician(transaction: Transaction, page: PageRow, row: EscalationRow) -> Spoken:
    """Ask the clinicians on call into this room, unless they are being asked already."""
    return Spoken("clinician_called" if _call_clinicians(transaction, row, page.staff_id) else "no_clinician")


def bring_clinician(transaction: Transaction, contact_id: ContactId, by: StaffId) -> bool | None:
    """The same from the page of the case: whether anybody is called; None: they aren't in a talk with this caller."""
    contact = contacts.get(transaction.tx, contact_id)
    if contact is None or not listening.has_talk(transaction, contact.room, by):
        return None
    own = next(page for page in conference.staff_in(transaction.tx, contact.room) if page.staff_id == by)
    row = escalations.get(transaction.tx, own.escalation_id)
    return row is not None and _call_clinicians(transaction, row, by)


def _call_clinicians(transaction: Transaction, row: EscalationRow, by: StaffId) -> bool:
    asked = any(
        one.escalation.subject is Subject.CLINICIAN and one.escalation.status is EscalationStatus.REACHING
        for one in conference.open_escalations(transaction.tx, row.room)
    )
    if asked:
        return True
    about = reaching.About(row.room, row.line, duty.language_of(transaction, row), row.contact_id)
    opened = reaching.open_for(transaction, Subject.CLINICIAN, about)
    transaction.note(
        TimelineWord.CLINICIAN_ASKED, contact=row.contact_id, escalation=row.escalation.id, by=by
    )
    return opened.escalation.is_open
