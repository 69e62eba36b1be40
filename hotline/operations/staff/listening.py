"""A trainee hears a talk: called into it once the caller has agreed, muted, and gone when whoever has it is gone.

Listening in unknown to a caller is a crime in Massachusetts (M.G.L. c.272 §99 speaks of hearing, not of recording
alone), so nobody is called before whoever has the talk has asked the caller, and says so by a key or on the board. A
trainee is no company: they can't be heard, start and keep no room, own nothing, and are counted nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from hotline import paths
from hotline.effects import CallOff, HangUp, Origin, OriginKind, PlaceCall, RedirectCall
from hotline.model import AuditAction, AuditKind, ContactId, RoomName, StaffId, TimelineWord
from hotline.oncall.schedule import who_is_on
from hotline.operations import staff_member
from hotline.operations.transaction import Transaction, new_id
from hotline.store.cases import contacts, hand_offs, listeners
from hotline.store.cases.contacts import ContactRow
from hotline.store.cases.listeners import ListenerRow
from hotline.store.overviews import conference, crew
from hotline.triage.contact import ContactState
from hotline.triage.turn import Spoken

ASIDE_AT_MOST: Final = 30
"""How often a trainee is told to wait, some ten seconds each time, while whoever has the talk is away from it."""


class LetIn(StrEnum):
    """What letting somebody listen has come to."""

    CALLED = "called"
    """Or they were already."""
    NOBODY = "nobody"
    """No trainee who may listen shadows whoever has the talk now."""
    NO_TALK = "no talk"
    """They are in no talk with a caller here."""


@dataclass(frozen=True, slots=True)
class TalkHeard:
    """Which trainees hear a talk, as one member of staff sees it: their names."""

    there: tuple[str, ...] = ()
    """Who hears it, or is being called to."""
    could: tuple[str, ...] = ()
    """Whom the viewer, who has the talk, may let hear it."""
    mine: bool = False
    """The viewer has the talk."""


def seen(transaction: Transaction, room: RoomName, viewer: StaffId) -> TalkHeard:
    """Who hears the talk in this room."""
    mine = has_talk(transaction, room, viewer)
    there = [staff_member.known(transaction, one).name for one in who_listens(transaction, room)]
    who = shadows(transaction, viewer) if mine and not there else []
    could = [staff_member.known(transaction, one).name for one in who]
    return TalkHeard(tuple(there), tuple(could), mine)


def shadows(transaction: Transaction, person: StaffId) -> list[StaffId]:
    """Who may be called to hear this person's talks now: trainees on with them, in no talk yet, by name."""
    able = [one for one in crew.crew(transaction.tx).members if one.may_listen]
    if not able:
        return []
    beside = {
        one
        for schedule in crew.crew(transaction.tx).schedules
        for on in [who_is_on(schedule, transaction.now)]
        if person in on
        for one in on
    }
    taken = {one.staff_id for one in listeners.all_there(transaction.tx)}
    return [one.id for one in able if one.id in beside and one.id not in taken]


def names(transaction: Transaction, people: Iterable[StaffId]) -> str:
    """The first names, as they are said."""
    return " and ".join(staff_member.first_name(transaction, one) for one in people)


def who_listens(transaction: Transaction, room: RoomName) -> list[StaffId]:
    """Who hears the talk in this room, or is being called to."""
    return [one.staff_id for one in listeners.there(transaction.tx, room)]


def has_talk(transaction: Transaction, room: RoomName, person: StaffId) -> bool:
    """Whether this member of staff is with a caller in this room."""
    there = {page.staff_id for page in conference.staff_in(transaction.tx, room)}
    return person in there and _talking(transaction, room) is not None


def let_in(transaction: Transaction, room: RoomName, by: StaffId) -> LetIn:
    """Whoever talks in this room says that the caller agrees: call the trainees who shadow them, unless some are."""
    talking = _talking(transaction, room)
    if talking is None or not has_talk(transaction, room, by):
        return LetIn.NO_TALK
    if who_listens(transaction, room):
        return LetIn.CALLED
    if hand_offs.running_in(transaction.tx, room) is not None:
        # Whom the caller is handed to has agreed to nothing.
        return LetIn.NOBODY
    called = shadows(transaction, by)
    for one in called:
        _call(transaction, talking, one, by)
    return LetIn.CALLED if called else LetIn.NOBODY


def _call(transaction: Transaction, talking: ContactRow, person: StaffId, by: StaffId) -> None:
    row = ListenerRow(new_id(), talking.room, talking.id, person, by, transaction.now)
    listeners.add(transaction.tx, row)
    seconds = int(transaction.settings.centre.waits.staff_ring.total_seconds())
    phone = staff_member.known(transaction, person).phone
    placed = PlaceCall(phone, paths.listening(row.id), paths.listening_status(row.id), seconds)
    transaction.send(placed, about=Origin(OriginKind.LISTENER, row.id))
    transaction.note(TimelineWord.LISTENER_CALLED, contact=talking.id, by=by)
    transaction.audit(AuditAction.LET_LISTEN, AuditKind.CONTACT, talking.id, by=by)


def put_out(transaction: Transaction, room: RoomName, by: StaffId | None = None) -> bool:
    """Whoever hears this room hears it no more, and who is called to is called off; whether there was anybody."""
    there = listeners.there(transaction.tx, room)
    for row in there:
        listeners.save(transaction.tx, replace(row, ended_at=transaction.now))
        if row.joined_at is not None:
            transaction.note(TimelineWord.LISTENER_LEFT, contact=row.contact_id, by=row.staff_id)
        if row.call_sid is not None:
            over = HangUp(row.call_sid) if row.joined_at is not None else CallOff(row.call_sid)
            transaction.send(over, about=Origin(OriginKind.LISTENER, row.id))
        if by is not None:
            transaction.audit(AuditAction.ENDED_LISTENING, AuditKind.CONTACT, row.contact_id, by=by)
    return bool(there)


def step_aside(transaction: Transaction, room: RoomName) -> None:
    """Whoever has the talk is away from it for a moment: a caller is left alone with nobody who can't answer them, for
    then they hear that it is only a moment. If a colleague is with the caller, the trainee stays."""
    if len(conference.staff_in(transaction.tx, room)) < 2:
        _take(transaction, room, aside=True)


def come_back(transaction: Transaction, room: RoomName) -> None:
    """They are back in the talk, and so are those who hear it."""
    _take(transaction, room, aside=False)


def _take(transaction: Transaction, room: RoomName, *, aside: bool) -> None:
    for row in listeners.there(transaction.tx, room):
        if row.joined_at is not None and row.call_sid is not None:
            path = paths.listening_aside(row.id, 0) if aside else paths.listening_back(row.id, new_id())
            about = Origin(OriginKind.LISTENER, row.id)
            transaction.send(RedirectCall(row.call_sid, path), about=about)


# --- the trainee's leg -----------------------------------------------------------------------------------------


def asked(transaction: Transaction, listener_id: str, call_sid: str) -> Spoken | None:
    """What they hear on picking up; None if there is nothing to hear any more."""
    row = _wanted(transaction, listener_id)
    if row is None:
        return None
    if row.call_sid is None:
        listeners.save(transaction.tx, replace(row, call_sid=call_sid))
    who = ("WHO", staff_member.first_name(transaction, row.let_in_by))
    return Spoken("listening_screen", (who, _line(transaction, row)))


def rings(transaction: Transaction, listener_id: str, call_sid: str) -> None:
    """Their phone rings by this call; what is wanted no more is called off."""
    row = listeners.get(transaction.tx, listener_id)
    if row is None or row.call_sid is not None:
        return
    if row.ended_at is None:
        listeners.save(transaction.tx, replace(row, call_sid=call_sid))
    else:
        transaction.send(CallOff(call_sid), about=Origin(OriginKind.LISTENER, row.id))


def joined(transaction: Transaction, listener_id: str, call_sid: str) -> RoomName | None:
    """They have pressed 1: the room, in which they are muted; None if there is nothing to hear any more."""
    row = _wanted(transaction, listener_id)
    if row is None:
        return None
    if row.joined_at is None:
        transaction.note(TimelineWord.LISTENER_JOINED, contact=row.contact_id, by=row.staff_id)
        listeners.save(transaction.tx, replace(row, call_sid=call_sid, joined_at=transaction.now))
    return row.room


def back_in(transaction: Transaction, listener_id: str) -> RoomName | None:
    """They were taken aside for a moment: the room again; None if there is nothing to hear any more."""
    row = _wanted(transaction, listener_id)
    return row.room if row is not None and row.joined_at is not None else None


def leave(transaction: Transaction, listener_id: str) -> None:
    """Their leg is out of the room for good: by *, or because the talk is over."""
    row = listeners.get(transaction.tx, listener_id)
    if row is not None and row.ended_at is None:
        _over(transaction, row)


def leg_over(transaction: Transaction, listener_id: str, call_sid: str) -> None:
    """The call to them is over."""
    row = listeners.get(transaction.tx, listener_id)
    if row is not None and row.ended_at is None and row.call_sid in (None, call_sid):
        _over(transaction, row)


def unreached(transaction: Transaction, listener_id: str) -> None:
    """Their phone can't be rung."""
    leave(transaction, listener_id)


def _over(transaction: Transaction, row: ListenerRow) -> None:
    listeners.save(transaction.tx, replace(row, ended_at=transaction.now))
    word = TimelineWord.LISTENER_UNREACHED if row.joined_at is None else TimelineWord.LISTENER_LEFT
    transaction.note(word, contact=row.contact_id, by=row.staff_id)


def _wanted(transaction: Transaction, listener_id: str) -> ListenerRow | None:
    """The one whose talk goes on, with somebody of the staff in it; what is over is kept as that."""
    row = listeners.get(transaction.tx, listener_id)
    if row is None or row.ended_at is not None:
        return None
    if _talking(transaction, row.room) is None or not conference.staff_in(transaction.tx, row.room):
        _over(transaction, row)
        return None
    return row


def _talking(transaction: Transaction, room: RoomName) -> ContactRow | None:
    ongoing = contacts.ongoing_in(transaction.tx, room)
    return next((one for one in ongoing if one.state == ContactState.IN_ROOM), None)


def _line(transaction: Transaction, row: ListenerRow) -> tuple[str, str]:
    about = contacts.get(transaction.tx, ContactId(row.contact_id))
    return "LINE", staff_member.said_line(transaction, about.line if about is not None else None)
