"""Handing a caller over by keys: *3 and a key choose to whom; and what whoever hands over presses while they tell who
comes. The caller is handed over to nobody by a slip: each step has a key of its own, and every other key goes back.
"""

from __future__ import annotations

from typing import Final

from hotline import paths
from hotline.model import Line, PageId, RoomName
from hotline.operations.answers import Question, StaffAnswer, Then
from hotline.operations.conversation import handing_off
from hotline.operations.conversation.handing_off import HandOffRefusal
from hotline.operations.paging import duty
from hotline.operations.referrals import opening
from hotline.operations.staff import connect, listening, outcomes, responder
from hotline.operations.transaction import Transaction, new_id
from hotline.referral.fitting_entries import AT_MOST, Candidate, fitting
from hotline.referral.hand_off import HandOffEvent, HandOffStatus
from hotline.store.cases import hand_offs
from hotline.store.cases.escalations import EscalationRow
from hotline.store.cases.hand_offs import HandOffRow
from hotline.store.cases.pages import PageRow
from hotline.store.people import directory
from hotline.triage.turn import Spoken

TOGETHER_KEY, BACK_KEY = "1", "2"
_KEYS: Final = tuple(str(number) for number in range(1, AT_MOST + 1))
_ID_LETTERS: Final = len(new_id())
_REFUSED: Final = {
    HandOffRefusal.NOT_TALKING: "hand_off_not_rung",
    HandOffRefusal.RUNNING: "hand_off_running",
    HandOffRefusal.NOT_RUNG: "hand_off_not_rung",
}


def offer(transaction: Transaction, page: PageRow, row: EscalationRow) -> StaffAnswer:
    """Name the few that fit this line and language and are open, each with its key; back into the room if none does."""
    if hand_offs.running_in(transaction.tx, row.room) is not None:
        return back(transaction, page, row, Spoken("hand_off_running"))
    now = transaction.now
    known = [Candidate(one, opening.is_open(one, now)) for one in directory.every(transaction.tx)]
    language = duty.language_of(transaction, row)
    found = fitting(known, row.line or Line.PERSON, language)
    if not found:
        return back(transaction, page, row, Spoken("hand_off_nobody"))
    named = (
        Spoken("hand_off_choice", (("NAME", one.name), ("KEY", key)))
        for one, key in zip(found, _KEYS, strict=False)
    )
    offered = "".join(one.id for one in found)
    words = (*named, Spoken("hand_off_back"))
    stay = paths.by_room(row.room, new_id())
    return StaffAnswer(page.id, words, Then.LISTEN, question=Question.DIRECTORY, stay=stay, offered=offered)


def chosen(transaction: Transaction, page_id: PageId, offered: str, key: str | None) -> StaffAnswer:
    """The key for one of those; any other key, or silence: back. Raises UnknownPage."""
    page, row = responder.find(transaction, page_id)
    if page.ended_at is not None or not connect.talks(transaction, row):
        return outcomes.left_room(transaction, page_id)
    ids = [offered[at : at + _ID_LETTERS] for at in range(0, len(offered), _ID_LETTERS)]
    if key not in _KEYS[: len(ids)]:
        return back(transaction, page, row)
    begun = handing_off.begin(transaction, page, row.room, ids[_KEYS.index(key)])
    if isinstance(begun, HandOffRefusal):
        return back(transaction, page, row, Spoken(_REFUSED[begun]))
    return back(transaction, page, row, Spoken("hand_off_calling", (("NAME", begun.to_whom),)))


def back(transaction: Transaction, page: PageRow, row: EscalationRow, *words: Spoken) -> StaffAnswer:
    """Back into the talk, with whoever hears it."""
    listening.come_back(transaction, row.room)
    return responder.into_room(page, row, *words)


def told(transaction: Transaction, row: EscalationRow, word: str) -> Spoken:
    """What they are told when a hand-off has come to nothing."""
    return handing_off.words(transaction, row.room, word)


# --- aside --------------------------------------------------------------------------------------------------------


def aside(transaction: Transaction, page_id: PageId, hand_off_id: str) -> StaffAnswer:
    """Their leg was taken out of the room, to whoever has answered. Raises UnknownPage."""
    page, row = responder.find(transaction, page_id)
    handed = handing_off.came_aside(transaction, hand_off_id)
    if page.ended_at is not None or handed is None:
        return outcomes.left_room(transaction, page_id)
    if handed.status is not HandOffStatus.ASIDE:
        # They hung up meanwhile, or everybody is together already.
        lost = f"hand_off_{handed.status}" in handing_off.TOLD
        words = (told(transaction, row, f"hand_off_{handed.status}"),) if lost else ()
        return responder.into_room(page, row, *words)
    # The caller has agreed that somebody listens; the other side, whom they are about to hear, has not.
    listening.put_out(transaction, row.room)
    return _go_on(page, handed, Spoken("hand_off_aside", (("NAME", handed.to_whom),)))


def out_of_aside(transaction: Transaction, page: PageRow, row: EscalationRow) -> StaffAnswer | None:
    """They have pressed * while they speak with the other side: what for? None if they don't."""
    handed = _aside(transaction, page, row.room)
    return _ask(page, handed) if handed is not None else None


def before_aside(
    transaction: Transaction, page: PageRow, row: EscalationRow, *, star: bool
) -> StaffAnswer | None:
    """The same while they hear that the other side is there; another key than *, and they speak at once."""
    handed = _aside(transaction, page, row.room)
    if handed is None:
        return None
    return _ask(page, handed) if star else _go_on(page, handed)


def pressed(transaction: Transaction, page_id: PageId, key: str | None) -> StaffAnswer:
    """The key after that; any other one, or silence: on with the other side. Raises UnknownPage."""
    page, row = responder.find(transaction, page_id)
    handed = _aside(transaction, page, row.room)
    if handed is None:
        there = page.ended_at is None and connect.on_the_line(transaction, row)
        return responder.into_room(page, row) if there else outcomes.left_room(transaction, page_id)
    if key == TOGETHER_KEY:
        handing_off.tell(transaction, handed, HandOffEvent.TOGETHER)
        return responder.into_room(page, row, Spoken("hand_off_together"))
    if key == BACK_KEY:
        handing_off.tell(transaction, handed, HandOffEvent.CALLED_OFF)
        return responder.into_room(page, row)
    return _go_on(page, handed)


def _aside(transaction: Transaction, page: PageRow, room: RoomName) -> HandOffRow | None:
    handed = handing_off.of_hander(transaction, page, room) if page.ended_at is None else None
    return handed if handed is not None and handed.status is HandOffStatus.ASIDE else None


def _go_on(page: PageRow, handed: HandOffRow, *words: Spoken) -> StaffAnswer:
    stay = paths.by_room(handed.aside, new_id())
    return StaffAnswer(page.id, words, Then.JOIN, room=handed.aside, stay=stay)


def _ask(page: PageRow, handed: HandOffRow) -> StaffAnswer:
    stay = paths.by_room(handed.aside, new_id())
    return StaffAnswer(page.id, (Spoken("hand_off_menu"),), Then.LISTEN, question=Question.ASIDE, stay=stay)
