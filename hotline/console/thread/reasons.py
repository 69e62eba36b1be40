"""Why something did not arrive, or was not sent, and what to do about it: in plain words, by the provider's code.

Sources: Twilio's error dictionary; what a code means there may change, so one that isn't here is shown as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from hotline.operations.texts.threads import Held, NotHanded
from hotline.operations.texts.writing import Safe
from hotline.referral.hand_off import HandOffStatus
from hotline.store.traffic.messages import Media


@dataclass(frozen=True, slots=True)
class Reason:
    """One code's meaning."""

    why: str
    todo: str


_CALL: Final = "Call them."
_LATER: Final = "Try once more in a few minutes, or call them."
_ADMIN: Final = "Tell an administrator: until it is mended, no text of ours arrives. Call people meanwhile."
REASONS: Final[Mapping[str, Reason]] = {
    # The person's choice, or their phone.
    "21610": Reason(
        "They have ended texts from this number.", "Call only. Texts are back when they text START."
    ),
    "30003": Reason("Their phone is off, out of reach, or takes no texts.", _LATER),
    "30004": Reason("Their phone, or their carrier, blocks our texts.", _CALL),
    "30005": Reason(
        "No such mobile number is known to the carriers.", "Check the number with them, by phone."
    ),
    "30006": Reason("It is a landline, or a carrier that takes no texts.", _CALL),
    "21614": Reason("It is not a mobile number.", _CALL),
    "21211": Reason("It is not a telephone number that exists.", "Ask for another number."),
    "21217": Reason("It is not a telephone number that exists.", "Ask for another number."),
    "21408": Reason("Texts to that country are switched off at the provider.", _CALL),
    "21612": Reason("There is no way for texts from our number to theirs.", _CALL),
    # The message.
    "30007": Reason(
        "A carrier's filter took it for spam.", "Say it in other words, without links; or call them."
    ),
    "30008": Reason("The carrier lost it, and doesn't say why.", _LATER),
    "21617": Reason("It is too long for one text.", "Send it in two."),
    "30019": Reason("It is too large for their carrier.", "Send less at once."),
    # The moment.
    "21611": Reason("Too many texts of ours are waiting to leave.", "Wait a minute, then try once more."),
    "30001": Reason("Too many texts of ours are waiting to leave.", "Wait a minute, then try once more."),
    "30010": Reason("It would have cost more than is allowed.", _ADMIN),
    "20429": Reason("The provider was asked for too much at once.", "Wait a minute, then try once more."),
    # Ours to mend.
    "30002": Reason("Our account at the provider is suspended.", _ADMIN),
    "30032": Reason("Our toll-free number is not verified.", _ADMIN),
    "30034": Reason("Our number is not registered for texts in the United States (10DLC).", _ADMIN),
    "21606": Reason("Our number can't send texts.", _ADMIN),
    "20003": Reason("The provider did not accept our credentials.", _ADMIN),
    "21219": Reason("A trial account calls and texts verified numbers only.", _ADMIN),
    "21608": Reason("A trial account texts verified numbers only.", _ADMIN),
    # Our own words for it.
    "never dialled": Reason(
        "It is an emergency, premium or satellite number: we never use those.", "Ask for another."
    ),
}
"""By the code that the provider gave, or our own word."""
_UNKNOWN: Final = Reason("The provider gives no reason that we know", _LATER)
NOT_SENT: Final = Reason("It was not sent: they ended texts meanwhile, or it was no longer wanted.", _CALL)


def reason(error: str | None, status: str = "") -> Reason:
    """Why, and what to do."""
    if error is None:
        return NOT_SENT if status == "canceled" else Reason(f"{_UNKNOWN.why}.", _UNKNOWN.todo)
    return REASONS.get(error) or Reason(f"{_UNKNOWN.why} (code {error}).", _UNKNOWN.todo)


STATES: Final[Mapping[str, str]] = {
    "received": "",
    "accepted": "Queued",
    "scheduled": "Queued",
    "queued": "Queued",
    "sending": "Sending",
    "sent": "Sent",
    "delivered": "Delivered",
    "read": "Read",
    "undelivered": "Not delivered",
    "failed": "Failed",
    "canceled": "Not sent",
}
"""How far a text of ours is."""

SAFETY: Final[Mapping[Safe, str]] = {
    Safe.YES: "They have said that texting here is safe.",
    Safe.ANSWER: "They haven't said that texting here is safe. They wrote just now: you may send one answer to that.",
    Safe.DANGER: "There is danger to life: write what helps, and call.",
    Safe.UNKNOWN: "They haven't said that texting here is safe. Somebody else may hold the phone.",
    Safe.NO: "They have said that texting here is NOT safe. Somebody else may hold the phone.",
    Safe.OPTED_OUT: "They have ended texts: none arrives.",
    Safe.NO_NUMBER: "The number is withheld: it can't be texted.",
    Safe.ELSEWHERE: "They wrote by another service than SMS (WhatsApp, RCS): it can't be answered. Call only.",
    Safe.OUT_OF_REACH: "They can't be reached back from here: a short code, or a number that this line never dials.",
}
"""What whoever writes must know."""

HELD: Final[Mapping[Held, str]] = {
    Held.UNSURE: "Not sent: they haven't said that texting here is safe. Choose neutral words, or tick the box.",
    Held.IMPOSSIBLE: "Not sent: texts don't reach them. Call only.",
    Held.NOT_YOURS: "Not done: the thread is not yours. Accept it first.",
    Held.OVER: "Not sent: the thread is closed.",
    Held.EMPTY: "Write something first.",
    Held.CHANGED: "Not done: it was changed meanwhile.",
    Held.TOO_LONG: "Not sent: it is too long for one text. Send it in two.",
}
NOT_NOTED: Final[Mapping[Held, str]] = {
    **HELD,
    Held.TOO_LONG: "Not written down: it is too long. Write it as two notes.",
    Held.NOT_YOURS: "Not done: the note is a colleague's. Write one of your own.",
    Held.CHANGED: "Not done: you have changed this note elsewhere meanwhile. Look at it, then change it again.",
    Held.OVER: "Not written down: it is not there any more.",
}
NOT_HANDED: Final[Mapping[NotHanded, str]] = {
    NotHanded.NOT_YOURS: "Not done: it is not yours.",
    NotHanded.NOT_ON: "Not done: choose a colleague who is on shift.",
}

_KINDS: Final = (
    ("image/", "Picture"),
    ("audio/", "Sound"),
    ("video/", "Video"),
    ("text/vcard", "Contact card"),
    ("text/x-vcard", "Contact card"),
    ("application/pdf", "PDF"),
)


def kind_of_file(file: Media) -> str:
    """What came with a text, in a word or two."""
    return next((words for begin, words in _KINDS if file.content_type.startswith(begin)), "File")


HANDED: Final[Mapping[HandOffStatus, str]] = {
    HandOffStatus.RINGING: "being called; the caller is with you meanwhile",
    HandOffStatus.ANSWERED: "somebody has answered",
    HandOffStatus.ASIDE: "being told who comes, and the caller holds",
    HandOffStatus.JOINED: "together with the caller",
}
"""How far a hand-off that goes on has come."""
