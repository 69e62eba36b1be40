"""What may leave the building, as data.

An effect is written into the outbox in the transaction that caused it, and carried out afterwards by
`telephony.rest.carrier`. Paths are our own (`/twilio/voice/...`): the carrier turns them into full addresses.
"""

from __future__ import annotations

from dataclasses import dataclass

from hotline.model import KeptWord, PhoneNumber, RoomName


class Urgency(KeptWord):
    """Which lane an effect leaves by, the most pressing first."""

    EMERGENCY = "emergency"
    URGENT = "urgent"
    ORDINARY = "ordinary"


@dataclass(frozen=True, slots=True)
class PlaceCall:
    """Ring a telephone; when somebody answers, Twilio asks `path` what to say."""

    to: PhoneNumber
    path: str
    status_path: str
    ring_seconds: int
    machine_path: str | None = None
    """Where Twilio tells whether it takes whoever answered for a machine; None: nobody needs to know."""
    from_: PhoneNumber | None = None
    """Which of our numbers the call comes from; the first one if it is ours no more. None: that of staff's pages."""
    room: RoomName | None = None
    """Whoever answers is in this room at once, where it is heard ringing, and `path` is never asked; None: it is."""


@dataclass(frozen=True, slots=True)
class RedirectCall:
    """Take a running call to another of our paths, whatever it is doing now."""

    call_sid: str
    path: str


@dataclass(frozen=True, slots=True)
class HangUp:
    """End a call, ringing or running. Harmless if it is over already."""

    call_sid: str


@dataclass(frozen=True, slots=True)
class CallOff:
    """End a call that only rings. Harmless if somebody has answered it: their call goes on."""

    call_sid: str


@dataclass(frozen=True, slots=True)
class SendText:
    """Send one text message."""

    to: PhoneNumber
    body: str
    status_path: str
    from_: PhoneNumber | None = None
    """As for a call."""


@dataclass(frozen=True, slots=True)
class RedactMessage:
    """Empty a message's words at the provider. Harmless if they are gone already."""

    message_sid: str


@dataclass(frozen=True, slots=True)
class DeleteMedia:
    """Delete what came with a message at the provider. Harmless if it is gone already."""

    message_sid: str
    media: tuple[str, ...]
    """The provider's ids."""


Effect = PlaceCall | RedirectCall | HangUp | CallOff | SendText | RedactMessage | DeleteMedia


class OriginKind(KeptWord):
    """What an effect is about."""

    PAGE = "page"
    CONTACT = "contact"
    MESSAGE = "message"
    STAFF = "staff"
    INTERPRETER = "interpreter"
    """Its id is the contact's."""
    LISTENER = "listener"
    """A trainee who is called to hear a talk."""
    HAND_OFF = "hand_off"
    """A call to whom a caller is handed over to."""
    TALK = "talk"
    """Asks how the talk of a contact ended, whose id it has."""
    RELAY = "relay"
    """Its id is the escalation's."""
    REDACTION = "redaction"
    """Its id is a MessageSid, as a file's is."""
    MEDIA = "media"


@dataclass(frozen=True, slots=True)
class Origin:
    """What an effect is about, by its id."""

    kind: OriginKind
    id: str
