"""What is done for callers, staff and texters: one operation each, inside one transaction.

Parsing comes before it, rendering after it; `addresses` says which address is whose.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import TypeAdapter

from hotline import paths
from hotline.model import ContactId, PageId, StaffId
from hotline.operations import bridged, caller, legs, outcomes, reaching, responder, texts
from hotline.operations.answers import Answer, StaffAnswer
from hotline.operations.house import Desk
from hotline.operations.responder import Accepted, Taken
from hotline.operations.texts import Reply
from hotline.store import contacts
from hotline.telephony import incoming
from hotline.telephony.incoming import Form
from hotline.telephony.twiml import Renderer
from hotline.triage.contact import Spoken


@dataclass(frozen=True, slots=True)
class Screened:
    """What somebody hears whom a caller's own leg has dialled."""

    ask: str | None = None
    """The prompt that asks for a key..."""
    action: str = ""
    """...and where the key goes."""
    goodbye: tuple[Spoken, ...] | None = None
    """Words and the end of this leg; with neither, they are connected."""


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
        case Screened(ask, action, goodbye):
            if ask is not None:
                return renderer.screen(ask, action)
            return renderer.goodbye(*goodbye) if goodbye is not None else renderer.connect()
        case None:
            return renderer.connect()


# --- callers ---------------------------------------------------------------------------------------------------


def begin(desk: Desk, form: Form) -> Result:
    return caller.answer(desk, incoming.call(form))


def call_again(desk: Desk, form: Form) -> Result:
    """A call that came round to us outside its turns: it goes on, or begins. Raises Malformed."""
    return caller.fall_back(desk, incoming.call(form))


def _or_begin(desk: Desk, form: Form, work: Callable[[], Answer]) -> Result:
    """A contact that we don't know is still somebody on the telephone: they hear the first words."""
    try:
        return work()
    except caller.Unknown:
        return caller.fall_back(desk, incoming.call(form))


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
    return _once(desk, sid, f"{page}", lambda: responder.picked_up(desk, PageId(page), sid))


def page_over(desk: Desk, form: Form, page: str) -> Result:
    sid = incoming.sid(form, "CallSid")
    return _once(desk, sid, f"{page}/over", lambda: responder.picked_up(desk, PageId(page), sid))


def page_key(desk: Desk, form: Form, page: str, tries: int) -> Result:
    sid, key = incoming.sid(form, "CallSid"), incoming.key(form)
    step = f"{page}/key/{tries}"
    return _once(desk, sid, step, lambda: responder.pressed(desk, PageId(page), tries, key, sid))


def page_after(desk: Desk, form: Form, page: str) -> Result:
    sid = incoming.sid(form, "CallSid")
    return _once(desk, sid, f"{page}/after", lambda: outcomes.left_room(desk, PageId(page)))


def page_outcome(desk: Desk, form: Form, page: str, tries: int) -> Result:
    sid, key = incoming.sid(form, "CallSid"), incoming.key(form)
    step = f"{page}/outcome/{tries}"
    return _once(desk, sid, step, lambda: outcomes.outcome_pressed(desk, PageId(page), tries, key))


def page_unanswered(desk: Desk, form: Form, page: str) -> Result:
    sid = incoming.sid(form, "CallSid")
    return _once(desk, sid, f"{page}/unanswered", lambda: outcomes.unanswered(desk, PageId(page)))


def _once(desk: Desk, sid: str, step: str, work: Callable[[], StaffAnswer]) -> StaffAnswer:
    return legs.once(desk, sid, step, _STAFF_ANSWERS, work)


def screen(desk: Desk, form: Form, contact: str, staff: str) -> Result:
    return Screened("screen_emergency", paths.screened(ContactId(contact), StaffId(staff)))


def screened(desk: Desk, form: Form, contact: str, staff: str) -> Result:
    if incoming.key(form) != responder.ACCEPT_KEY:
        return Screened(goodbye=(Spoken("declined"),))
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


# --- texts -----------------------------------------------------------------------------------------------------


def text(desk: Desk, form: Form) -> Result:
    text = incoming.text(form)
    return texts.receive(desk, text) if text is not None else Reply("")
