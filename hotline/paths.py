"""Our own addresses, handed to Twilio in TwiML and REST calls. Ids only: never a number, a name or a word."""

from __future__ import annotations

from typing import Final

from hotline.model import ContactId, PageId, StaffId

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
RECORDINGS: Final = "/recordings/"
TELEPHONES: Final = ("/twilio/", RECORDINGS)
"""How the addresses begin that the carrier asks for; all others are for people and for machines that watch us."""
HEALTH: Final = ("/health/", "/metrics")
"""How those begin that watch us."""


def recording(digest: str, language: str, name: str) -> str:
    """Where a recorded prompt is; another sound has another address."""
    return f"{RECORDINGS}{digest}/{language}/{name}"


def turn(contact: ContactId, number: int) -> str:
    """Where the answer to turn `number` of a call is posted."""
    return f"/twilio/voice/turn/{contact}/{number}"


def called_fallback(contact: ContactId) -> str:
    """What is asked on a caller's leg that we placed, when the carrier couldn't get an answer from us."""
    return f"/twilio/voice/fallback/called/{contact}"


_TURN: Final = "/twilio/voice/turn/"
_VOICEMAIL: Final = "/twilio/voice/voicemail/"


def is_to_called(path: str) -> bool:
    """Whether a leg that is taken to `path` is one that we placed to a caller."""
    return path.startswith((_TURN, _VOICEMAIL))


def fallback(path: str) -> str:
    """What is asked on a leg that we place and that begins at `path`, when the carrier couldn't get an answer."""
    for start in (_TURN, _VOICEMAIL):
        if path.startswith(start):
            return called_fallback(ContactId(path.removeprefix(start).split("/")[0]))
    return STAFF_FALLBACK


def room(contact: ContactId, errand: str) -> str:
    """Where a caller's leg is taken when a human waits for it; `errand` is another one each time it is."""
    return f"/twilio/voice/room/{contact}/{errand}"


def alone(contact: ContactId, errand: str) -> str:
    """Where a caller's leg is taken when the human has left the room; `errand` as in `room`."""
    return f"/twilio/voice/alone/{contact}/{errand}"


def machine(contact: ContactId) -> str:
    """Where Twilio tells what it takes whoever picked up a call of ours to a caller for."""
    return f"/twilio/voice/machine/{contact}"


def voicemail(contact: ContactId) -> str:
    """Where the leg of such a call is taken when that is a machine on which a message may be left."""
    return f"/twilio/voice/voicemail/{contact}"


def screen(contact: ContactId, staff: StaffId) -> str:
    """What a member of staff hears whom the caller's own leg has dialled."""
    return f"/twilio/voice/screen/{contact}/{staff}"


def screened(contact: ContactId, staff: StaffId) -> str:
    """Where their key goes."""
    return f"/twilio/voice/screened/{contact}/{staff}"


STAFF_CALL: Final = "/twilio/voice/staff"
"""Where the key of somebody on the staff goes who called us, and was told what waits for them."""


def page(page: PageId) -> str:
    """What a paged member of staff hears on picking up."""
    return f"/twilio/voice/page/{page}"


def page_key(page: PageId, tries: int) -> str:
    """Where the key that they press goes; `tries` counts the times we asked."""
    return f"/twilio/voice/page/{page}/key/{tries}"


def page_over(page: PageId) -> str:
    """Where their leg is taken when what they have picked up for is taken, or over."""
    return f"/twilio/voice/page/{page}/over"


def page_after(page: PageId, stay: str) -> str:
    """Where their leg goes when they, or everybody, have left the room; `stay` is another one each time they join."""
    return f"/twilio/voice/page/{page}/after/{stay}"


def page_star(page: PageId, stay: str, tries: int) -> str:
    """Where the key goes that they press after * in a talk; `tries` counts the times we asked for it."""
    return f"/twilio/voice/page/{page}/star/{stay}/{tries}"


def page_told(page: PageId, word: str, errand: str) -> str:
    """Where their leg is taken out of a room for a moment, to be told something: `word` is a prompt's key."""
    return f"/twilio/voice/page/{page}/told/{word}/{errand}"


def interpreter(contact: ContactId) -> str:
    """What an interpreter hears who picks up for this call."""
    return f"/twilio/voice/interpreter/{contact}"


def interpreter_key(contact: ContactId, tries: int) -> str:
    """Where their key goes."""
    return f"/twilio/voice/interpreter/{contact}/key/{tries}"


def interpreter_after(contact: ContactId) -> str:
    """Where their leg goes when they, or everybody, have left the room."""
    return f"/twilio/voice/interpreter/{contact}/after"


def interpreter_status(contact: ContactId) -> str:
    """Where Twilio tells what became of the call to them."""
    return f"/twilio/voice/status/interpreter/{contact}"


def moment(contact: ContactId) -> str:
    """What a caller hears who is alone in a room for a moment."""
    return f"/twilio/voice/moment/{contact}"


def page_outcome(page: PageId, tries: int) -> str:
    """Where the key for the outcome goes."""
    return f"/twilio/voice/page/{page}/outcome/{tries}"


def page_who(page: PageId, tries: int) -> str:
    """Where the key goes that says who answered a call of ours."""
    return f"/twilio/voice/page/{page}/who/{tries}"


def page_unanswered(page: PageId) -> str:
    """Where their leg is taken when the person whom we rang back did not take the call."""
    return f"/twilio/voice/page/{page}/unanswered"


def page_status(page: PageId) -> str:
    """Where Twilio tells what became of the call to them."""
    return f"/twilio/voice/status/page/{page}"


def contact_status(contact: ContactId) -> str:
    """Where Twilio tells what became of a call that we placed to a caller."""
    return f"/twilio/voice/status/contact/{contact}"


def text_status(message: str) -> str:
    """Where Twilio tells what became of a text."""
    return f"/twilio/sms/status/{message}"
