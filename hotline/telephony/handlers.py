"""What is done for callers, staff and texters: one operation each, inside one transaction.

Parsing comes before it, rendering after it; `addresses` says which address is whose.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from pydantic import TypeAdapter

from hotline import paths
from hotline.model import ContactId, PageId, RoomName, StaffId
from hotline.operations import (
    bridged,
    caller,
    confirming,
    dialled_in,
    interpreter,
    legs,
    outcomes,
    reaching,
    responder,
    star,
    texts,
)
from hotline.operations.answers import Answer, StaffAnswer
from hotline.operations.house import Desk
from hotline.operations.responder import Accepted, Taken
from hotline.operations.texts import Reply
from hotline.store import contacts
from hotline.store.pages import Purpose
from hotline.telephony import incoming
from hotline.telephony.incoming import Form
from hotline.telephony.twiml import Renderer
from hotline.triage.turn import Spoken


@dataclass(frozen=True, slots=True)
class Screened:
    """What somebody hears whom a caller's own leg has dialled."""

    ask: Spoken | None = None
    """The prompt that asks for a key..."""
    action: str = ""
    """...and where the key goes."""
    goodbye: tuple[Spoken, ...] | None = None
    """Words and the end of this leg."""
    room: RoomName | None = None
    """The room that they join; with none of these, they are connected with whoever dialled them."""


_SCREENED = TypeAdapter(Screened)
_STAFF_ANSWERS = TypeAdapter(StaffAnswer)
Result = Answer | StaffAnswer | Reply | Screened | None
Handler = Callable[..., Result]
"""Takes the desk, the form, and the ids in the address."""


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
        case Screened(ask, action, goodbye, room):
            if room is not None:
                return renderer.interpret(room, action)
            if ask is not None:
                return renderer.screen(ask, action)
            return renderer.goodbye(*goodbye) if goodbye is not None else renderer.connect()
        case None:
            return renderer.connect()


# --- callers ---------------------------------------------------------------------------------------------------


def begin(desk: Desk, form: Form) -> Result:
    call = incoming.call(form, desk.settings.centre.line)
    return _offered(desk, call) or caller.answer(desk, call)


def _offered(desk: Desk, call: caller.Call) -> Screened | None:
    """What is said to a staff phone for which something waits, each time that this webhook comes."""
    if not dialled_in.is_known(desk, call.sid) and dialled_in.offer(desk, call) is None:
        return None

    def offer() -> Screened:
        return Screened(dialled_in.offer(desk, call), paths.STAFF_CALL)

    return legs.once(desk, call.sid, dialled_in.OFFERED, _SCREENED, offer)


def staff_called(desk: Desk, form: Form) -> Result:
    """1: they are rung back. Anything else: they are a caller like any other."""
    call = incoming.call(form, desk.settings.centre.line)
    if incoming.key(form) != responder.ACCEPT_KEY:
        return caller.answer(desk, call)

    def call_back() -> Screened:
        return Screened(goodbye=(dialled_in.call_back(desk, call),))

    return legs.once(desk, call.sid, "staff/called-back", _SCREENED, call_back)


def call_again(desk: Desk, form: Form) -> Result:
    """A call that came round to us outside its turns: it goes on, or begins. Raises Malformed."""
    return caller.fall_back(desk, incoming.call(form, desk.settings.centre.line))


def called_again(desk: Desk, form: Form, contact: str) -> Result:
    """A call of ours to a caller came round to us outside its turns: it goes on where they stand. Raises Unknown."""
    return caller.called_again(desk, ContactId(contact), incoming.sid(form, "CallSid"))


def page_again(desk: Desk, form: Form) -> Result:
    """A call of ours to somebody on the staff came round to us outside its steps. Raises Malformed, Unknown."""
    return responder.again(desk, incoming.sid(form, "CallSid"))


def _or_begin(desk: Desk, form: Form, work: Callable[[], Answer]) -> Result:
    """A contact that we don't know is still somebody on the telephone: they hear the first words."""
    try:
        return work()
    except caller.Unknown:
        return caller.fall_back(desk, incoming.call(form, desk.settings.centre.line))


def turn(desk: Desk, form: Form, contact: str, turn: int) -> Result:
    sid = incoming.sid(form, "CallSid")
    said = incoming.event(form)
    answer = _or_begin(desk, form, lambda: caller.hear(desk, ContactId(contact), turn, said, sid))
    if form.get("CallStatus") in incoming.ENDED:
        # The end of a talk, told although nobody is there any more to hear the answer.
        row = contacts.by_call(desk.tx, sid)
        if row is not None:
            caller.hung_up(desk, row)
    return answer


def room(desk: Desk, form: Form, contact: str, errand: str) -> Result:
    return _or_begin(desk, form, lambda: caller.rejoin(desk, ContactId(contact), errand))


def alone(desk: Desk, form: Form, contact: str, errand: str) -> Result:
    return _or_begin(desk, form, lambda: caller.left_alone(desk, ContactId(contact), errand))


def voicemail(desk: Desk, form: Form, contact: str) -> Result:
    return _or_begin(desk, form, lambda: caller.machine_answered(desk, ContactId(contact)))


# --- staff -----------------------------------------------------------------------------------------------------


def page(desk: Desk, form: Form, page: str) -> Result:
    sid = incoming.sid(form, "CallSid")
    return _once(desk, sid, f"{page}", lambda: _picked_up(desk, PageId(page), sid))


def _picked_up(desk: Desk, page: PageId, sid: str) -> StaffAnswer:
    found, row = responder.find(desk, page)
    if found.purpose is Purpose.JOIN:
        return responder.picked_up(desk, page, sid)
    return confirming.picked_up(desk, found, row, sid)


def page_over(desk: Desk, form: Form, page: str) -> Result:
    sid = incoming.sid(form, "CallSid")
    return _once(desk, sid, f"{page}/over", lambda: _picked_up(desk, PageId(page), sid))


def page_key(desk: Desk, form: Form, page: str, tries: int) -> Result:
    sid, key = incoming.sid(form, "CallSid"), incoming.key(form)
    step = f"{page}/key/{tries}"
    return _once(desk, sid, step, lambda: _pressed(desk, PageId(page), tries, key, sid))


def _pressed(desk: Desk, page: PageId, tries: int, key: str | None, sid: str) -> StaffAnswer:
    found, row = responder.find(desk, page)
    if found.purpose is Purpose.JOIN:
        return responder.pressed(desk, page, tries, key, sid)
    return confirming.pressed(desk, found, row, tries, key, sid)


def page_after(desk: Desk, form: Form, page: str, stay: str) -> Result:
    sid = incoming.sid(form, "CallSid")
    return _once(desk, sid, f"{page}/after/{stay}", lambda: star.out_of_room(desk, PageId(page)))


def page_star(desk: Desk, form: Form, page: str, stay: str, tries: int) -> Result:
    sid, key = incoming.sid(form, "CallSid"), incoming.key(form)
    step = f"{page}/star/{stay}/{tries}"
    return _once(desk, sid, step, lambda: star.pressed(desk, PageId(page), stay, tries, key))


def page_told(desk: Desk, form: Form, page: str, word: str, errand: str) -> Result:
    sid = incoming.sid(form, "CallSid")
    return _once(desk, sid, f"{page}/told/{errand}", lambda: star.told(desk, PageId(page), word))


def page_outcome(desk: Desk, form: Form, page: str, tries: int) -> Result:
    sid, key = incoming.sid(form, "CallSid"), incoming.key(form)
    step = f"{page}/outcome/{tries}"
    return _once(desk, sid, step, lambda: outcomes.outcome_pressed(desk, PageId(page), tries, key))


def page_who(desk: Desk, form: Form, page: str, tries: int) -> Result:
    sid, key = incoming.sid(form, "CallSid"), incoming.key(form)
    step = f"{page}/who/{tries}"
    return _once(desk, sid, step, lambda: outcomes.who_pressed(desk, PageId(page), tries, key))


def page_unanswered(desk: Desk, form: Form, page: str) -> Result:
    sid = incoming.sid(form, "CallSid")
    return _once(desk, sid, f"{page}/unanswered", lambda: outcomes.unanswered(desk, PageId(page)))


def _once(desk: Desk, sid: str, step: str, work: Callable[[], StaffAnswer]) -> StaffAnswer:
    return legs.once(desk, sid, step, _STAFF_ANSWERS, work)


def screen(desk: Desk, form: Form, contact: str, staff: str) -> Result:
    return Screened(Spoken("screen_emergency"), paths.screened(ContactId(contact), StaffId(staff)))


def screened(desk: Desk, form: Form, contact: str, staff: str) -> Result:
    if incoming.key(form) != responder.ACCEPT_KEY:
        return Screened(goodbye=(Spoken("thank_you"),))
    sid, step = incoming.sid(form, "CallSid"), f"{contact}/screened/{staff}"
    return legs.once(desk, sid, step, _SCREENED, lambda: _connected(desk, ContactId(contact), StaffId(staff)))


def _connected(desk: Desk, contact: ContactId, staff: StaffId) -> Screened:
    match bridged.accept(desk, contact, staff):
        case Accepted():
            return Screened()
        case Taken(by):
            who = reaching.first_name(reaching.known(desk, by))
            return Screened(goodbye=(Spoken("taken_by", (("WHO", who),)),))
        case _:
            return Screened(goodbye=(Spoken("over"),))


# --- interpreters ----------------------------------------------------------------------------------------------


def interpret(desk: Desk, form: Form, contact: str) -> Result:
    return _asked(desk, ContactId(contact), tries=0)


def interpreter_key(desk: Desk, form: Form, contact: str, tries: int) -> Result:
    sid, key = incoming.sid(form, "CallSid"), incoming.key(form)
    step = f"{contact}/interpreter/{tries}"
    return legs.once(desk, sid, step, _SCREENED, lambda: _interpreter_pressed(desk, contact, tries, key, sid))


def _interpreter_pressed(desk: Desk, contact: str, tries: int, key: str | None, sid: str) -> Screened:
    if key == responder.ACCEPT_KEY:
        room = interpreter.joined(desk, ContactId(contact), sid)
        if room is not None:
            return Screened(room=room, action=paths.interpreter_after(ContactId(contact)))
        return Screened(goodbye=(Spoken("over"),))
    if tries + 1 < responder.TRIES:
        return _asked(desk, ContactId(contact), tries + 1)
    return Screened(goodbye=(Spoken("thank_you"),))


def _asked(desk: Desk, contact: ContactId, tries: int) -> Screened:
    ask = interpreter.asked(desk, contact)
    if ask is None:
        return Screened(goodbye=(Spoken("over"),))
    return Screened(ask, paths.interpreter_key(contact, tries))


def interpreter_after(desk: Desk, form: Form, contact: str) -> Result:
    return Screened(goodbye=(Spoken("thank_you"),))


def moment(desk: Desk, form: Form, contact: str) -> Result:
    return interpreter.moment(desk, ContactId(contact))


# --- texts -----------------------------------------------------------------------------------------------------


def text(desk: Desk, form: Form) -> Result:
    received = incoming.text(form, desk.settings.centre.line.countries)
    media = incoming.media(form, desk.settings.twilio_account_sid, received.sid)
    return texts.receive(desk, replace(received, media=media))
