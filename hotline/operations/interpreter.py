"""An interpreter in the room: rung at the centre's own number, told the language, and nothing else of anybody.

They are no member of staff: nothing is theirs, nobody waits for them, and the room ends without them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from hotline import paths
from hotline.effects import PlaceCall
from hotline.model import Channel, ContactId, Language, RoomName, StaffId
from hotline.operations import reaching
from hotline.operations.answers import Answer, Then
from hotline.operations.house import Desk
from hotline.store import contacts, legs, outbox
from hotline.store.contacts import ContactRow
from hotline.store.escalations import EscalationRow
from hotline.store.outbox import Origin
from hotline.triage.contact import Spoken, State

_RING_SECONDS: Final = 45
"""An interpreters' office may take longer to pick up than a colleague."""
_JUST_NOW: Final = timedelta(seconds=15)
_JOINED: Final = "interpreter/joined"
_KIND: Final = "interpreter"


def call(desk: Desk, row: EscalationRow, by: StaffId) -> Spoken:
    """Ring the centre's interpreters for whoever talks in this room; what the one who asked is told."""
    number = desk.settings.centre.line.interpreter_number
    if number is None:
        return Spoken("interpreter_unset")
    talking = next(one for one in contacts.ongoing_in(desk.tx, row.room) if one.state == State.IN_ROOM)
    placed = PlaceCall(
        number, paths.interpreter(talking.id), paths.interpreter_status(talking.id), _RING_SECONDS
    )
    desk.send(placed, about=Origin(_KIND, talking.id))
    desk.note("interpreter_called", contact=talking.id, escalation=row.escalation.id, by=by)
    return Spoken("interpreter_called", (_language(desk, talking.language),))


def asked(desk: Desk, contact_id: ContactId) -> Spoken | None:
    """What they hear on picking up; None if nobody needs them any more."""
    talking = _talking(desk, contact_id)
    return Spoken("interpreter_screen", (_language(desk, talking.language),)) if talking else None


def joined(desk: Desk, contact_id: ContactId, call_sid: str) -> RoomName | None:
    """They have pressed 1: the room; None if nobody needs them any more."""
    talking = _talking(desk, contact_id)
    if talking is None:
        return None
    if legs.answered(desk.tx, call_sid, _JOINED) is None:
        legs.record_answer(desk.tx, call_sid, _JOINED, talking.room, desk.now)
        desk.note("interpreter_joined", contact=talking.id)
    return talking.room


def leg_over(desk: Desk, contact_id: ContactId, call_sid: str) -> None:
    """The call to them is over. If they never joined, whoever asked for them is told."""
    if legs.answered(desk.tx, call_sid, _JOINED) is None:
        unreached(desk, contact_id)
    else:
        desk.note("interpreter_left", contact=contact_id)


def unreached(desk: Desk, contact_id: ContactId) -> None:
    """Nobody at that number has pressed 1, or it can't be rung."""
    desk.note("interpreter_unreached", contact=contact_id)
    talking = _talking(desk, contact_id)
    if talking is not None:
        reaching.tell_room(desk, talking.room, "no_interpreter")


def moment(desk: Desk, contact_id: ContactId) -> Answer:
    """What a caller hears who is alone in a room for a moment, over and over: why, and to stay on the line."""
    row = contacts.get(desk.tx, contact_id)
    language = row.language if row is not None else Language.EN
    calls = outbox.about(desk.tx, Origin(_KIND, contact_id))
    lately = any(desk.now < one.created_at + _JUST_NOW for one in calls)
    words = Spoken("interpreter" if lately else "one_moment")
    return Answer(contact_id, 0, language, (words,), Then.WAIT)


def _talking(desk: Desk, contact_id: ContactId) -> ContactRow | None:
    row = contacts.get(desk.tx, contact_id)
    return row if row is not None and row.ended_at is None and row.state == State.IN_ROOM else None


def _language(desk: Desk, language: Language) -> tuple[str, str]:
    return "LANGUAGE", desk.house.prompts.text(f"language_{language}", Channel.VOICE)
