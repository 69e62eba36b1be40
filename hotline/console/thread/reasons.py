"""Why something did not arrive, or was not sent, and what to do about it: in plain words, by the provider's code.

Sources: Twilio's error dictionary; what a code means there may change, so one that isn't here is shown as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from hotline.console.language.speech import Words, gettext, translated
from hotline.operations.texts.threads import Held, NotHanded
from hotline.operations.texts.writing import Safe
from hotline.referral.hand_off import HandOffStatus
from hotline.store.traffic.messages import Media
from hotline.worded import worded


@dataclass(frozen=True, slots=True)
class Reason:
    """One code's meaning."""

    why: str
    todo: str


_CALL: Final = worded("Call them.")
_LATER: Final = worded("Try once more in a few minutes, or call them.")
_ADMIN: Final = worded(
    "Tell an administrator: until it is mended, no text of ours arrives. Call people meanwhile."
)
REASONS: Final[Mapping[str, Reason]] = {
    # The person's choice, or their phone.
    "21610": Reason(
        worded("They have ended texts from this number."),
        worded("Call only. Texts are back when they text START."),
    ),
    "30003": Reason(worded("Their phone is off, out of reach, or takes no texts."), _LATER),
    "30004": Reason(worded("Their phone, or their carrier, blocks our texts."), _CALL),
    "30005": Reason(
        worded("No such mobile number is known to the carriers."),
        worded("Check the number with them, by phone."),
    ),
    "30006": Reason(worded("It is a landline, or a carrier that takes no texts."), _CALL),
    "21614": Reason(worded("It is not a mobile number."), _CALL),
    "21211": Reason(worded("It is not a telephone number that exists."), worded("Ask for another number.")),
    "21217": Reason(worded("It is not a telephone number that exists."), worded("Ask for another number.")),
    "21408": Reason(worded("Texts to that country are switched off at the provider."), _CALL),
    "21612": Reason(worded("There is no way for texts from our number to theirs."), _CALL),
    # The message.
    "30007": Reason(
        worded("A carrier's filter took it for spam."),
        worded("Say it in other words, without links; or call them."),
    ),
    "30008": Reason(worded("The carrier lost it, and doesn't say why."), _LATER),
    "21617": Reason(worded("It is too long for one text."), worded("Send it in two.")),
    "30019": Reason(worded("It is too large for their carrier."), worded("Send less at once.")),
    # The moment.
    "21611": Reason(
        worded("Too many texts of ours are waiting to leave."), worded("Wait a minute, then try once more.")
    ),
    "30001": Reason(
        worded("Too many texts of ours are waiting to leave."), worded("Wait a minute, then try once more.")
    ),
    "30010": Reason(worded("It would have cost more than is allowed."), _ADMIN),
    "20429": Reason(
        worded("The provider was asked for too much at once."), worded("Wait a minute, then try once more.")
    ),
    # Ours to mend.
    "30002": Reason(worded("Our account at the provider is suspended."), _ADMIN),
    "30032": Reason(worded("Our toll-free number is not verified."), _ADMIN),
    "30034": Reason(worded("Our number is not registered for texts in the United States (10DLC)."), _ADMIN),
    "21606": Reason(worded("Our number can't send texts."), _ADMIN),
    "20003": Reason(worded("The provider did not accept our credentials."), _ADMIN),
    "21219": Reason(worded("A trial account calls and texts verified numbers only."), _ADMIN),
    "21608": Reason(worded("A trial account texts verified numbers only."), _ADMIN),
    # Our own words for it.
    "never dialled": Reason(
        worded("It is an emergency, premium or satellite number: we never use those."),
        worded("Ask for another."),
    ),
}
"""By the code that the provider gave, or our own word."""
_UNKNOWN: Final = Reason(worded("The provider gives no reason that we know"), _LATER)
NOT_SENT: Final = Reason(
    worded("It was not sent: they ended texts meanwhile, or it was no longer wanted."), _CALL
)


def reason(error: str | None, status: str = "") -> Reason:
    """Why, and what to do."""
    if error is None:
        return NOT_SENT if status == "canceled" else Reason(f"{_UNKNOWN.why}.", _UNKNOWN.todo)
    return REASONS.get(error) or Reason(
        gettext("%(why)s (code %(error)s).", why=_UNKNOWN.why, error=error), _UNKNOWN.todo
    )


STATES: Final[Mapping[str, str]] = Words(
    {
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
)
"""How far a text of ours is."""

SAFETY: Final[Mapping[Safe, str]] = Words(
    {
        Safe.YES: "They have said that texting here is safe.",
        Safe.ANSWER: "They haven't said that texting here is safe. They wrote just now: "
        "you may send one answer to that.",
        Safe.DANGER: "There is danger to life: write what helps, and call if they can talk.",
        Safe.UNKNOWN: "They haven't said that texting here is safe. Somebody else may hold the phone.",
        Safe.NO: "They have said that texting here is NOT safe. Somebody else may hold the phone.",
        Safe.OPTED_OUT: "They have ended texts: none arrives.",
        Safe.LANDLINE: "Our last text did not arrive: it is a landline, or a carrier that takes no texts. Call them.",
        Safe.NO_NUMBER: "The number is withheld: it can't be texted.",
        Safe.ELSEWHERE: "They wrote by another service than SMS (WhatsApp, RCS): it can't be answered. Call only.",
        Safe.OUT_OF_REACH: "They can't be reached back from here: a short code, or a number that this line "
        "never dials.",
    }
)
"""What whoever writes must know."""

HELD: Final[Mapping[Held, str]] = Words(
    {
        Held.UNSURE: "Not sent: they haven't said that texting here is safe. Choose neutral words, or tick the box.",
        Held.IMPOSSIBLE: "Not sent: texts don't reach them. Call only.",
        Held.NOT_YOURS: "Not done: the thread is not yours. Accept it first.",
        Held.OVER: "Not sent: the thread is closed.",
        Held.EMPTY: "Write something first.",
        Held.CHANGED: "Not done: it was changed meanwhile.",
        Held.TOO_LONG: "Not sent: it is too long for one text. Send it in two.",
    }
)
NOT_NOTED: Final[Mapping[Held, str]] = Words(
    {
        **HELD,
        Held.TOO_LONG: "Not written down: it is too long. Write it as two notes.",
        Held.NOT_YOURS: "Not done: the note is a colleague's. Write one of your own.",
        Held.CHANGED: "Not done: you have changed this note elsewhere meanwhile. Look at it, then change it again.",
        Held.OVER: "Not written down: it is not there any more.",
    }
)
NOT_HANDED: Final[Mapping[NotHanded, str]] = Words(
    {
        NotHanded.NOT_YOURS: "Not done: it is not yours.",
        NotHanded.NOT_ON: "Not done: choose a colleague who is on shift.",
    }
)

_KINDS: Final = (
    ("image/", worded("Picture")),
    ("audio/", worded("Sound")),
    ("video/", worded("Video")),
    ("text/vcard", worded("Contact card")),
    ("text/x-vcard", worded("Contact card")),
    ("application/pdf", "PDF"),
)


def kind_of_file(file: Media) -> str:
    """What came with a text, in a word or two."""
    return next(
        (translated(words) for begin, words in _KINDS if file.content_type.startswith(begin)), gettext("File")
    )


HANDED: Final[Mapping[HandOffStatus, str]] = Words(
    {
        HandOffStatus.RINGING: "being called; the caller is with you meanwhile",
        HandOffStatus.ANSWERED: "somebody has answered",
        HandOffStatus.ASIDE: "being told who comes, and the caller holds",
        HandOffStatus.JOINED: "together with the caller",
    }
)
"""How far a hand-off that goes on has come."""
