"""What each of our addresses does: one operation, inside one transaction. Parsing before it, rendering after it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from hotline import paths
from hotline.model import ContactId, PageId, StaffId
from hotline.operations import bridged, caller, reaching, responder, texts
from hotline.operations.answers import Answer, StaffAnswer
from hotline.operations.house import Desk
from hotline.operations.responder import Accepted, Taken
from hotline.operations.texts import Reply
from hotline.store import calls_seen, contacts, messages
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


Result = Answer | StaffAnswer | Reply | Screened | None
Handler = Callable[..., Result]


class Kind(StrEnum):
    """Who hears the answer, and so what they hear when the database can't be reached."""

    CALLER = "caller"
    STAFF = "staff"
    TEXT = "text"
    REPORT = "report"
    """Nobody: the carrier only tells us something."""


@dataclass(frozen=True, slots=True)
class Address:
    """One address of ours."""

    rule: str
    kind: Kind
    handler: Handler


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


def _begin(desk: Desk, form: Form) -> Result:
    return caller.answer(desk, incoming.call(form))


def _fall_back(desk: Desk, form: Form) -> Result:
    return caller.fall_back(desk, incoming.call(form))


def _or_begin(desk: Desk, form: Form, work: Callable[[], Answer]) -> Result:
    """A contact that we don't know is still somebody on the telephone: they hear the first words."""
    try:
        return work()
    except caller.Unknown:
        return caller.fall_back(desk, incoming.call(form))


def _turn(desk: Desk, form: Form, contact: str, turn: int) -> Result:
    sid = incoming.sid(form, "CallSid")
    said = incoming.event(form)
    return _or_begin(desk, form, lambda: caller.hear(desk, ContactId(contact), turn, said, sid))


def _room(desk: Desk, form: Form, contact: str) -> Result:
    return _or_begin(desk, form, lambda: caller.rejoin(desk, ContactId(contact)))


def _alone(desk: Desk, form: Form, contact: str) -> Result:
    return _or_begin(desk, form, lambda: caller.left_alone(desk, ContactId(contact)))


# --- staff -----------------------------------------------------------------------------------------------------


def _page(desk: Desk, form: Form, page: str) -> Result:
    return responder.picked_up(desk, PageId(page), incoming.sid(form, "CallSid"))


def _page_key(desk: Desk, form: Form, page: str, tries: int) -> Result:
    sid = incoming.sid(form, "CallSid")
    return responder.pressed(desk, PageId(page), tries, incoming.key(form), sid)


def _page_after(desk: Desk, form: Form, page: str) -> Result:
    return responder.left_room(desk, PageId(page))


def _page_outcome(desk: Desk, form: Form, page: str, tries: int) -> Result:
    return responder.outcome_pressed(desk, PageId(page), tries, incoming.key(form))


def _page_unanswered(desk: Desk, form: Form, page: str) -> Result:
    return responder.unanswered(desk, PageId(page))


def _screen(desk: Desk, form: Form, contact: str, staff: str) -> Result:
    return Screened("page_emergency", paths.screened(ContactId(contact), StaffId(staff)))


def _screened(desk: Desk, form: Form, contact: str, staff: str) -> Result:
    if incoming.key(form) != responder.ACCEPT_KEY:
        return Screened(goodbye=(Spoken("declined"),))
    match bridged.accept(desk, ContactId(contact), StaffId(staff)):
        case Accepted():
            return Screened()
        case Taken(by):
            who = reaching.first_name(reaching.known(desk, by))
            return Screened(goodbye=(Spoken("taken_by", (("WHO", who),)),))
        case _:
            return Screened(goodbye=(Spoken("over"),))


# --- reports ---------------------------------------------------------------------------------------------------


def _call_status(desk: Desk, form: Form) -> Result:
    sid = incoming.sid(form, "CallSid")
    if _is_news(desk, form, sid) and form.get("CallStatus") in incoming.ENDED:
        row = contacts.by_call(desk.tx, sid)
        if row is not None:
            caller.hung_up(desk, row)
    return None


def _page_status(desk: Desk, form: Form, page: str) -> Result:
    sid, status = incoming.sid(form, "CallSid"), form.get("CallStatus")
    if not _is_news(desk, form, sid):
        return None
    if status in incoming.ENDED:
        responder.leg_over(desk, PageId(page), sid)
    elif status == "ringing":
        responder.ringing(desk, PageId(page), sid)
    return None


def _contact_status(desk: Desk, form: Form, contact: str) -> Result:
    sid = incoming.sid(form, "CallSid")
    if not _is_news(desk, form, sid) or form.get("CallStatus") not in incoming.ENDED:
        return None
    row = contacts.get(desk.tx, ContactId(contact))
    if row is not None and row.provider_sid in (None, sid):
        caller.hung_up(desk, row, incoming.outcome(form))
    return None


def _is_news(desk: Desk, form: Form, sid: str) -> bool:
    status = form.get("CallStatus")
    final = status if status in incoming.ENDED else None
    return calls_seen.report(desk.tx, sid, incoming.sequence(form), final, desk.now)


RANKS: Final = {
    "accepted": 0,
    "scheduled": 0,
    "queued": 1,
    "sending": 2,
    "sent": 3,
    "delivered": 8,
    "undelivered": 8,
    "failed": 8,
    "read": 9,
}
"""How far along a text's status is: reports come in any order, and the furthest one holds."""


def _text_status(desk: Desk, form: Form, message: str = "") -> Result:
    status = form.get("MessageStatus") or form.get("SmsStatus") or ""
    if status not in RANKS:
        return None
    error = form.get("ErrorCode", "")[:8] or None
    moved = messages.advance_own(desk.tx, message, status, RANKS[status], error) if message else False
    if not moved:
        messages.advance(desk.tx, incoming.sid(form, "MessageSid"), status, RANKS[status], error)
    return None


# --- texts -----------------------------------------------------------------------------------------------------


def _text(desk: Desk, form: Form) -> Result:
    text = incoming.text(form)
    return texts.receive(desk, text) if text is not None else Reply("")


ADDRESSES: Final = (
    Address(paths.VOICE, Kind.CALLER, _begin),
    Address(paths.VOICE_FALLBACK, Kind.CALLER, _fall_back),
    Address(paths.FAILSAFE_AGAIN, Kind.CALLER, _fall_back),
    Address("/twilio/voice/turn/<contact>/<int:turn>", Kind.CALLER, _turn),
    Address("/twilio/voice/room/<contact>", Kind.CALLER, _room),
    Address("/twilio/voice/alone/<contact>", Kind.CALLER, _alone),
    Address("/twilio/voice/page/<page>", Kind.STAFF, _page),
    Address("/twilio/voice/page/<page>/key/<int:tries>", Kind.STAFF, _page_key),
    Address("/twilio/voice/page/<page>/after", Kind.STAFF, _page_after),
    Address("/twilio/voice/page/<page>/outcome/<int:tries>", Kind.STAFF, _page_outcome),
    Address("/twilio/voice/page/<page>/unanswered", Kind.STAFF, _page_unanswered),
    Address("/twilio/voice/screen/<contact>/<staff>", Kind.STAFF, _screen),
    Address("/twilio/voice/screened/<contact>/<staff>", Kind.STAFF, _screened),
    Address(paths.VOICE_STATUS, Kind.REPORT, _call_status),
    Address("/twilio/voice/status/page/<page>", Kind.REPORT, _page_status),
    Address("/twilio/voice/status/contact/<contact>", Kind.REPORT, _contact_status),
    Address(paths.SMS, Kind.TEXT, _text),
    Address(paths.SMS_STATUS, Kind.REPORT, _text_status),
    Address("/twilio/sms/status/<message>", Kind.REPORT, _text_status),
)
"""Every address that needs the database; those that don't are in `webhooks`."""

Ids = Mapping[str, Any]
