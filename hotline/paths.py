"""Our own addresses, each written once: the rule by which a request is matched, and the address that is handed out.

The carrier gets them in TwiML and in REST calls, so they hold ids only: never a number, a name or a word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from hotline.model import ContactId, PageId, RoomName, StaffId

_ID: Final = re.compile(r"<\w+:(\w+)>")
_BY_ROOM: Final = re.compile(r"(?:^|-)([0-9a-f]{20})-[0-9a-f]{20}")


@dataclass(frozen=True, slots=True)
class Route:
    """One kind of address. `rule` is as Werkzeug matches it: `<opaque:contact>` is an id, `<count:tries>` a number."""

    rule: str

    def of(self, *ids: object) -> str:
        """The address with these ids, in the order of the rule."""
        left = iter(ids)
        return _ID.sub(lambda _: str(next(left)), self.rule)

    @property
    def start(self) -> str:
        """What every address of this kind begins with."""
        return _ID.split(self.rule)[0]


TWILIO: Final = "/twilio/"
RECORDINGS: Final = "/recordings/"
TELEPHONES: Final = (TWILIO, RECORDINGS)
"""How the addresses begin that the carrier asks for; all others are for people and for machines that watch us."""
ONE_TIME_LINK: Final = "/sign-in/code"
"""Where one-time links lead; the code stands behind a #."""
SINGLE_SIGN_ON: Final = "/sign-in/single"
SINGLE_SIGN_ON_BACK: Final = "/sign-in/single/back"
"""Where the provider sends people back to; it is registered there."""
CALENDAR: Final = Route("/calendar/<string:token>.ics")
"""Where somebody's own calendar reads shifts."""
CALL_ME: Final = "/call-me"
"""Where anybody may leave a number to be called; what is behind it begins with it and a slash."""
HEALTH: Final = ("/health/", "/metrics")
"""How those begin that watch us."""

VOICE: Final = "/twilio/voice"
VOICE_STATUS: Final = "/twilio/voice/status"
VOICE_FALLBACK: Final = "/twilio/voice/fallback"
STAFF_FALLBACK: Final = "/twilio/voice/fallback/staff"
SMS: Final = "/twilio/sms"
SMS_STATUS: Final = "/twilio/sms/status"
WAITING: Final = "/twilio/voice/waiting"
SILENCE: Final = "/twilio/voice/silence"
FAILSAFE_SCREEN: Final = "/twilio/voice/failsafe/screen"
FAILSAFE_SCREENED: Final = "/twilio/voice/failsafe/screened"
FAILSAFE_AGAIN: Final = "/twilio/voice/failsafe/again"
STAFF_CALL: Final = "/twilio/voice/staff"
"""Where the key of somebody on the staff goes who called us, and was told what waits for them."""

RECORDING: Final = Route("/recordings/<string:digest>/<string:language>/<string:name>")
TURN: Final = Route("/twilio/voice/turn/<opaque:contact>/<count:turn>")
CALLED_FALLBACK: Final = Route("/twilio/voice/fallback/called/<opaque:contact>")
ROOM: Final = Route("/twilio/voice/room/<opaque:contact>/<opaque:errand>")
ALONE: Final = Route("/twilio/voice/alone/<opaque:contact>/<opaque:errand>")
ON_HOLD: Final = Route("/twilio/voice/hold/<opaque:contact>/<opaque:errand>")
MOMENT: Final = Route("/twilio/voice/moment/<opaque:contact>")
MACHINE: Final = Route("/twilio/voice/machine/<opaque:contact>")
VOICEMAIL: Final = Route("/twilio/voice/voicemail/<opaque:contact>")
FAILSAFE_ASKED: Final = Route(f"{FAILSAFE_SCREEN}/<opaque:contact>")
FAILSAFE_JOINED: Final = Route(f"{FAILSAFE_SCREENED}/<opaque:contact>")
SCREEN: Final = Route("/twilio/voice/screen/<opaque:contact>/<opaque:staff>")
SCREENED: Final = Route("/twilio/voice/screened/<opaque:contact>/<opaque:staff>")
PAGE: Final = Route("/twilio/voice/page/<opaque:page>")
PAGE_KEY: Final = Route(f"{PAGE.rule}/key/<count:tries>")
PAGE_OVER: Final = Route(f"{PAGE.rule}/over")
PAGE_AFTER: Final = Route(f"{PAGE.rule}/after/<opaque:stay>")
PAGE_STAR: Final = Route(f"{PAGE.rule}/star/<opaque:stay>/<count:tries>")
PAGE_TOLD: Final = Route(f"{PAGE.rule}/told/<opaque:word>/<opaque:errand>")
PAGE_DIRECTORY: Final = Route(f"{PAGE.rule}/directory/<opaque:offered>/<opaque:stay>")
PAGE_ASIDE: Final = Route(f"{PAGE.rule}/aside/<opaque:hand_off>/<opaque:errand>")
PAGE_ASIDE_KEY: Final = Route(f"{PAGE.rule}/aside-key/<opaque:stay>/<count:tries>")
PAGE_OUTCOME: Final = Route(f"{PAGE.rule}/outcome/<count:tries>")
PAGE_WHO: Final = Route(f"{PAGE.rule}/who/<count:tries>")
PAGE_UNANSWERED: Final = Route(f"{PAGE.rule}/unanswered")
PAGE_STATUS: Final = Route("/twilio/voice/status/page/<opaque:page>")
CONTACT_STATUS: Final = Route("/twilio/voice/status/contact/<opaque:contact>")
INTERPRETER: Final = Route("/twilio/voice/interpreter/<opaque:contact>")
INTERPRETER_KEY: Final = Route(f"{INTERPRETER.rule}/key/<count:tries>")
INTERPRETER_AFTER: Final = Route(f"{INTERPRETER.rule}/after")
INTERPRETER_STATUS: Final = Route("/twilio/voice/status/interpreter/<opaque:contact>")
LISTENING: Final = Route("/twilio/voice/listening/<opaque:listener>")
LISTENING_KEY: Final = Route(f"{LISTENING.rule}/key/<count:tries>")
LISTENING_AFTER: Final = Route(f"{LISTENING.rule}/after")
LISTENING_ASIDE: Final = Route(f"{LISTENING.rule}/aside/<count:tries>")
LISTENING_BACK: Final = Route(f"{LISTENING.rule}/back/<opaque:errand>")
LISTENING_STATUS: Final = Route("/twilio/voice/status/listening/<opaque:listener>")
HAND_OFF: Final = Route("/twilio/voice/hand-off/<opaque:hand_off>")
HAND_OFF_KEY: Final = Route(f"{HAND_OFF.rule}/key/<count:tries>")
HAND_OFF_TOGETHER: Final = Route(f"{HAND_OFF.rule}/together/<opaque:errand>")
HAND_OFF_OVER: Final = Route(f"{HAND_OFF.rule}/over")
HAND_OFF_STATUS: Final = Route("/twilio/voice/status/hand-off/<opaque:hand_off>")
HAND_OFF_WAITING: Final = "/twilio/voice/hand-off-waiting"
STAFF_LINE_PIN: Final = Route("/twilio/voice/desk/pin/<count:tries>")
STAFF_LINE_KEY: Final = Route("/twilio/voice/desk/key/<count:turn>")
PHONE_CODE: Final = Route("/twilio/voice/code/<opaque:staff>")
PHONE_CODE_KEY: Final = Route(f"{PHONE_CODE.rule}/key/<count:tries>")
PHONE_CODE_STATUS: Final = Route("/twilio/voice/status/code/<opaque:staff>")
CANARY_HEARD: Final = "/twilio/voice/canary"
WALK: Final = Route("/twilio/voice/walk/<opaque:staff>")
WALK_KEY: Final = Route(f"{WALK.rule}/key/<count:tries>")
TEXT_STATUS: Final = Route("/twilio/sms/status/<opaque:message>")


def is_for_anybody(path: str) -> bool:
    """Whether it is of the pages for people who want to be called."""
    return path == CALL_ME or path.startswith(f"{CALL_ME}/")


def recording(digest: str, language: str, name: str) -> str:
    """Where a recorded prompt is; another sound has another address."""
    return RECORDING.of(digest, language, name)


def turn(contact: ContactId, number: int) -> str:
    """Where the answer to turn `number` of a call is posted."""
    return TURN.of(contact, number)


def called_fallback(contact: ContactId) -> str:
    """What is asked on a caller's leg that we placed, when the carrier couldn't get an answer from us."""
    return CALLED_FALLBACK.of(contact)


def is_to_called(path: str) -> bool:
    """Whether a leg that is taken to `path` is one that we placed to a caller."""
    return path.startswith((TURN.start, VOICEMAIL.start))


def fallback(path: str) -> str:
    """What is asked on a leg that we place and that begins at `path`, when the carrier couldn't get an answer."""
    for start in (TURN.start, VOICEMAIL.start):
        if path.startswith(start):
            return called_fallback(ContactId(path.removeprefix(start).split("/")[0]))
    return STAFF_FALLBACK


def by_room(room: RoomName, fresh: str) -> str:
    """A stay in this room, or an errand about it; `fresh`: another id each time. By it alone whoever is out of the room
    for a moment can be put back into it, when nothing can be looked up."""
    return f"{room}-{fresh}"


def room_by(stay: str) -> RoomName | None:
    """The room that a stay or an errand names; None if it names none."""
    found = _BY_ROOM.search(stay)
    return RoomName(found[1]) if found and found.end() == len(stay) else None


def room(contact: ContactId, errand: str) -> str:
    """Where a caller's leg is taken when a human waits for it; `errand` is another one each time it is."""
    return ROOM.of(contact, errand)


def alone(contact: ContactId, errand: str) -> str:
    """Where a caller's leg is taken when the human has left the room; `errand` as in `room`."""
    return ALONE.of(contact, errand)


def on_hold(contact: ContactId, errand: str) -> str:
    """Where a caller's leg is taken while whoever talked with them speaks with somebody else; `errand` as in `room`."""
    return ON_HOLD.of(contact, errand)


def machine(contact: ContactId) -> str:
    """Where Twilio tells what it takes whoever picked up a call of ours to a caller for."""
    return MACHINE.of(contact)


def voicemail(contact: ContactId) -> str:
    """Where the leg of such a call is taken when that is a machine: for a message, or to say nothing more."""
    return VOICEMAIL.of(contact)


def failsafe_asked(contact: ContactId) -> str:
    """What whoever has the failsafe phone hears, where it is known who calls."""
    return FAILSAFE_ASKED.of(contact)


def failsafe_joined(contact: ContactId) -> str:
    """Where their key goes."""
    return FAILSAFE_JOINED.of(contact)


def screen(contact: ContactId, staff: StaffId) -> str:
    """What a member of staff hears whom the caller's own leg has dialled."""
    return SCREEN.of(contact, staff)


def screened(contact: ContactId, staff: StaffId) -> str:
    """Where their key goes."""
    return SCREENED.of(contact, staff)


def page(page: PageId) -> str:
    """What a paged member of staff hears on picking up."""
    return PAGE.of(page)


def page_key(page: PageId, tries: int) -> str:
    """Where the key that they press goes; `tries` counts the times we asked."""
    return PAGE_KEY.of(page, tries)


def page_over(page: PageId) -> str:
    """Where their leg is taken when what they have picked up for is taken, or over."""
    return PAGE_OVER.of(page)


def page_after(page: PageId, stay: str) -> str:
    """Where their leg goes when they, or everybody, have left the room; `stay` is another one each time they join."""
    return PAGE_AFTER.of(page, stay)


CALLER_LEFT: Final = "caller-left"
"""In place of a stay, where their leg is fetched because the caller had left before they were in the room."""


def page_star(page: PageId, stay: str, tries: int) -> str:
    """Where the key goes that they press after * in a talk; `tries` counts the times we asked for it."""
    return PAGE_STAR.of(page, stay, tries)


def page_told(page: PageId, word: str, errand: str) -> str:
    """Where their leg is taken out of a room for a moment, to be told something: `word` is a prompt's key."""
    return PAGE_TOLD.of(page, word, errand)


def page_directory(page: PageId, offered: str, stay: str) -> str:
    """Where the key goes that says to whom a caller is handed over; `offered`: the ids of those that were named."""
    return PAGE_DIRECTORY.of(page, offered, stay)


def page_aside(page: PageId, hand_off: str, errand: str) -> str:
    """Where their leg is taken out of the room when somebody has answered to whom the caller is handed over."""
    return PAGE_ASIDE.of(page, hand_off, errand)


def aside_for(path: str) -> str | None:
    """The hand-off for which a leg is taken to `path`, if it is taken aside."""
    _, found, rest = path.partition("/aside/")
    return rest.split("/")[0] if found else None


def page_aside_key(page: PageId, stay: str, tries: int) -> str:
    """Where the key goes that they press after * while they speak with the other side alone."""
    return PAGE_ASIDE_KEY.of(page, stay, tries)


def hand_off(hand_off: str) -> str:
    """What somebody hears who picks up to whom a caller is handed over."""
    return HAND_OFF.of(hand_off)


def hand_off_key(hand_off: str, tries: int) -> str:
    """Where their key goes."""
    return HAND_OFF_KEY.of(hand_off, tries)


def hand_off_together(hand_off: str, errand: str) -> str:
    """Where their leg is taken to be with the caller; `errand` is another one each time."""
    return HAND_OFF_TOGETHER.of(hand_off, errand)


def hand_off_over(hand_off: str) -> str:
    """Where their leg goes when they, or everybody, have left the room, or when they are needed no more."""
    return HAND_OFF_OVER.of(hand_off)


def hand_off_status(hand_off: str) -> str:
    """Where Twilio tells what became of the call to them."""
    return HAND_OFF_STATUS.of(hand_off)


def interpreter(contact: ContactId) -> str:
    """What an interpreter hears who picks up for this call."""
    return INTERPRETER.of(contact)


def interpreter_key(contact: ContactId, tries: int) -> str:
    """Where their key goes."""
    return INTERPRETER_KEY.of(contact, tries)


def interpreter_after(contact: ContactId) -> str:
    """Where their leg goes when they, or everybody, have left the room."""
    return INTERPRETER_AFTER.of(contact)


def interpreter_status(contact: ContactId) -> str:
    """Where Twilio tells what became of the call to them."""
    return INTERPRETER_STATUS.of(contact)


def listening(listener: str) -> str:
    """What a trainee hears who is called to hear a talk; `listener` is that call's id, here and below."""
    return LISTENING.of(listener)


def listening_key(listener: str, tries: int) -> str:
    """Where their key goes."""
    return LISTENING_KEY.of(listener, tries)


def listening_after(listener: str) -> str:
    """Where their leg goes when they have left the talk, or it is over."""
    return LISTENING_AFTER.of(listener)


def listening_aside(listener: str, tries: int) -> str:
    """Where their leg is while whoever has the talk is away from it; `tries` counts how often they were told so."""
    return LISTENING_ASIDE.of(listener, tries)


def listening_back(listener: str, errand: str) -> str:
    """Where it is taken then; `errand` is another one each time."""
    return LISTENING_BACK.of(listener, errand)


def listening_status(listener: str) -> str:
    """Where Twilio tells what became of the call to them."""
    return LISTENING_STATUS.of(listener)


def moment(contact: ContactId) -> str:
    """What a caller hears who is alone in a room for a moment."""
    return MOMENT.of(contact)


def page_outcome(page: PageId, tries: int) -> str:
    """Where the key for the outcome goes."""
    return PAGE_OUTCOME.of(page, tries)


def page_who(page: PageId, tries: int) -> str:
    """Where the key goes that says who answered a call of ours."""
    return PAGE_WHO.of(page, tries)


def page_unanswered(page: PageId) -> str:
    """Where their leg is taken when the person whom we rang back did not take the call."""
    return PAGE_UNANSWERED.of(page)


def page_status(page: PageId) -> str:
    """Where Twilio tells what became of the call to them."""
    return PAGE_STATUS.of(page)


def contact_status(contact: ContactId) -> str:
    """Where Twilio tells what became of a call that we placed to a caller."""
    return CONTACT_STATUS.of(contact)


def staff_line_pin(tries: int) -> str:
    """Where a PIN for the staff line goes; `tries` counts the times we asked for it on this call."""
    return STAFF_LINE_PIN.of(tries)


def staff_line_key(turn: int) -> str:
    """Where a key on the open staff line goes; `turn` counts the keys of this call."""
    return STAFF_LINE_KEY.of(turn)


def phone_code(staff: StaffId) -> str:
    """What a member of staff hears whose phone is to be verified."""
    return PHONE_CODE.of(staff)


def phone_code_key(staff: StaffId, tries: int) -> str:
    """Where the key goes that has the code read out; `tries` counts the times we asked."""
    return PHONE_CODE_KEY.of(staff, tries)


def walk(staff: StaffId) -> str:
    """What a member of staff hears who is called as a caller would be."""
    return WALK.of(staff)


def walk_key(staff: StaffId, tries: int) -> str:
    """Where their key goes; `tries` counts the times we asked."""
    return WALK_KEY.of(staff, tries)


def phone_code_status(staff: StaffId) -> str:
    """Where Twilio tells what became of the call with the code."""
    return PHONE_CODE_STATUS.of(staff)


def text_status(message: str) -> str:
    """Where Twilio tells what became of a text."""
    return TEXT_STATUS.of(message)
