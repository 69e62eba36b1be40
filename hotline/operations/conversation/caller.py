"""What people who call or text do: each event of theirs is one transaction, and one turn of the flow.

A webhook that comes twice is answered from the record: by CallSid or MessageSid for the first one, by the turn's
number for those that follow. So repeats, late or at once, change nothing more and hear the same words.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from hotline import paths
from hotline.callbacks.callback import PickedUp, TalkOver
from hotline.carrier_words import TextStatus
from hotline.effects import Origin, OriginKind, RedirectCall
from hotline.model import Channel, ContactId, Language, Outcome, PhoneNumber, RoomName, Subject
from hotline.operations import flow_state
from hotline.operations.answers import ANSWERS, Answer, Then, as_answered, marked
from hotline.operations.callbacks import emergency_callbacks, ringing_back, spending
from hotline.operations.conversation import (
    blocking,
    company,
    errands,
    handing_off,
    own_callback,
    text_facts,
    turns,
)
from hotline.operations.paging import duty
from hotline.operations.transaction import Transaction, new_id
from hotline.store.cases import callbacks, contacts, escalations
from hotline.store.cases.contacts import ContactRow
from hotline.store.overviews import conference, known_number, one_contact
from hotline.store.overviews.letters import Letters
from hotline.store.people import callers
from hotline.store.traffic import messages
from hotline.store.traffic.messages import Direction, Media, MessageRow
from hotline.triage.caller_events import (
    Began,
    Event,
    Fetched,
    HungUp,
    LeftAlone,
    MachineAnswered,
    PutOnHold,
    Silent,
)
from hotline.triage.contact import Contact, ContactState
from hotline.triage.facts import WHAT_TO_DO
from hotline.triage.texts.self_service import IN_LINE

_ANSWERED = "answered"


class UnknownContact(LookupError):
    """A webhook for a contact that isn't ours (any more). The edge answers it as a call that has just begun."""


@dataclass(frozen=True, slots=True)
class IncomingCall:
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
    sent_at: datetime | None = None
    """When it was sent (UTC), if nothing of ours could hear it then."""

    @property
    def is_sms(self) -> bool:
        """Whether it came as an SMS: what came by another service is never answered by SMS."""
        return contacts.is_sms(self.ours)


# --- calls -----------------------------------------------------------------------------------------------------


def answer(transaction: Transaction, call: IncomingCall) -> Answer:
    """The first webhook of a call; the same words again if it is not the first."""
    known = contacts.by_call(transaction.tx, call.sid)
    if known is not None:
        return turns.recorded(transaction, known, "0") or resume(transaction, known)
    if call.caller is not None:
        blocking.who_calls(transaction, call.caller)  # before this call is one of theirs
    return turns.advance(transaction, _new_call(transaction, call), Began())


def at_the_menu(transaction: Transaction, sid: str) -> bool:
    """Whether this call has chosen nothing yet."""
    row = contacts.by_call(transaction.tx, sid)
    return row is not None and row.ended_at is None and row.state == ContactState.MENU


def is_staff(transaction: Transaction, sid: str) -> None:
    """Whoever called from a menu of ours has shown that they are on the staff: as long as they choose nothing there,
    they are counted as no caller, and owed nothing."""
    row = contacts.by_call(transaction.tx, sid)
    if row is not None and row.ended_at is None:
        state = replace(flow_state.read(row), staff=True)
        contacts.save(transaction.tx, replace(row, data=flow_state.written(state)), seen=False)


def resume(transaction: Transaction, row: ContactRow) -> Answer:
    """The line came round to us outside the turns (the fallback address, say): go on from where the caller stands.

    Asked again before the next turn, it answers the same; but nobody is sent back into a room that is empty now.
    """
    key = f"again-{row.turn}"
    recorded = turns.recorded(transaction, row, key)
    if recorded is not None and recorded.then is not Then.JOIN:
        return recorded
    if recorded is not None:
        key = f"again-{new_id()}"
    return _still_in_room(transaction, row) or turns.advance(transaction, row, Silent(), key=key)


def fall_back(transaction: Transaction, call: IncomingCall) -> Answer:
    """The carrier couldn't get an answer from us a moment ago: a known call goes on, an unknown one begins."""
    known = contacts.by_call(transaction.tx, call.sid)
    if known is not None:
        return resume(transaction, known)
    first = answer(transaction, call)
    again = f"again-{first.next_turn}"
    contacts.record_answer(
        transaction.tx, first.contact, again, ANSWERS.dump_json(first).decode(), transaction.now
    )
    return first


def called_again(transaction: Transaction, contact_id: ContactId, call_sid: str) -> Answer:
    """The same on a call of ours. Raises UnknownContact."""
    row = _known(transaction, contact_id)
    if row.provider_sid is None:
        row = contacts.save(transaction.tx, replace(row, provider_sid=call_sid))
    return resume(transaction, row)


def hear(
    transaction: Transaction, contact_id: ContactId, turn: int, event: Event, call_sid: str | None = None
) -> Answer:
    """What came in answer to turn `turn`. Raises UnknownContact."""
    row = _known(transaction, contact_id)
    if call_sid is not None and row.provider_sid is None:
        row = replace(row, provider_sid=call_sid)
    if turn < row.turn:
        repeated = turns.recorded(transaction, row, str(turn))
        if repeated is not None:
            return repeated
    # From before a redirect took them into the room: the end of a stay in it is no silence.
    overtaken = _still_in_room(transaction, row) if isinstance(event, Silent) else None
    return overtaken or turns.advance(transaction, row, event)


def rejoin(transaction: Transaction, contact_id: ContactId, errand: str) -> Answer:
    """The caller's leg was taken out of its loop because somebody waits in the room. Raises UnknownContact."""
    row = _known(transaction, contact_id)
    wanted = company.is_anybody(transaction, row) or errands.is_for_turn(row, errand)
    return _fetched(transaction, row, f"room-{errand}", Fetched() if wanted else None)


def left_alone(transaction: Transaction, contact_id: ContactId, errand: str) -> Answer:
    """The caller's leg was taken out of the room because nobody else is in it. Raises UnknownContact."""
    row = _known(transaction, contact_id)
    wanted = row.state == ContactState.IN_ROOM or errands.is_for_turn(row, errand)
    return _fetched(transaction, row, f"alone-{errand}", LeftAlone() if wanted else None)


def put_on_hold(transaction: Transaction, contact_id: ContactId, errand: str) -> Answer:
    """The caller's leg was taken out of the room because whoever talked with them speaks with somebody else for a
    moment. Raises UnknownContact."""
    row = _known(transaction, contact_id)
    wanted = row.state == ContactState.IN_ROOM and company.is_told_aside(transaction, row)
    return _fetched(transaction, row, f"hold-{errand}", PutOnHold() if wanted else None)


def machine_answered(transaction: Transaction, contact_id: ContactId) -> Answer:
    """The leg of a call of ours was taken out of its question because a machine seems to have answered it.

    Whoever has pressed a key meanwhile was no machine, and goes on from where they stand. Raises UnknownContact.
    """
    row = _known(transaction, contact_id)
    if row.state not in (ContactState.ASKED_FOR_CALL, ContactState.ENDED):
        return resume(transaction, row)
    return turns.recorded(transaction, row, "machine") or turns.advance(
        transaction, row, MachineAnswered(), key="machine"
    )


def _fetched(transaction: Transaction, row: ContactRow, key: str, event: Event | None) -> Answer:
    """`event`: None if the leg has moved on, and the redirect came too late to mean anything."""
    recorded = turns.recorded(transaction, row, key)
    if recorded is not None:
        return recorded
    back = _still_in_room(transaction, row)
    if back is not None:
        # It was pulled out of the room, which may be over with that for whoever is in it: they are brought back, too.
        contacts.save(transaction.tx, replace(row, last_turn_at=transaction.now), seen=False)
        return back
    if event is not None or row.state == ContactState.ENDED:
        return turns.advance(transaction, row, event or Silent(), key=key)
    again = turns.told_last(transaction, row)
    if again is None:
        return resume(transaction, row)
    contacts.record_answer(transaction.tx, row.id, key, ANSWERS.dump_json(again).decode(), transaction.now)
    told_again = marked(row, again, transaction.now)
    if told_again != row:
        contacts.save(transaction.tx, told_again, seen=False)
    return again


def _still_in_room(transaction: Transaction, row: ContactRow) -> Answer | None:
    """A repeat of a webhook that was answered with the room, or news that has been overtaken: the room again."""
    if row.state != ContactState.IN_ROOM or not company.is_anybody(transaction, row):
        return None
    return Answer(row.id, row.turn, row.language, (), Then.JOIN, room=row.room)


def answered(transaction: Transaction, row: ContactRow, call_sid: str) -> None:
    """Somebody or something has answered a call of ours that the carrier puts into the room.

    If the human of ours who waited there is gone, a machine asks who it is: nobody is left in an empty room.
    """
    contact = flow_state.read(row)
    if not contact.into_room or contact.state is not ContactState.ASKED_FOR_CALL or row.ended_at is not None:
        return
    if turns.recorded(transaction, row, _ANSWERED) is not None:
        return
    row = replace(row, provider_sid=row.provider_sid or call_sid)
    if conference.staff_in(transaction.tx, row.room):
        turns.advance(transaction, row, Began(), key=_ANSWERED)
        return
    contacts.save(transaction.tx, row)
    asked = RedirectCall(call_sid, paths.turn(row.id, 0))
    transaction.send(asked, about=Origin(OriginKind.CONTACT, row.id), to_caller=False)


def _answered_unheard(transaction: Transaction, row: ContactRow) -> None:
    """The call is over, and had been answered, of which no news came: its owner says who it was."""
    found = callbacks.get(transaction.tx, row.callback_id) if row.callback_id else None
    if found is not None and found.call_contact_id == row.id:
        found = ringing_back.change(transaction, found, PickedUp(transaction.now))
        ringing_back.change(transaction, found, TalkOver(transaction.now + ringing_back.ASKED_AFTER))


def hung_up(
    transaction: Transaction, row: ContactRow, outcome: Outcome | None = None, *, unheard: bool = False
) -> None:
    """The call is over, however we know it. `outcome`: what the carrier says of a call of ours that nobody took;
    `unheard`: it had to be asked."""
    if row.ended_at is not None:
        return
    contact = flow_state.read(row)
    if (
        outcome is None
        and contact.into_room
        and contact.state is ContactState.ASKED_FOR_CALL
        and row.turn == 0
    ):
        _answered_unheard(transaction, row)
    turns.advance(transaction, row, HungUp(outcome, unheard), key="hung-up")
    handing_off.caller_left(transaction, row)
    if row.channel is Channel.VOICE and (not row.outbound or contact.state in _WITH_STAFF):
        _let_go(transaction, row)


_WITH_STAFF: Final = (ContactState.IN_ROOM, ContactState.ON_HOLD, ContactState.AFTER_TALK)
_ENDS_BY_ITSELF: Final = timedelta(seconds=4)
"""When a caller leaves a room in which staff are with them, it is over for these, too, before; and nobody who came a
moment too late has been told yet that somebody is about to come."""


def _let_go(transaction: Transaction, row: ContactRow) -> None:
    """Who has pressed 1 and was a moment from the room would wait there alone, and believe that somebody comes: they
    are told, and asked how it ended, as after a talk. An emergency that is rung back is rung into that room."""
    for page in conference.staff_in(transaction.tx, row.room):
        if page.provider_sid is not None:
            alone = RedirectCall(page.provider_sid, paths.page_after(page.id, paths.CALLER_LEFT))
            due_at = transaction.now + _ENDS_BY_ITSELF
            transaction.send(alone, about=Origin(OriginKind.PAGE, page.id), due_at=due_at)


def missed(transaction: Transaction, call: IncomingCall, *, stayed: bool) -> None:
    """The end of a call of which nothing else has reached us: the carrier had to go on without our words.

    It is on record all the same, and whoever `stayed` on the line meanwhile is owed a call, even if they chose nothing.
    """
    answer(transaction, call)
    row = contacts.by_call(transaction.tx, call.sid)
    if row is None:
        return
    if stayed and duty.of_number(transaction, call.caller) is None:
        state = replace(flow_state.read(row), answered=True)
        row = contacts.save(transaction.tx, replace(row, data=flow_state.written(state)))
    hung_up(transaction, row)


def _new_call(transaction: Transaction, call: IncomingCall) -> ContactRow:
    state = Contact(
        Channel.VOICE,
        ContactState.MENU,
        caller=call.caller,
        language=language_of(transaction, call.caller, call.ours),
    )
    return _new(transaction, state, call.ours, provider_sid=call.sid, stir=call.stir)


def _new_thread(transaction: Transaction, text: IncomingText) -> ContactRow:
    language = language_of(transaction, text.sender, text.ours)
    return _new(
        transaction,
        Contact(Channel.TEXT, ContactState.TEXT_MENU, caller=text.sender, language=language),
        text.ours,
    )


def language_of(transaction: Transaction, number: PhoneNumber | None, ours: str) -> Language:
    """What this number chose the last time, if the line still speaks it; else what the number of ours that they used is
    published in; else the line's first."""
    line = transaction.settings.centre.line
    known = callers.get(transaction.tx, number).language if number else None
    if known in line.languages:
        return known
    published = line.known_for(ours)
    return (published.language if published is not None else None) or line.languages[0]


def _new(
    transaction: Transaction,
    state: Contact,
    ours: str,
    *,
    provider_sid: str | None = None,
    stir: str | None = None,
) -> ContactRow:
    contact_id = ContactId(new_id())
    row = flow_state.begun(state, ours, contact_id, RoomName(contact_id), transaction.now)
    row = replace(row, provider_sid=provider_sid, stir=stir)
    escalations.remember_in(transaction.tx, row.room, ())
    return contacts.add(transaction.tx, row)


def _known(transaction: Transaction, contact_id: ContactId) -> ContactRow:
    row = one_contact.get(transaction.tx, contact_id)
    if row is None:
        raise UnknownContact
    return row


# --- texts -----------------------------------------------------------------------------------------------------


def receive_text(transaction: Transaction, text: IncomingText, before: Letters) -> Answer:
    """A text came in: one reply at most, the same one if the webhook comes again. `before`: what went to and fro."""
    known = before.known
    if known is not None and known.contact_id is not None:
        recorded = contacts.answered(transaction.tx, known.contact_id, text.sid)
        if recorded is not None:
            return as_answered(recorded)
    row = known_number.writes(transaction.tx, text.sender, transaction.now, sms=text.is_sms).thread
    if row is None:
        row = _new_thread(transaction, text)
    row = _heard_late(transaction, text, _awake(transaction, replace(row, our_number=text.ours)))
    _rings_back_from(transaction, text)
    kept = received(transaction, text, new_id(), row.id)
    if known is None:
        messages.add_new(transaction.tx, kept)
    if text_facts.is_repeat(text.sent_at or transaction.now, text.body, before.received):
        return _said_already(transaction, row, text.sid)
    heard = text_facts.heard(transaction.application.prompts, text.body, before.told)
    late = text_facts.came_late(transaction, text.sent_at)
    heard = replace(heard, media=bool(text.media), late=late)
    emergency_callbacks.they_write(transaction, text.sender)
    answered = turns.advance(transaction, row, heard, key=text.sid, message=kept, letters=before)
    if answered.say:
        _keep_reply(transaction, row, text, answered)
        # These are given above any cap.
        if answered.say[0].prompt not in WHAT_TO_DO:
            _count_reply(transaction, text.sender)
    return answered


def received(
    transaction: Transaction, text: IncomingText, message_id: str, contact_id: ContactId | None
) -> MessageRow:
    """A text that came in, as it is kept: in this contact's thread, or in none."""
    return MessageRow(
        id=message_id,
        contact_id=contact_id,
        direction=Direction.IN,
        number=text.sender,
        body=text.body,
        status=TextStatus.RECEIVED,
        status_rank=TextStatus.RECEIVED.rank,
        at=text.sent_at or transaction.now,
        provider_sid=text.sid,
        media=text.media,
    )


def _heard_late(transaction: Transaction, text: IncomingText, row: ContactRow) -> ContactRow:
    """Whoever is asked to read it is told how old it is: that stands in the row before they are."""
    contact = flow_state.read(row)
    if contact.unheard_since == text.sent_at:
        return row
    late = replace(row, data=flow_state.written(replace(contact, unheard_since=text.sent_at)))
    return contacts.save(transaction.tx, late)


def _rings_back_from(transaction: Transaction, text: IncomingText) -> None:
    """Their callback comes from the number that they used last: the reply says so."""
    if len(transaction.settings.centre.line.numbers) > 1:
        for owed in callbacks.open_for(transaction.tx, text.sender):
            ringing_back.used(transaction, owed, text.ours)


def _said_already(transaction: Transaction, row: ContactRow, sid: str) -> Answer:
    """One effect and one reply for what came twice."""
    nothing = Answer(row.id, row.turn, row.language, (), Then.REST)
    contacts.record_answer(transaction.tx, row.id, sid, ANSWERS.dump_json(nothing).decode(), transaction.now)
    return nothing


def _keep_reply(transaction: Transaction, row: ContactRow, text: IncomingText, answered: Answer) -> None:
    words = " ".join(
        transaction.text(one.prompt, answered.language, answered.ours, **dict(one.values))
        for one in answered.say
    )
    reply = MessageRow(
        id=f"reply-{text.sid}",
        contact_id=row.id,
        direction=Direction.OUT,
        number=text.sender,
        body=words,
        status=TextStatus.QUEUED,
        status_rank=TextStatus.QUEUED.rank,
        at=transaction.now,
    )
    messages.add_new(transaction.tx, reply)


def _awake(transaction: Transaction, row: ContactRow) -> ContactRow:
    """A thread whose callback or escalation is over begins anew: nobody is told that they are in line who isn't."""
    waits_for = {
        ContactState.TEXT_EMERGENCY: Subject.EMERGENCY,
        ContactState.TEXT_WITH_PERSON: Subject.THREAD,
    }
    contact = flow_state.read(row)
    subject = waits_for.get(contact.state)
    if subject is not None:
        over = conference.open_escalation(transaction.tx, row.room, subject) is None
    else:
        number = contact.caller
        over = contact.state in IN_LINE and own_callback.of_caller(transaction, number) is None
    if not over:
        return row
    fresh = replace(contact, state=ContactState.TEXT_MENU, line=None, left_open=None)
    data = flow_state.written(fresh)
    return replace(row, state=fresh.state, line=None, callback_id=None, escalation_id=None, data=data)


def _count_reply(transaction: Transaction, number: PhoneNumber) -> None:
    known = callers.get(transaction.tx, number)
    since = known.replies_since
    if since is None or transaction.now >= since + text_facts.REPLIES_COUNTED:
        known = replace(known, replies=0, replies_since=transaction.now)
    callers.save(transaction.tx, replace(known, replies=known.replies + 1))
    spending.text_sent(transaction)


def went_quiet(transaction: Transaction, row: ContactRow) -> None:
    """Nobody has written in a thread for a while."""
    turns.advance(transaction, row, Silent(), key=f"quiet-{new_id()}")
