"""An interpreter in the room: rung at the centre's own number, told the language, and nothing else of anybody.

They are no member of staff: nothing is theirs, nobody waits for them, and the room ends without them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from hotline import paths
from hotline.effects import Origin, OriginKind, PlaceCall
from hotline.model import ContactId, Language, RoomName, StaffId, TimelineWord
from hotline.operations import flow_state, staff_member
from hotline.operations.answers import Answer, Then
from hotline.operations.transaction import Transaction
from hotline.store.cases import contacts, timeline
from hotline.store.cases.contacts import ContactRow
from hotline.store.cases.escalations import EscalationRow
from hotline.store.traffic import outbox, staff_turns
from hotline.triage.contact import ContactState
from hotline.triage.turn import Spoken

_RING_SECONDS: Final = 45
"""An interpreters' office may take longer to pick up than a colleague."""
_JUST_NOW: Final = timedelta(seconds=15)
_JOINED: Final = "interpreter/joined"
_CALLED, _HERE, _LEFT, _UNREACHED = _STEPS = (
    TimelineWord.INTERPRETER_CALLED,
    TimelineWord.INTERPRETER_JOINED,
    TimelineWord.INTERPRETER_LEFT,
    TimelineWord.INTERPRETER_UNREACHED,
)


def call(transaction: Transaction, row: EscalationRow, by: StaffId) -> Spoken:
    """Ring the centre's interpreters for whoever talks in this room; what the one who asked is told."""
    talking = next(
        one for one in contacts.ongoing_in(transaction.tx, row.room) if one.state == ContactState.IN_ROOM
    )
    if not fetch(transaction, talking, by):
        return Spoken("interpreter_unset")
    return Spoken("interpreter_called", (_language(transaction, talking.language),))


def fetch(transaction: Transaction, talking: ContactRow, by: StaffId | None = None) -> bool:
    """Ring the centre's interpreters for this call, unless they are being rung; False if the centre has none."""
    number = transaction.settings.centre.line.interpreter_number
    if number is None:
        return False
    if _last(transaction, talking.id) in (_CALLED, _HERE):
        return True
    placed = PlaceCall(
        number, paths.interpreter(talking.id), paths.interpreter_status(talking.id), _RING_SECONDS
    )
    transaction.send(placed, about=Origin(OriginKind.INTERPRETER, talking.id))
    transaction.note(_CALLED, contact=talking.id, escalation=talking.escalation_id, by=by)
    return True


def is_here(transaction: Transaction, contact_id: ContactId) -> bool:
    """Whether an interpreter is on the line with them."""
    return _last(transaction, contact_id) == _HERE


def _last(transaction: Transaction, contact_id: ContactId) -> str | None:
    so_far = [one.what for one in timeline.of(transaction.tx, contact_id=contact_id) if one.what in _STEPS]
    return so_far[-1] if so_far else None


def is_needed(transaction: Transaction, row: ContactRow, staff: Iterable[StaffId]) -> bool:
    """Whether none of them speaks the caller's language, and there are interpreters to ring."""
    if transaction.settings.centre.line.interpreter_number is None:
        return False
    return not any(row.language in staff_member.known(transaction, person).languages for person in staff)


def asked(transaction: Transaction, contact_id: ContactId) -> Spoken | None:
    """What they hear on picking up; None if nobody needs them any more."""
    talking = _talking(transaction, contact_id)
    return Spoken("interpreter_screen", (_language(transaction, talking.language),)) if talking else None


def joined(transaction: Transaction, contact_id: ContactId, call_sid: str) -> RoomName | None:
    """They have pressed 1: the room; None if nobody needs them any more."""
    talking = _talking(transaction, contact_id)
    if talking is None:
        return None
    if staff_turns.answered(transaction.tx, call_sid, _JOINED) is None:
        staff_turns.record_answer(transaction.tx, call_sid, _JOINED, talking.room, transaction.now)
        transaction.note(_HERE, contact=talking.id)
    return talking.room


def leg_over(transaction: Transaction, contact_id: ContactId, call_sid: str) -> None:
    """The call to them is over. If they never joined, whoever asked for them is told."""
    if staff_turns.answered(transaction.tx, call_sid, _JOINED) is None:
        unreached(transaction, contact_id)
    else:
        transaction.note(_LEFT, contact=contact_id)


def unreached(transaction: Transaction, contact_id: ContactId) -> None:
    """Nobody at that number has pressed 1, or it can't be rung."""
    transaction.note(_UNREACHED, contact=contact_id)
    talking = _talking(transaction, contact_id)
    if talking is not None:
        staff_member.whisper_in(transaction, talking.room, "no_interpreter")


def moment(transaction: Transaction, contact_id: ContactId) -> Answer:
    """What a caller hears who is alone in a room for a moment, over and over: why, and to stay on the line.

    Nothing is said to whoever may be a machine.
    """
    row = contacts.get(transaction.tx, contact_id)
    if row is not None and flow_state.read(row).unproven:
        return Answer(contact_id, 0, row.language, (), Then.WAIT)
    language = row.language if row is not None else Language.EN
    calls = outbox.about(transaction.tx, Origin(OriginKind.INTERPRETER, contact_id))
    lately = any(transaction.now < one.created_at + _JUST_NOW for one in calls)
    words = Spoken("interpreter" if lately else "one_moment")
    return Answer(contact_id, 0, language, (words,), Then.WAIT)


def _talking(transaction: Transaction, contact_id: ContactId) -> ContactRow | None:
    row = contacts.get(transaction.tx, contact_id)
    return row if row is not None and row.ended_at is None and row.state == ContactState.IN_ROOM else None


def _language(transaction: Transaction, language: Language) -> tuple[str, str]:
    return "LANGUAGE", staff_member.said_language(transaction, language)
