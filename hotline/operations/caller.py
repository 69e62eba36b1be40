"""What people who call or text do: each event of theirs is one transaction, and one turn of the flow.

A webhook that comes twice is answered from the record: by CallSid or MessageSid for the first one, by the turn's
number for those that follow. So repeats, late or at once, change nothing more and hear the same words.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from hotline import paths
from hotline.callbacks.events import PickedUp, TalkOver
from hotline.effects import RedirectCall
from hotline.model import Channel, ContactId, Language, Outcome, PhoneNumber, RoomName, Subject
from hotline.operations import consent, duty, errands, ringing_back, spending, text_facts, turns, wishes
from hotline.operations.answers import ANSWERS, Answer, Then
from hotline.operations.house import Desk, new_id
from hotline.operations.ringing_back import CONTACT, attempt_failed
from hotline.store import callbacks, callers, contacts, messages, rooms
from hotline.store.contacts import ContactRow
from hotline.store.messages import Direction, Media, Message
from hotline.store.outbox import Origin
from hotline.triage.contact import Contact, State
from hotline.triage.happenings import Began, Event, Fetched, HungUp, LeftAlone, MachineAnswered, Silent
from hotline.triage.self_service import IN_LINE

_ANSWERED = "answered"
_URGENT_REPLIES = frozenset({"emergency", "suicide"})
"""Given above any cap, and counted in none."""


class Unknown(LookupError):
    """A webhook for a contact that isn't ours (any more). The edge answers it as a call that has just begun."""


@dataclass(frozen=True, slots=True)
class Call:
    """An incoming call, as the carrier announces it."""

    sid: str
    caller: PhoneNumber | None
    """None if the number is withheld or is no number."""
    ours: str
    stir: str | None = None


@dataclass(frozen=True, slots=True)
class IncomingText:
    """An incoming text message."""

    sid: str
    sender: PhoneNumber
    """One that is nobody's stands for a sender without any: a short code, a word. Nothing is sent there."""
    ours: str
    """What they wrote to, as the carrier writes it; with "whatsapp:" or the like before it if it was no SMS."""
    body: str = field(repr=False)
    media: tuple[Media, ...] = ()

    @property
    def is_sms(self) -> bool:
        """Whether it came as an SMS: what came by another service is never answered by SMS."""
        return contacts.is_sms(self.ours)


# --- calls -----------------------------------------------------------------------------------------------------


def answer(desk: Desk, call: Call) -> Answer:
    """The first webhook of a call; the same words again if it is not the first."""
    known = contacts.by_call(desk.tx, call.sid)
    if known is not None:
        return turns.recorded(desk, known, "0") or resume(desk, known)
    return turns.advance(desk, _new_call(desk, call), Began())


def resume(desk: Desk, row: ContactRow) -> Answer:
    """The line came round to us outside the turns (the fallback address, say): go on from where the caller stands.

    Asked again before the next turn, it answers the same; but nobody is sent back into a room that is empty now.
    """
    key = f"again-{row.turn}"
    recorded = turns.recorded(desk, row, key)
    if recorded is not None and recorded.then is not Then.JOIN:
        return recorded
    if recorded is not None:
        key = f"again-{new_id()}"
    return _still_in_room(desk, row) or turns.advance(desk, row, Silent(), key=key)


def fall_back(desk: Desk, call: Call) -> Answer:
    """The carrier couldn't get an answer from us a moment ago: a known call goes on, an unknown one begins."""
    known = contacts.by_call(desk.tx, call.sid)
    if known is not None:
        return resume(desk, known)
    first = answer(desk, call)
    again = f"again-{first.next_turn}"
    contacts.record_answer(desk.tx, first.contact, again, ANSWERS.dump_json(first).decode(), desk.now)
    return first


def called_again(desk: Desk, contact_id: ContactId, call_sid: str) -> Answer:
    """The same on a call of ours. Raises Unknown."""
    row = _known(desk, contact_id)
    if row.provider_sid is None:
        row = contacts.save(desk.tx, replace(row, provider_sid=call_sid))
    return resume(desk, row)


def hear(desk: Desk, contact_id: ContactId, turn: int, event: Event, call_sid: str | None = None) -> Answer:
    """What came in answer to turn `turn`. Raises Unknown."""
    row = _known(desk, contact_id)
    if call_sid is not None and row.provider_sid is None:
        row = replace(row, provider_sid=call_sid)
    if turn < row.turn:
        repeated = turns.recorded(desk, row, str(turn))
        if repeated is not None:
            return repeated
    # From before a redirect took them into the room: the end of a stay in it is no silence.
    overtaken = _still_in_room(desk, row) if isinstance(event, Silent) else None
    return overtaken or turns.advance(desk, row, event)


def rejoin(desk: Desk, contact_id: ContactId, errand: str) -> Answer:
    """The caller's leg was taken out of its loop because somebody waits in the room. Raises Unknown."""
    row = _known(desk, contact_id)
    wanted = bool(rooms.staff_in(desk.tx, row.room)) or errands.is_for_turn(row, errand)
    return _fetched(desk, row, f"room-{errand}", Fetched() if wanted else None)


def left_alone(desk: Desk, contact_id: ContactId, errand: str) -> Answer:
    """The caller's leg was taken out of the room because nobody else is in it. Raises Unknown."""
    row = _known(desk, contact_id)
    wanted = row.state == State.IN_ROOM or errands.is_for_turn(row, errand)
    return _fetched(desk, row, f"alone-{errand}", LeftAlone() if wanted else None)


def machine_answered(desk: Desk, contact_id: ContactId) -> Answer:
    """The leg of a call of ours was taken out of its question because a machine seems to have answered it.

    Whoever has pressed a key meanwhile was no machine, and goes on from where they stand. Raises Unknown.
    """
    row = _known(desk, contact_id)
    if row.state not in (State.ASKED_FOR_CALL, State.ENDED):
        return resume(desk, row)
    event = MachineAnswered() if consent.message_allowed(desk, row) else Silent()
    return turns.recorded(desk, row, "machine") or turns.advance(desk, row, event, key="machine")


def _fetched(desk: Desk, row: ContactRow, key: str, event: Event | None) -> Answer:
    """`event`: None if the leg has moved on, and the redirect came too late to mean anything."""
    recorded = turns.recorded(desk, row, key)
    if recorded is not None:
        return recorded
    back = _still_in_room(desk, row)
    if back is not None:
        # It was pulled out of the room, which may be over with that for whoever is in it: they are brought back, too.
        contacts.save(desk.tx, replace(row, last_turn_at=desk.now), seen=False)
        return back
    if event is not None or row.state == State.ENDED:
        return turns.advance(desk, row, event or Silent(), key=key)
    again = turns.told_last(desk, row)
    if again is None:
        return resume(desk, row)
    contacts.record_answer(desk.tx, row.id, key, ANSWERS.dump_json(again).decode(), desk.now)
    return again


def _still_in_room(desk: Desk, row: ContactRow) -> Answer | None:
    """A repeat of a webhook that was answered with the room, or news that has been overtaken: the room again."""
    if row.state != State.IN_ROOM or not rooms.staff_in(desk.tx, row.room):
        return None
    return Answer(row.id, row.turn, row.language, (), Then.JOIN, room=row.room)


def answered(desk: Desk, row: ContactRow, call_sid: str) -> None:
    """Somebody or something has answered a call of ours that the carrier puts into the room.

    If the human of ours who waited there is gone, a machine asks who it is: nobody is left in an empty room.
    """
    contact = turns.read(row)
    if not contact.into_room or contact.state is not State.ASKED_FOR_CALL or row.ended_at is not None:
        return
    if turns.recorded(desk, row, _ANSWERED) is not None:
        return
    row = replace(row, provider_sid=row.provider_sid or call_sid)
    if rooms.staff_in(desk.tx, row.room):
        turns.advance(desk, row, Began(), key=_ANSWERED)
        return
    contacts.save(desk.tx, row)
    asked = RedirectCall(call_sid, paths.turn(row.id, 0))
    desk.send(asked, about=Origin("contact", row.id), to_caller=False)


def _answered_unheard(desk: Desk, row: ContactRow) -> None:
    """The call is over, and had been answered, of which no news came: its owner says who it was."""
    found = callbacks.get(desk.tx, row.callback_id) if row.callback_id else None
    if found is not None and found.call_contact_id == row.id:
        found = ringing_back.change(desk, found, PickedUp(desk.now))
        ringing_back.change(desk, found, TalkOver(desk.now + ringing_back.ASKED_AFTER))


def hung_up(desk: Desk, row: ContactRow, outcome: Outcome | None = None) -> None:
    """The call is over, however we know it. `outcome`: what the carrier says of a call of ours that nobody took."""
    if row.ended_at is not None:
        return
    contact = turns.read(row)
    if outcome is not None and contact.state is State.ASKED_FOR_CALL:
        attempt_failed(desk, row, outcome)
    elif contact.into_room and contact.state is State.ASKED_FOR_CALL and row.turn == 0:
        _answered_unheard(desk, row)
    turns.advance(desk, row, HungUp(), key="hung-up")


def missed(desk: Desk, call: Call, *, stayed: bool) -> None:
    """The end of a call of which nothing else has reached us: the carrier had to go on without our words.

    It is on record all the same, and whoever `stayed` on the line meanwhile is owed a call, even if they chose nothing.
    """
    answer(desk, call)
    row = contacts.by_call(desk.tx, call.sid)
    if row is None:
        return
    if stayed and duty.of_number(desk, call.caller) is None:
        state = replace(turns.read(row), answered=True)
        row = contacts.save(desk.tx, replace(row, data=CONTACT.dump_json(state).decode()))
    hung_up(desk, row)


def _new_call(desk: Desk, call: Call) -> ContactRow:
    state = Contact(Channel.VOICE, State.MENU, caller=call.caller, language=language_of(desk, call.caller))
    return _new(desk, state, call.ours, provider_sid=call.sid, stir=call.stir)


def _new_thread(desk: Desk, text: IncomingText) -> ContactRow:
    language = language_of(desk, text.sender)
    return _new(
        desk, Contact(Channel.TEXT, State.TEXT_MENU, caller=text.sender, language=language), text.ours
    )


def language_of(desk: Desk, number: PhoneNumber | None) -> Language:
    """What this number chose the last time, if the line still speaks it; else the line's first."""
    spoken = desk.settings.centre.line.languages
    known = callers.get(desk.tx, number).language if number else None
    return known if known in spoken else spoken[0]


def _new(
    desk: Desk, state: Contact, ours: str, *, provider_sid: str | None = None, stir: str | None = None
) -> ContactRow:
    contact_id = ContactId(new_id())
    row = ContactRow(
        id=contact_id,
        channel=state.channel,
        outbound=False,
        provider_sid=provider_sid,
        caller=state.caller,
        our_number=ours,
        room=RoomName(contact_id),
        state=state.state,
        line=state.line,
        language=state.language,
        turn=0,
        data=CONTACT.dump_json(state).decode(),
        stir=stir,
        opened_at=desk.now,
        last_turn_at=desk.now,
    )
    return contacts.add(desk.tx, row)


def _known(desk: Desk, contact_id: ContactId) -> ContactRow:
    row = contacts.get(desk.tx, contact_id)
    if row is None:
        raise Unknown
    return row


# --- texts -----------------------------------------------------------------------------------------------------


def receive_text(desk: Desk, text: IncomingText) -> Answer:
    """A text came in: one reply at most, the same one if the webhook comes again."""
    known = messages.by_sid(desk.tx, text.sid)
    if known is not None and known.contact_id is not None:
        recorded = contacts.answered(desk.tx, known.contact_id, text.sid)
        if recorded is not None:
            return ANSWERS.validate_json(recorded)
    row = contacts.open_thread(desk.tx, text.sender, sms=text.is_sms)
    if row is None:
        row = _new_thread(desk, text)
    row = _awake(desk, replace(row, our_number=text.ours))
    _rings_back_from(desk, text)
    kept = Message(
        id=new_id(),
        contact_id=row.id,
        direction=Direction.IN,
        number=text.sender,
        body=text.body,
        status="received",
        status_rank=9,
        at=desk.now,
        provider_sid=text.sid,
        media=text.media,
    )
    repeat = text_facts.is_repeat(desk, text.body, text_facts.lately_from(desk, text.sender))
    messages.add(desk.tx, kept)
    if repeat:
        return _said_already(desk, row, text.sid)
    heard = text_facts.heard(desk.house.prompts, text.body, text_facts.told_lately(desk, text.sender))
    heard = replace(heard, media=bool(text.media))
    answered = turns.advance(desk, row, heard, key=text.sid, message=kept)
    if answered.say:
        _keep_reply(desk, row, text, answered)
        if answered.say[0].prompt not in _URGENT_REPLIES:
            _count_reply(desk, text.sender)
    return answered


def _rings_back_from(desk: Desk, text: IncomingText) -> None:
    """Their callback comes from the number that they used last: the reply says so."""
    if len(desk.settings.centre.line.numbers) > 1:
        for owed in callbacks.open_for(desk.tx, text.sender):
            ringing_back.used(desk, owed, text.ours)


def _said_already(desk: Desk, row: ContactRow, sid: str) -> Answer:
    """One effect and one reply for what came twice."""
    nothing = Answer(row.id, row.turn, row.language, (), Then.REST)
    contacts.record_answer(desk.tx, row.id, sid, ANSWERS.dump_json(nothing).decode(), desk.now)
    return nothing


def _keep_reply(desk: Desk, row: ContactRow, text: IncomingText, answered: Answer) -> None:
    words = " ".join(
        desk.text(one.prompt, answered.language, answered.ours, **dict(one.values)) for one in answered.say
    )
    reply = Message(
        id=f"reply-{text.sid}",
        contact_id=row.id,
        direction=Direction.OUT,
        number=text.sender,
        body=words,
        status="queued",
        status_rank=1,
        at=desk.now,
    )
    messages.add(desk.tx, reply)


def _awake(desk: Desk, row: ContactRow) -> ContactRow:
    """A thread whose callback or escalation is over begins anew: nobody is told that they are in line who isn't."""
    waits_for = {
        State.TEXT_EMERGENCY: Subject.EMERGENCY,
        State.TEXT_WITH_PERSON: Subject.THREAD,
    }
    contact = turns.read(row)
    subject = waits_for.get(contact.state)
    if subject is not None:
        over = rooms.open_escalation(desk.tx, row.room, subject) is None
    else:
        number = contact.caller
        over = contact.state in IN_LINE and wishes.owed(desk, number) is None
    if not over:
        return row
    fresh = replace(contact, state=State.TEXT_MENU, line=None)
    data = CONTACT.dump_json(fresh).decode()
    return replace(row, state=fresh.state, line=None, callback_id=None, escalation_id=None, data=data)


def _count_reply(desk: Desk, number: PhoneNumber) -> None:
    known = callers.get(desk.tx, number)
    since = known.replies_since
    if since is None or desk.now >= since + text_facts.REPLIES_COUNTED:
        known = replace(known, replies=0, replies_since=desk.now)
    callers.save(desk.tx, replace(known, replies=known.replies + 1))
    spending.text_sent(desk)


def went_quiet(desk: Desk, row: ContactRow) -> None:
    """Nobody has written in a thread for a while."""
    turns.advance(desk, row, Silent(), key=f"quiet-{new_id()}")
