"""What is done for callers, staff and texters: one operation each, inside one transaction.

Parsing comes before it, rendering after it; `addresses` says which address is whose.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import TypeAdapter

from hotline import paths
from hotline.model import ContactId, PageId, RoomName, StaffId
from hotline.operations import answered_once, incoming_text, staff_member
from hotline.operations.answers import Answer, StaffAnswer
from hotline.operations.at_work import pins, staff_line, verifying, walk_through
from hotline.operations.conversation import caller, interpreter, their_leg
from hotline.operations.conversation.caller import IncomingText
from hotline.operations.incoming_text import Reply
from hotline.operations.staff import (
    confirming,
    dialled_in,
    hand_over_menu,
    in_call_menu,
    listening,
    outcomes,
    responder,
    self_dialled,
)
from hotline.operations.staff.responder import Assigned, TakenByOther
from hotline.operations.transaction import Transaction
from hotline.operations.watching import line_canary
from hotline.store.cases import contacts
from hotline.store.cases.pages import Purpose
from hotline.store.traffic import staff_turns
from hotline.telephony.twiml.renderer import Renderer
from hotline.telephony.webhooks import incoming, status_reports
from hotline.telephony.webhooks.incoming import Form
from hotline.triage.numbers import spoken
from hotline.triage.turn import Spoken


@dataclass(frozen=True, slots=True)
class Screened:
    """What somebody hears whom a caller's own leg has dialled."""

    ask: Spoken | None = None
    """The prompt that asks for a key..."""
    before: tuple[Spoken, ...] = ()
    """...what is said before it..."""
    digits: int = 1
    """...how many keys it asks for..."""
    action: str = ""
    """...and where the key goes."""
    goodbye: tuple[Spoken, ...] | None = None
    """Words and the end of this leg."""
    room: RoomName | None = None
    """The room that they join; with none of these, they are connected with whoever dialled them."""
    listens: bool = False
    """In it they hear, and are heard by nobody."""
    wait: str = paths.WAITING
    """What they hear alone in it."""


_SCREENED = TypeAdapter(Screened)
_STAFF_ANSWERS = TypeAdapter(StaffAnswer)
Result = Answer | StaffAnswer | Reply | Screened | None
Handler = Callable[..., Result]
"""Takes the transaction, the form, and the ids in the address."""


def render(renderer: Renderer, result: Result) -> str:
    """The answer's words."""
    match result:
        case Answer():
            return renderer.voice(result)
        case StaffAnswer():
            return renderer.staff(result)
        case Reply(message, None, words):
            return renderer.reply(words or "", message)
        case Reply(message, answer):
            return renderer.text(answer, message) if answer is not None else renderer.reply("", None)
        case Screened(ask, before, digits, action, goodbye, room, listens, wait):
            if room is not None:
                return renderer.listen(room, action) if listens else renderer.interpret(room, action, wait)
            if ask is not None:
                return renderer.screen(*before, ask, action=action, digits=digits)
            return renderer.goodbye(*goodbye) if goodbye is not None else renderer.connect()
        case None:
            return renderer.connect()


# --- callers ---------------------------------------------------------------------------------------------------


def begin(transaction: Transaction, form: Form) -> Result:
    line = transaction.settings.centre.line
    if _is_canary(transaction, form):
        line_canary.called(transaction)
        return Screened(Spoken("first_words"), action=paths.CANARY_HEARD)
    call = incoming.call(form, line)
    if line.staff_number is not None and call.ours == line.staff_number.e164:
        return answered_once.once(
            transaction, call.sid, dialled_in.OFFERED, _SCREENED, lambda: _staff_line(transaction, call)
        )
    return _offered(transaction, call) or caller.answer(transaction, call)


def _is_canary(transaction: Transaction, form: Form) -> bool:
    return line_canary.is_hers(transaction, incoming.number(form.get("From"), ()))


def canary_heard(transaction: Transaction, form: Form) -> Result:
    """Her call goes on behind what callers hear first: it has been spoken."""
    if _is_canary(transaction, form):
        line_canary.heard(transaction)
    return Screened(goodbye=(Spoken("thank_you"),))


def _offered(transaction: Transaction, call: caller.IncomingCall) -> Screened | None:
    """What is said to a staff phone for which something waits, each time that this webhook comes."""
    if not dialled_in.is_from_staff(transaction, call):
        return None
    if not dialled_in.is_known(transaction, call.sid) and dialled_in.offer(transaction, call) is None:
        return None

    def offer() -> Screened:
        return Screened(dialled_in.offer(transaction, call), action=paths.STAFF_CALL)

    return answered_once.once(transaction, call.sid, dialled_in.OFFERED, _SCREENED, offer)


def staff_called(transaction: Transaction, form: Form) -> Result:
    """1: they are rung back; `*` asks for the staff line. Anything else: they are a caller like any other."""
    call = incoming.call(form, transaction.settings.centre.line)
    if incoming.key(form) == STAFF_KEY and pins.whose(transaction, call.caller) is not None:
        return _asks_for_pin()
    if incoming.key(form) != responder.ACCEPT_KEY:
        return caller.answer(transaction, call)

    def call_back() -> Screened:
        return Screened(goodbye=(dialled_in.call_back(transaction, call),))

    return answered_once.once(transaction, call.sid, "staff/called-back", _SCREENED, call_back)


def call_again(transaction: Transaction, form: Form) -> Result:
    """A call that came round to us outside its turns: it goes on, or begins. Raises Malformed."""
    if _is_canary(transaction, form):
        return Screened(goodbye=(Spoken("first_words"),))
    return caller.fall_back(transaction, incoming.call(form, transaction.settings.centre.line))


def called_again(transaction: Transaction, form: Form, contact: str) -> Result:
    """A call of ours to a caller came round to us outside its turns: it goes on where they stand.

    Raises UnknownContact.
    """
    return caller.called_again(transaction, ContactId(contact), incoming.sid(form, "CallSid"))


def page_again(transaction: Transaction, form: Form) -> Result:
    """A call of ours to somebody on the staff came round to us outside its steps. Raises Malformed, UnknownPage."""
    return responder.again(transaction, incoming.sid(form, "CallSid"))


def _or_begin(transaction: Transaction, form: Form, work: Callable[[], Answer]) -> Result:
    """A contact that we don't know is still somebody on the telephone: they hear the first words."""
    try:
        return work()
    except caller.UnknownContact:
        return caller.fall_back(transaction, incoming.call(form, transaction.settings.centre.line))


def turn(transaction: Transaction, form: Form, contact: str, turn: int) -> Result:
    sid = incoming.sid(form, "CallSid")
    if incoming.key(form) == STAFF_KEY:
        call = incoming.call(form, transaction.settings.centre.line)
        if pins.whose(transaction, call.caller) is not None and caller.at_the_menu(transaction, call.sid):
            return _asks_for_pin()
    said = incoming.event(form)
    answer = _or_begin(
        transaction, form, lambda: caller.hear(transaction, ContactId(contact), turn, said, sid)
    )
    if form.get("CallStatus") in incoming.ENDED:
        # The end of a talk, told although nobody is there any more to hear the answer.
        row = contacts.by_call(transaction.tx, sid)
        if row is not None:
            caller.hung_up(status_reports.when_it_ended(transaction, form, row), row)
    return answer


def room(transaction: Transaction, form: Form, contact: str, errand: str) -> Result:
    return _or_begin(transaction, form, lambda: caller.rejoin(transaction, ContactId(contact), errand))


def alone(transaction: Transaction, form: Form, contact: str, errand: str) -> Result:
    return _or_begin(transaction, form, lambda: caller.left_alone(transaction, ContactId(contact), errand))


def on_hold(transaction: Transaction, form: Form, contact: str, errand: str) -> Result:
    return _or_begin(transaction, form, lambda: caller.put_on_hold(transaction, ContactId(contact), errand))


def voicemail(transaction: Transaction, form: Form, contact: str) -> Result:
    return _or_begin(transaction, form, lambda: caller.machine_answered(transaction, ContactId(contact)))


# --- staff -----------------------------------------------------------------------------------------------------


def page(transaction: Transaction, form: Form, page: str) -> Result:
    sid = incoming.sid(form, "CallSid")
    return _once(transaction, page, sid, f"{page}", lambda: _picked_up(transaction, PageId(page), sid))


def _picked_up(transaction: Transaction, page: PageId, sid: str) -> StaffAnswer:
    found, row = responder.find(transaction, page)
    if found.purpose is Purpose.JOIN:
        return responder.picked_up(transaction, page, sid)
    return confirming.picked_up(transaction, found, row, sid)


def page_over(transaction: Transaction, form: Form, page: str) -> Result:
    sid = incoming.sid(form, "CallSid")
    return _once(transaction, page, sid, f"{page}/over", lambda: _picked_up(transaction, PageId(page), sid))


def page_key(transaction: Transaction, form: Form, page: str, tries: int) -> Result:
    sid, key = incoming.sid(form, "CallSid"), incoming.key(form)
    step = f"{page}/key/{tries}"
    return _once(transaction, page, sid, step, lambda: _pressed(transaction, PageId(page), tries, key, sid))


def _pressed(transaction: Transaction, page: PageId, tries: int, key: str | None, sid: str) -> StaffAnswer:
    found, row = responder.find(transaction, page)
    if found.purpose is Purpose.JOIN:
        return responder.pressed(transaction, page, tries, key, sid)
    return confirming.pressed(transaction, found, row, tries, key, sid)


def page_after(transaction: Transaction, form: Form, page: str, stay: str) -> Result:
    sid = incoming.sid(form, "CallSid")
    key = None if "DialCallStatus" in form else incoming.key(form)

    def answer() -> StaffAnswer:
        if key is not None:
            return in_call_menu.before_room(transaction, PageId(page), key)
        return in_call_menu.out_of_room(transaction, PageId(page), gone=stay == paths.CALLER_LEFT)

    return _once(transaction, page, sid, f"{page}/after/{stay}", answer)


def page_star(transaction: Transaction, form: Form, page: str, stay: str, tries: int) -> Result:
    sid, key = incoming.sid(form, "CallSid"), incoming.key(form)
    step = f"{page}/star/{stay}/{tries}"
    return _once(
        transaction,
        page,
        sid,
        step,
        lambda: in_call_menu.pressed(transaction, PageId(page), stay, tries, key),
    )


def page_directory(transaction: Transaction, form: Form, page: str, offered: str, stay: str) -> Result:
    sid, key = incoming.sid(form, "CallSid"), incoming.key(form)
    return _once(
        transaction,
        page,
        sid,
        f"{page}/directory/{stay}",
        lambda: hand_over_menu.chosen(transaction, PageId(page), offered, key),
    )


def page_aside(transaction: Transaction, form: Form, page: str, hand_off: str, errand: str) -> Result:
    sid = incoming.sid(form, "CallSid")
    return _once(
        transaction,
        page,
        sid,
        f"{page}/aside/{errand}",
        lambda: hand_over_menu.aside(transaction, PageId(page), hand_off),
    )


def page_aside_key(transaction: Transaction, form: Form, page: str, stay: str, tries: int) -> Result:
    sid, key = incoming.sid(form, "CallSid"), incoming.key(form)
    step = f"{page}/aside-key/{stay}/{tries}"
    return _once(transaction, page, sid, step, lambda: hand_over_menu.pressed(transaction, PageId(page), key))


def page_told(transaction: Transaction, form: Form, page: str, word: str, errand: str) -> Result:
    sid = incoming.sid(form, "CallSid")
    return _once(
        transaction,
        page,
        sid,
        f"{page}/told/{errand}",
        lambda: in_call_menu.told(transaction, PageId(page), word),
    )


def page_outcome(transaction: Transaction, form: Form, page: str, tries: int) -> Result:
    sid, key = incoming.sid(form, "CallSid"), incoming.key(form)
    step = f"{page}/outcome/{tries}"
    return _once(
        transaction, page, sid, step, lambda: outcomes.outcome_pressed(transaction, PageId(page), tries, key)
    )


def page_who(transaction: Transaction, form: Form, page: str, tries: int) -> Result:
    sid, key = incoming.sid(form, "CallSid"), incoming.key(form)
    step = f"{page}/who/{tries}"
    return _once(
        transaction, page, sid, step, lambda: outcomes.who_pressed(transaction, PageId(page), tries, key)
    )


def page_unanswered(transaction: Transaction, form: Form, page: str) -> Result:
    sid = incoming.sid(form, "CallSid")
    return _once(
        transaction, page, sid, f"{page}/unanswered", lambda: outcomes.unanswered(transaction, PageId(page))
    )


def _once(
    transaction: Transaction, page: str, sid: str, step: str, work: Callable[[], StaffAnswer]
) -> StaffAnswer:
    return answered_once.once(transaction, sid, step, _STAFF_ANSWERS, work, page=PageId(page))


def screen(transaction: Transaction, form: Form, contact: str, staff: str) -> Result:
    return Screened(Spoken("screen_emergency"), action=paths.screened(ContactId(contact), StaffId(staff)))


def screened(transaction: Transaction, form: Form, contact: str, staff: str) -> Result:
    if incoming.key(form) != responder.ACCEPT_KEY:
        return Screened(goodbye=(Spoken("thank_you"),))
    sid, step = incoming.sid(form, "CallSid"), f"{contact}/screened/{staff}"
    return answered_once.once(
        transaction, sid, step, _SCREENED, lambda: _connected(transaction, ContactId(contact), StaffId(staff))
    )


def _connected(transaction: Transaction, contact: ContactId, staff: StaffId) -> Screened:
    match self_dialled.accept(transaction, contact, staff):
        case Assigned():
            return Screened()
        case TakenByOther(by):
            who = staff_member.first_name(transaction, by)
            return Screened(goodbye=(Spoken("taken_by", (("WHO", who),)),))
        case _:
            return Screened(goodbye=(Spoken("over"),))


def failsafe_joined(transaction: Transaction, form: Form, contact: str) -> Result:
    if incoming.key(form) != responder.ACCEPT_KEY:
        return Screened(goodbye=(Spoken("thank_you"),))
    self_dialled.failsafe_joined(transaction, ContactId(contact))
    return Screened()


def phone_code(transaction: Transaction, form: Form, staff: str) -> Result:
    """Said to a human only: a code in a voicemail box would be anybody's who listens to it."""
    return Screened(Spoken("code_ask"), action=paths.phone_code_key(StaffId(staff), 0))


def phone_code_key(transaction: Transaction, form: Form, staff: str, tries: int) -> Result:
    if incoming.key(form) != responder.ACCEPT_KEY:
        if tries + 1 < responder.TRIES:
            return Screened(Spoken("code_ask"), action=paths.phone_code_key(StaffId(staff), tries + 1))
        return Screened(goodbye=(Spoken("thank_you"),))
    called = incoming.number(form.get("To"), transaction.settings.centre.line.countries)
    code = verifying.spoken(transaction, StaffId(staff), called)
    said = Spoken("code_said", (("CODE", code),)) if code is not None else Spoken("code_void")
    return Screened(goodbye=(said,))


def walk(transaction: Transaction, form: Form, staff: str) -> Result:
    return _walked(transaction, staff, walk_through.begins(transaction), 0)


def walk_key(transaction: Transaction, form: Form, staff: str, tries: int) -> Result:
    said = walk_through.pressed(transaction, incoming.key(form), tries)
    return _walked(transaction, staff, said, tries + 1)


def _walked(transaction: Transaction, staff: str, said: walk_through.WalkAnswer, tries: int) -> Screened:
    if said.over:
        return Screened(goodbye=said.words)
    *before, ask = said.words
    return Screened(ask, tuple(before), action=paths.walk_key(StaffId(staff), tries))


# --- the staff line --------------------------------------------------------------------------------------------


STAFF_KEY = "*"
"""By which a staff phone asks for the staff line at the first menu of any number of ours, and where it is told first
what waits for it."""
_WHO = "staff-line/who"
"""The step of a leg at which its PIN was right: whose it is. Nothing else opens the staff line."""
_PERSON = TypeAdapter(str)


def _staff_line(transaction: Transaction, call: caller.IncomingCall) -> Screened:
    """Whoever calls from a staff phone may show with their PIN that it is them."""
    if pins.whose(transaction, call.caller) is None:
        number = spoken(transaction.settings.centre.line.numbers[0])
        return Screened(goodbye=(Spoken("desk_unknown", (("NUMBER", number),)),))
    return _asks_for_pin()


def _asks_for_pin() -> Screened:
    return Screened(Spoken("desk_pin"), digits=pins.LENGTH, action=paths.staff_line_pin(0))


def staff_line_pin(transaction: Transaction, form: Form, tries: int) -> Result:
    """Only the PIN of whoever's phone that is opens it; 1 alone is a caller's key, here too."""
    call = incoming.call(form, transaction.settings.centre.line)
    given = incoming.key(form)
    if given == responder.ACCEPT_KEY:
        return caller.answer(transaction, call)

    def opened() -> Screened:
        member = pins.whose(transaction, call.caller)
        if member is None:
            return Screened(goodbye=(Spoken("desk_shut"),))
        match pins.check(transaction, member, given) if given is not None else pins.PinCheck.WRONG:
            case pins.PinCheck.RIGHT:
                answer = _PERSON.dump_json(member.id).decode()
                staff_turns.record_answer(transaction.tx, call.sid, _WHO, answer, transaction.now)
                caller.is_staff(transaction, call.sid)
                return Screened(Spoken("desk_menu"), action=paths.staff_line_key(0))
            case pins.PinCheck.WRONG if tries + 1 < responder.TRIES:
                again = paths.staff_line_pin(tries + 1)
                return Screened(Spoken("desk_pin_again"), digits=pins.LENGTH, action=again)
            case _:
                return Screened(goodbye=(Spoken("desk_shut"),))

    return answered_once.once(transaction, call.sid, f"staff-line/pin/{tries}", _SCREENED, opened)


def staff_line_key(transaction: Transaction, form: Form, turn: int) -> Result:
    """A key on the open staff line; 1 is a caller's key, here too."""
    call, key = incoming.call(form, transaction.settings.centre.line), incoming.key(form)
    known = staff_turns.answered(transaction.tx, call.sid, _WHO)
    if key == responder.ACCEPT_KEY or known is None:
        return caller.answer(transaction, call)
    person = StaffId(_PERSON.validate_json(known))

    def done() -> Screened:
        if key is None and turn >= _LONGEST_CALL:
            return Screened(goodbye=(Spoken("thank_you"),))
        said = staff_line.pressed(transaction, person, key)
        if said.over:
            return Screened(goodbye=said.words)
        return Screened(Spoken("desk_menu"), said.words, action=paths.staff_line_key(turn + 1))

    return answered_once.once(transaction, call.sid, f"staff-line/key/{turn}", _SCREENED, done)


_LONGEST_CALL = 20
"""Turns after which silence ends it."""


# --- interpreters ----------------------------------------------------------------------------------------------


def interpret(transaction: Transaction, form: Form, contact: str) -> Result:
    return _asked(transaction, ContactId(contact), tries=0)


def interpreter_key(transaction: Transaction, form: Form, contact: str, tries: int) -> Result:
    sid, key = incoming.sid(form, "CallSid"), incoming.key(form)
    step = f"{contact}/interpreter/{tries}"
    return answered_once.once(
        transaction, sid, step, _SCREENED, lambda: _interpreter_pressed(transaction, contact, tries, key, sid)
    )


def _interpreter_pressed(
    transaction: Transaction, contact: str, tries: int, key: str | None, sid: str
) -> Screened:
    if key == responder.ACCEPT_KEY:
        room = interpreter.joined(transaction, ContactId(contact), sid)
        if room is not None:
            return Screened(room=room, action=paths.interpreter_after(ContactId(contact)))
        return Screened(goodbye=(Spoken("over"),))
    if tries + 1 < responder.TRIES:
        return _asked(transaction, ContactId(contact), tries + 1)
    return Screened(goodbye=(Spoken("thank_you"),))


def _asked(transaction: Transaction, contact: ContactId, tries: int) -> Screened:
    ask = interpreter.asked(transaction, contact)
    if ask is None:
        return Screened(goodbye=(Spoken("over"),))
    return Screened(ask, action=paths.interpreter_key(contact, tries))


def interpreter_after(transaction: Transaction, form: Form, contact: str) -> Result:
    return Screened(goodbye=(Spoken("thank_you"),))


# --- trainees who hear a talk ----------------------------------------------------------------------------------


def listen(transaction: Transaction, form: Form, listener: str) -> Result:
    return _asked_to_listen(transaction, listener, incoming.sid(form, "CallSid"), tries=0)


def listening_key(transaction: Transaction, form: Form, listener: str, tries: int) -> Result:
    sid, key = incoming.sid(form, "CallSid"), incoming.key(form)
    step = f"{listener}/listening/{tries}"
    return answered_once.once(
        transaction, sid, step, _SCREENED, lambda: _listening_pressed(transaction, listener, tries, key, sid)
    )


def _listening_pressed(
    transaction: Transaction, listener: str, tries: int, key: str | None, sid: str
) -> Screened:
    if key == responder.ACCEPT_KEY:
        return _hears(listening.joined(transaction, listener, sid), listener)
    if tries + 1 < responder.TRIES:
        return _asked_to_listen(transaction, listener, sid, tries + 1)
    return Screened(goodbye=(Spoken("thank_you"),))


def _asked_to_listen(transaction: Transaction, listener: str, sid: str, tries: int) -> Screened:
    ask = listening.asked(transaction, listener, sid)
    if ask is None:
        return Screened(goodbye=(Spoken("listening_over"),))
    return Screened(ask, action=paths.listening_key(listener, tries))


def _hears(room: RoomName | None, listener: str) -> Screened:
    if room is None:
        return Screened(goodbye=(Spoken("listening_over"),))
    return Screened(room=room, action=paths.listening_after(listener), listens=True)


def listening_aside(transaction: Transaction, form: Form, listener: str, tries: int) -> Result:
    if tries >= listening.ASIDE_AT_MOST or listening.back_in(transaction, listener) is None:
        listening.leave(transaction, listener)
        return Screened(goodbye=(Spoken("listening_over"),))
    return Screened(Spoken("listening_aside"), action=paths.listening_aside(listener, tries + 1))


def listening_back(transaction: Transaction, form: Form, listener: str, errand: str) -> Result:
    return _hears(listening.back_in(transaction, listener), listener)


def listening_after(transaction: Transaction, form: Form, listener: str) -> Result:
    listening.leave(transaction, listener)
    return Screened(goodbye=(Spoken("listening_over"),))


# --- whom callers are handed over to -----------------------------------------------------------------------------


def hand_off(transaction: Transaction, form: Form, hand_off: str) -> Result:
    sid = incoming.sid(form, "CallSid")
    return answered_once.once(
        transaction,
        sid,
        f"{hand_off}/picked-up",
        _SCREENED,
        lambda: _handed(hand_off, 0, their_leg.picked_up(transaction, hand_off, sid)),
    )


def hand_off_key(transaction: Transaction, form: Form, hand_off: str, tries: int) -> Result:
    sid, key = incoming.sid(form, "CallSid"), incoming.key(form)

    def answer() -> Screened:
        if key == responder.ACCEPT_KEY:
            return _handed(hand_off, tries, their_leg.pressed(transaction, hand_off, sid))
        if tries + 1 < responder.TRIES:
            return _handed(hand_off, tries + 1, their_leg.picked_up(transaction, hand_off, sid))
        return Screened(goodbye=(Spoken("thank_you"),))

    return answered_once.once(transaction, sid, f"{hand_off}/key/{tries}", _SCREENED, answer)


def _handed(hand_off: str, tries: int, found: Spoken | RoomName | None) -> Screened:
    match found:
        case Spoken():
            return Screened(found, action=paths.hand_off_key(hand_off, tries))
        case None:
            return Screened(goodbye=(Spoken("over"),))
        case room:
            return Screened(room=room, action=paths.hand_off_over(hand_off), wait=paths.HAND_OFF_WAITING)


def hand_off_together(transaction: Transaction, form: Form, hand_off: str, errand: str) -> Result:
    return _handed(hand_off, 0, their_leg.together(transaction, hand_off))


def hand_off_over(transaction: Transaction, form: Form, hand_off: str) -> Result:
    return Screened(goodbye=(Spoken("thank_you"),))


def moment(transaction: Transaction, form: Form, contact: str) -> Result:
    return interpreter.moment(transaction, ContactId(contact))


# --- texts -----------------------------------------------------------------------------------------------------


def text(transaction: Transaction, form: Form) -> Result:
    come = received(transaction, form)
    if line_canary.is_hers(transaction, come.sender):
        return Reply("", words=line_canary.texted(transaction, come.body))
    return incoming_text.receive(transaction, come)


def received(transaction: Transaction, form: Form, sent_at: datetime | None = None) -> IncomingText:
    """The text that this is, with what came with it. `sent_at`: when (UTC), if it reaches us late. Raises Malformed."""
    given = incoming.text(form, transaction.settings.centre.line.countries)
    media = incoming.media(form, transaction.settings.twilio_account_sid, given.sid)
    return replace(given, media=media, sent_at=sent_at)


def reply_words(renderer: Renderer, reply: Reply) -> str:
    """What a text is answered, as it is written; empty for nothing."""
    return renderer.words(reply.answer) if reply.answer is not None else reply.words or ""
