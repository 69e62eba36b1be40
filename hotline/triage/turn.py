"""What the flow answers to one event: words, what follows on the line, and what is asked of the application."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hotline.model import KeptWord, Language, Line, Outcome, PhoneNumber, Subject, When
from hotline.triage.contact import Contact


@dataclass(frozen=True, slots=True)
class Spoken:
    """One prompt, by key, with the values for its placeholders."""

    prompt: str
    values: tuple[tuple[str, str], ...] = ()
    language: Language | None = None
    """If it isn't the contact's own: the offer of another language is made in that one."""


class Wait(KeptWord):
    """How long to listen after the words; seconds are settings."""

    MENU = "menu"
    BRIEF = "brief"
    """A second or two: the loop comes round again at once."""
    HOLD = "hold"
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class Listen:
    """Say the words and listen; whatever comes, or nothing, is the next turn."""

    wait: Wait
    number: bool = False
    """A whole telephone number is typed, ended with the pound key."""


@dataclass(frozen=True, slots=True)
class JoinRoom:
    """Put the caller's leg in the room."""


class Whom(StrEnum):
    """Whom the caller's own leg dials."""

    EVERYONE = "everyone"
    FAILSAFE = "failsafe"


@dataclass(frozen=True, slots=True)
class Dial:
    """Dial from the caller's own leg, needing no worker."""

    whom: Whom


@dataclass(frozen=True, slots=True)
class EndCall:
    """Say the words and hang up."""


@dataclass(frozen=True, slots=True)
class Rest:
    """Nothing more on the line: the call is over, or the words are the whole reply to a text."""


Then = Listen | JoinRoom | Dial | EndCall | Rest


@dataclass(frozen=True, slots=True)
class Reach:
    """A human must be reached, live. Opened once per contact and subject; asking again changes nothing."""

    subject: Subject
    suicide: bool = False


@dataclass(frozen=True, slots=True)
class StopReaching:
    """The caller no longer holds: live ringing for this contact ends."""


@dataclass(frozen=True, slots=True)
class PromiseCallback:
    """Open this contact's callback, or bring it up to date if it is open."""

    line: Line
    number: PhoneNumber
    ready: bool
    """Due now; False while the caller is still telling us where and how."""
    message_safe: bool = False
    text_safe: bool = False
    kept_place: bool = False
    when: When | None = None
    at: datetime | None = None
    """The very time that they have named (aware, UTC), in place of `when`."""
    language: Language | None = None
    """The one that they have chosen; None if they have chosen none."""


@dataclass(frozen=True, slots=True)
class CallNow:
    """The caller's open callback is wanted at once, by day or night."""


@dataclass(frozen=True, slots=True)
class CallLater:
    """The caller can't be called now: not before this time, or (None) not for a while."""

    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CancelCall:
    """The caller wants no call any more, and has confirmed it."""


@dataclass(frozen=True, slots=True)
class RememberLanguage:
    """The caller chose a language: the next contact from this number begins in it."""

    language: Language


@dataclass(frozen=True, slots=True)
class FetchInterpreter:
    """Ring the interpreters into the room."""


@dataclass(frozen=True, slots=True)
class FetchBack:
    """The caller holds, and wants whoever talked with them back."""


@dataclass(frozen=True, slots=True)
class RingBackEmergency:
    """Somebody in an emergency hung up: ring back at once, or after the delay that leaves 911 their line."""

    at_once: bool


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Whom we rang back pressed 1: a person, who asked for the call."""


@dataclass(frozen=True, slots=True)
class Answered:
    """Somebody or something has answered our call, and is with a human of ours: who it is, that human will say."""


@dataclass(frozen=True, slots=True)
class AnsweredOver:
    """That is over."""


@dataclass(frozen=True, slots=True)
class NotConfirmed:
    """Whom we rang back never pressed 1: the attempt is over."""

    outcome: Outcome
    somebody_else: bool = False
    """Another person has the telephone in their hand now."""


@dataclass(frozen=True, slots=True)
class OptOut:
    """No more texts to this number."""

    calls_too: bool = True
    """And nothing that was promised to it. The carrier's own keywords end texts only: QUIT may mean heroin, and a call
    that somebody asked for comes all the same."""


@dataclass(frozen=True, slots=True)
class OptIn:
    """Texts to this number are welcome again."""


@dataclass(frozen=True, slots=True)
class Close:
    """The contact is over, and this is who owns it now."""

    outcome: Outcome


Request = (
    Reach
    | StopReaching
    | PromiseCallback
    | CallNow
    | CallLater
    | CancelCall
    | RememberLanguage
    | FetchInterpreter
    | FetchBack
    | RingBackEmergency
    | Confirmed
    | Answered
    | AnsweredOver
    | NotConfirmed
    | OptOut
    | OptIn
    | Close
)


@dataclass(frozen=True, slots=True)
class Turn:
    """The answer to one event."""

    contact: Contact
    say: tuple[Spoken, ...] = ()
    then: Then = Rest()
    requests: tuple[Request, ...] = ()
