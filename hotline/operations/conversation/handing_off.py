"""A warm hand-off, carried out: the other side is rung, told by whoever talks with the caller, and joined with them.

What follows from what is decided by the rule (`referral.hand_off`). The numbers that are rung go through the one door
of all numbers, as a caller's do; a town's dispatch centre is rung by nobody here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from hotline import paths
from hotline.effects import HangUp, Origin, OriginKind, PlaceCall, RedirectCall
from hotline.model import (
    AuditAction,
    AuditKind,
    ContactId,
    PageId,
    PhoneNumber,
    RoomName,
    StaffId,
    TimelineWord,
)
from hotline.operations.conversation import company, errands, interpreter
from hotline.operations.transaction import Transaction, new_id
from hotline.referral.directory_entry import ReferralKind
from hotline.referral.hand_off import RUNNING, HandOffEvent, HandOffRequest, HandOffStatus, step
from hotline.store.cases import contacts, hand_offs, pages
from hotline.store.cases.contacts import ContactRow
from hotline.store.cases.hand_offs import HandOffRow
from hotline.store.cases.pages import PageRow
from hotline.store.overviews import conference
from hotline.store.people import directory
from hotline.triage.contact import ContactState
from hotline.triage.turn import Spoken

_RING_SECONDS: Final = 45
"""A programme's office may take longer to pick up than a colleague."""
_NOTED: Final = {
    HandOffStatus.RINGING: TimelineWord.HAND_OFF_CALLED,
    HandOffStatus.ANSWERED: TimelineWord.HAND_OFF_ANSWERED,
    HandOffStatus.ASIDE: TimelineWord.HAND_OFF_ASIDE,
    HandOffStatus.JOINED: TimelineWord.HAND_OFF_JOINED,
    HandOffStatus.UNREACHED: TimelineWord.HAND_OFF_UNREACHED,
    HandOffStatus.LEFT: TimelineWord.HAND_OFF_LEFT,
    HandOffStatus.CALLED_OFF: TimelineWord.HAND_OFF_CALLED_OFF,
    HandOffStatus.OVER: TimelineWord.HAND_OFF_OVER,
}
TOGETHER: Final = "hand_off_together"
BACK: Final = "hand_off_back_now"
TOLD: Final = frozenset(
    {
        *(
            f"hand_off_{one}"
            for one in (HandOffStatus.UNREACHED, HandOffStatus.LEFT, HandOffStatus.CALLED_OFF)
        ),
        TOGETHER,
        BACK,
    }
)
"""What whoever hands over is told, by the key of its prompt, when they are taken back into the caller's room."""


class HandOffRefusal(StrEnum):
    """Why nobody is rung."""

    NOT_TALKING = "not talking"
    """Whoever asks isn't on the line with the caller, or no caller is there."""
    RUNNING = "running"
    """Somebody is being rung, or is with them, already."""
    NOT_RUNG = "not rung"
    """It takes no such calls, or no call of ours may go there."""


def begin(
    transaction: Transaction, page: PageRow, room: RoomName, entry_id: str
) -> HandOffRow | HandOffRefusal:
    """Ring an entry of the directory for the caller in this room; `page`: the leg of whoever talks with them."""
    here = [one for one in contacts.ongoing_in(transaction.tx, room) if one.state == ContactState.IN_ROOM]
    if page.ended_at is not None or not here:
        return HandOffRefusal.NOT_TALKING
    if hand_offs.running_in(transaction.tx, room) is not None:
        return HandOffRefusal.RUNNING
    entry = directory.get(transaction.tx, entry_id)
    number = entry.rung if entry is not None else None
    if entry is None or number is None or not _may_be_rung(transaction, number):
        return HandOffRefusal.NOT_RUNG
    caller = here[0]
    row = HandOffRow(
        id=new_id(),
        contact_id=caller.id,
        room=room,
        page_id=page.id,
        entry=entry.id,
        to_whom=entry.name,
        asked_by=page.staff_id,
        asked_at=transaction.now,
    )
    row = hand_offs.add(transaction.tx, row)
    shown = transaction.our_number(caller.our_number)
    placed = PlaceCall(
        number, paths.hand_off(row.id), paths.hand_off_status(row.id), _RING_SECONDS, from_=shown
    )
    transaction.send(placed, about=Origin(OriginKind.HAND_OFF, row.id), to_caller=True)
    _noted(transaction, row)
    return row


def _may_be_rung(transaction: Transaction, number: PhoneNumber) -> bool:
    """The one door for numbers; and nobody's dispatch centre, under whatever name it stands here, too."""
    dispatch = {
        one
        for entry in directory.every(transaction.tx)
        if ReferralKind.DISPATCH in entry.kinds
        for one in entry.numbers
    }
    return number.e164 not in dispatch and transaction.settings.centre.line.reaches(number)


def is_wanted(transaction: Transaction, hand_off_id: str) -> bool:
    """Whether their telephone is still to be rung."""
    row = hand_offs.get(transaction.tx, hand_off_id)
    return row is not None and row.status is HandOffStatus.RINGING


def tell(transaction: Transaction, row: HandOffRow, event: HandOffEvent) -> HandOffRow:
    """What happened to it: the rule decides, and what it asks for is done."""
    following = step(row.status, event)
    if following.status is row.status:
        return row
    row = _kept(transaction, row, following.status)
    for request in following.requests:
        _carry_out(transaction, row, request)
    return row


def _kept(transaction: Transaction, row: HandOffRow, status: HandOffStatus) -> HandOffRow:
    now = transaction.now
    match status:
        case HandOffStatus.ANSWERED:
            row = replace(row, answered_at=now)
        case HandOffStatus.ASIDE:
            row = replace(row, aside_at=now)
        case HandOffStatus.JOINED:
            row = replace(row, joined_at=now)
        case _:
            row = replace(row, ended_at=now)
    row = hand_offs.save(transaction.tx, replace(row, status=status))
    _noted(transaction, row)
    return row


def _noted(transaction: Transaction, row: HandOffRow) -> None:
    by = row.asked_by if row.status in RUNNING else None
    transaction.note(_NOTED[row.status], contact=row.contact_id, detail=row.to_whom, by=by)
    if row.status in (HandOffStatus.RINGING, HandOffStatus.JOINED):
        transaction.audit(
            AuditAction.HAND_OFF, AuditKind.CONTACT, row.contact_id, by=row.asked_by, detail=row.status
        )


# --- what is asked for --------------------------------------------------------------------------------------------


def _carry_out(transaction: Transaction, row: HandOffRow, request: HandOffRequest) -> None:
    match request:
        case HandOffRequest.FETCH_ASIDE:
            _redirect_hander(transaction, row, paths.page_aside(row.page_id, row.id, _errand(row)))
        case HandOffRequest.TELL:
            told = paths.page_told(row.page_id, f"hand_off_{row.status}", _errand(row))
            _redirect_hander(transaction, row, told)
        case HandOffRequest.BRING_THEM:
            _redirect_them(transaction, row, paths.hand_off_together(row.id, _errand(row)))
        case HandOffRequest.LET_THEM_GO:
            let_go(transaction, row)
        case HandOffRequest.HOLD_CALLER | HandOffRequest.BRING_CALLER | HandOffRequest.CALLER_ALONE:
            for caller in contacts.ongoing_in(transaction.tx, row.room):
                _move_caller(transaction, caller, request)


def _errand(row: HandOffRow) -> str:
    return paths.by_room(row.room, new_id())


def _redirect_hander(transaction: Transaction, row: HandOffRow, path: str) -> None:
    page = pages.get(transaction.tx, row.page_id)
    if page is not None and page.ended_at is None and page.provider_sid is not None:
        transaction.send(RedirectCall(page.provider_sid, path), about=Origin(OriginKind.PAGE, page.id))


def _redirect_them(transaction: Transaction, row: HandOffRow, path: str) -> None:
    if row.provider_sid is not None:
        about = Origin(OriginKind.HAND_OFF, row.id)
        transaction.send(RedirectCall(row.provider_sid, path), about=about)


def let_go(transaction: Transaction, row: HandOffRow) -> None:
    """Thank whoever is there, or stop ringing."""
    if row.answered_at is not None:
        _redirect_them(transaction, row, paths.hand_off_over(row.id))
    elif row.provider_sid is not None:
        transaction.send(HangUp(row.provider_sid), about=Origin(OriginKind.HAND_OFF, row.id))


def _move_caller(transaction: Transaction, caller: ContactRow, request: HandOffRequest) -> None:
    in_room, holds = caller.state == ContactState.IN_ROOM, caller.state == ContactState.ON_HOLD
    match request:
        case HandOffRequest.HOLD_CALLER if in_room and not company.staff(transaction, caller):
            # With an interpreter they are not alone, and need them again in a moment.
            if not interpreter.is_here(transaction, caller.id):
                errands.on_hold(transaction, caller)
        case HandOffRequest.BRING_CALLER if holds:
            errands.into_room(transaction, caller)
        case HandOffRequest.CALLER_ALONE if (in_room or holds) and not company.is_anybody(
            transaction, caller
        ):
            errands.out_of_room(transaction, caller)
        case _:
            pass


# --- what people do -----------------------------------------------------------------------------------------------


def of_hander(transaction: Transaction, page: PageRow, room: RoomName) -> HandOffRow | None:
    """The hand-off in this room that goes on, if it is theirs whose leg that is."""
    row = hand_offs.running_in(transaction.tx, room)
    return row if row is not None and row.page_id == page.id else None


def is_to_come_aside(transaction: Transaction, hand_off_id: str) -> bool:
    """Whether somebody waits on the other side for whoever hands over."""
    row = hand_offs.get(transaction.tx, hand_off_id)
    return row is not None and row.status is HandOffStatus.ANSWERED


def came_aside(transaction: Transaction, hand_off_id: str) -> HandOffRow | None:
    """Whoever hands over is on the way to the other side; None if there is no such hand-off."""
    row = hand_offs.get(transaction.tx, hand_off_id)
    return tell(transaction, row, HandOffEvent.CAME_ASIDE) if row is not None else None


def hander_left(transaction: Transaction, page: PageRow, room: RoomName) -> None:
    """Whoever hands over has hung up, or left the talk."""
    row = of_hander(transaction, page, room)
    if row is not None:
        tell(transaction, row, HandOffEvent.HANDER_LEFT)


def caller_left(transaction: Transaction, caller: ContactRow) -> None:
    """The caller has hung up."""
    row = company.running(transaction, caller)
    if row is not None:
        tell(transaction, row, HandOffEvent.CALLER_LEFT)


def wanted_back(transaction: Transaction, caller: ContactRow) -> None:
    """The caller, who holds, wants the person back with whom they talked."""
    row = company.running(transaction, caller)
    if row is not None:
        tell(transaction, row, HandOffEvent.WANTED_BACK)


def words(transaction: Transaction, room: RoomName, word: str) -> Spoken:
    """What whoever hands over is told, with the name of the other side. The last one in this room is meant."""
    named = [one.to_whom for one in hand_offs.of_room(transaction.tx, room)]
    return Spoken(word, (("NAME", named[-1] if named else ""),))


# --- on the console -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HandOffSeen:
    """What one member of staff sees of it on the page of a call."""

    running: HandOffRow | None
    """The one that goes on."""
    mine: bool
    """The viewer hands over."""
    may_begin: bool
    """The viewer talks with the caller now, and nobody is being called."""


def seen(transaction: Transaction, contact_id: ContactId, viewer: StaffId) -> HandOffSeen | None:
    """For the page of this contact; None if its call is over."""
    row = contacts.get(transaction.tx, contact_id)
    if row is None or row.ended_at is not None:
        return None
    going_on = hand_offs.running_in(transaction.tx, row.room)
    page = _leg_of(transaction, row, viewer)
    mine = going_on is not None and page is not None and going_on.page_id == page.id
    talks = page is not None and row.state == ContactState.IN_ROOM
    return HandOffSeen(going_on, mine, may_begin=talks and going_on is None)


def _leg_of(transaction: Transaction, row: ContactRow, viewer: StaffId) -> PageRow | None:
    there = conference.staff_in(transaction.tx, row.room)
    return next((one for one in there if one.staff_id == viewer), None)


def begin_by_hand(
    transaction: Transaction, contact_id: ContactId, entry_id: str, by: StaffId
) -> HandOffRow | HandOffRefusal:
    """Whoever talks with them chooses on the page to whom they are handed over."""
    row = contacts.get(transaction.tx, contact_id)
    page = _leg_of(transaction, row, by) if row is not None else None
    if row is None or page is None:
        return HandOffRefusal.NOT_TALKING
    return begin(transaction, page, row.room, entry_id)


def step_by_hand(transaction: Transaction, contact_id: ContactId, event: HandOffEvent, by: StaffId) -> bool:
    """Whoever hands over says on the page how it goes on: their leg is where it is, and is fetched. Whether that could
    be done."""
    row = contacts.get(transaction.tx, contact_id)
    handed = hand_offs.running_in(transaction.tx, row.room) if row is not None else None
    if handed is None or handed.asked_by != by:
        return False
    was_aside = handed.status is HandOffStatus.ASIDE
    after = tell(transaction, handed, event)
    if after.status is handed.status:
        return False
    if was_aside:
        word = TOGETHER if after.status is HandOffStatus.JOINED else BACK
        _redirect_hander(transaction, after, paths.page_told(after.page_id, word, _errand(after)))
    return True


def handed_from(transaction: Transaction, room: RoomName, page: PageId) -> str:
    """To whom the caller of this talk was put through by this leg; empty if to nobody."""
    joined = [
        one
        for one in hand_offs.of_room(transaction.tx, room)
        if one.joined_at is not None and one.page_id == page
    ]
    return joined[-1].to_whom if joined else ""
