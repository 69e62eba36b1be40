"""The vocabulary of the flow: a contact, what can happen to it, what is known, and what we answer.

A contact is one call or one text thread. It is in exactly one State. An Event happens to it; `flow.step` looks at
the Facts that the operation looked up beforehand, and returns a Turn: the contact as it now is, what to say, what
to do next on the line, and what to ask of the rest of the house.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hotline.model import Channel, Language, Line, Outcome, PhoneNumber, Subject, When
from hotline.triage.owed import Hour, Owed


class State(StrEnum):
    """Where a contact stands."""

    # A call
    MENU = "menu"
    HOLDING = "holding"
    """Waiting for a human; staff phones are ringing."""
    EMERGENCY = "emergency"
    """The guidance loop: what to do until a clinician joins."""
    DIALLING = "dialling"
    """The caller's own leg is dialling people, because no worker or nobody answered in time."""
    CHOOSE_NUMBER = "choose_number"
    TYPE_NUMBER = "type_number"
    CHECK_NUMBER = "check_number"
    ASK_MESSAGE = "ask_message"
    ASK_TEXT = "ask_text"
    ASK_WHEN = "ask_when"
    """Shall we call as soon as we can?"""
    CHOOSE_WHEN = "choose_when"
    FAREWELL = "farewell"
    """The callback is confirmed; the caller may hang up, or still press a key."""
    IN_ROOM = "in_room"
    """With a human, in the conference room."""
    AFTER_TALK = "after_talk"
    """The human has left and the caller has not."""
    ASKED_FOR_CALL = "asked_for_call"
    """We rang them; whoever picked up has not yet pressed 1."""
    # A text thread
    TEXT_MENU = "text_menu"
    TEXT_SAFE = "text_safe"
    """Asked whether calling and texting here is safe."""
    TEXT_WAITING = "text_waiting"
    TEXT_WHEN = "text_when"
    """In line, and asked when to call."""
    TEXT_CANCEL = "text_cancel"
    """In line, and asked whether there shall be no call at all."""
    TEXT_EMERGENCY = "text_emergency"
    TEXT_WITH_PERSON = "text_with_person"
    TEXT_STOPPED = "text_stopped"
    # Both
    ENDED = "ended"


TEXT_STATES = frozenset(state for state in State if state.value.startswith("text_"))
"""States of a text thread."""


@dataclass(frozen=True, slots=True)
class Contact:
    """One call or one text thread, as far as the flow is concerned."""

    channel: Channel
    state: State
    line: Line | None = None
    language: Language = Language.EN
    caller: PhoneNumber | None = None
    """Who called, or whom we called; None if the number was withheld."""
    outbound: bool = False
    tries: int = 0
    """Silences and wrong keys in a row at the present question."""
    wrong_key: bool = False
    """The last of those tries was a wrong key or unknown words, not a silence."""
    loops: int = 0
    """Turns spent in the present hold or guidance loop."""
    answered: bool = False
    """Whether any key or word has come from the caller at all."""
    typed: PhoneNumber | None = None
    """A number being read back."""
    callback_number: PhoneNumber | None = None
    """Where to ring back, if not the calling number."""
    message_safe: bool | None = None
    text_safe: bool | None = None
    kept_place: bool = False
    no_number: bool = False
    """The dialogue could not get a number to ring: only a human on this very call can help."""
    when: When | None = None
    """When they want to be rung back; None if they weren't asked, or didn't say."""
    dialled_last_resort: bool = False
    suicide: bool = False
    """The emergency is a wish to die: what to do about an overdose isn't what they need to hear."""
    blocked: bool = False
    """Nothing but the emergency line is open to this call."""
    voicemail: bool = False
    """A machine has been left the one discreet message that this call may leave."""
    ended_from: State | None = None
    """Where the call was when it ended, for a key whose webhook arrives after the news of the hang-up."""


# --- what can happen -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Began:
    """The call was answered, by us or (when we rang them) by somebody or something at their end."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """Keys were pressed."""

    keys: str


@dataclass(frozen=True, slots=True)
class Said:
    """Words were spoken; a recogniser's transcript with its confidence, 0 to 1."""

    words: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Silent:
    """Nothing came in the time given; or the line merely came round to us again."""


@dataclass(frozen=True, slots=True)
class DialOver:
    """The caller's own leg has finished dialling people."""

    connected: bool


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """The human has left the room, or the room has closed, and the caller's leg is still there."""


@dataclass(frozen=True, slots=True)
class HungUp:
    """The call is over."""


class Author(StrEnum):
    """Who seems to have written a text."""

    PERSON = "person"
    PERHAPS_MACHINE = "perhaps_machine"
    """Such as telephones write by themselves, and people do, too: "I'm driving"."""
    MACHINE = "machine"
    """Plainly a telephone, a mailbox or another system: whatever we say to it, it will answer."""


@dataclass(frozen=True, slots=True)
class Texted:
    """A text message came in."""

    words: str
    """Their own: what they quote of ours is left out."""
    by: Author = Author.PERSON
    media: bool = False
    """Pictures or other files came with it: only a person can tell what they mean."""


@dataclass(frozen=True, slots=True)
class MachineAnswered:
    """The carrier takes whatever picked up our call for an answering machine. A hint: it is often wrong."""


Event = Began | Pressed | Said | Silent | DialOver | LeftAlone | HungUp | Texted | MachineAnswered


@dataclass(frozen=True, slots=True)
class Facts:
    """What the operation looked up before asking the flow."""

    human_ready: bool = False
    """A human has accepted and waits in the contact's room."""
    ring_over: bool = False
    """Live ringing has gone on for its time, or there is nobody left to ring."""
    unstaffed: frozenset[Line] = frozenset()
    """Lines for which nobody at all is on now."""
    self_dial: bool = False
    """No page has left in time, or nobody accepted in time: the loop itself must dial."""
    heard_911: bool = False
    """The 911 sentence (V01 or V04) had time to be heard to its end."""
    talk_counted: bool = False
    """The talk in the room lasted long enough to have been one."""
    settled: bool = False
    """Whoever took it has said how it ended: nothing more is owed, however short the talk was."""
    replies_left: bool = True
    """Non-emergency text replies to this number are still within the cap."""
    opted_out: bool = False
    failsafe: bool = True
    """There is a failsafe number to dial."""
    promise_minutes: int = 15
    our_number: PhoneNumber | None = None
    number_refused: str | None = None
    """Why the typed number can't be rung back (a prompt key); None if `number` can."""
    number: PhoneNumber | None = None
    """The typed number, if it can be rung back."""
    languages: tuple[Language, ...] = (Language.EN,)
    """What the line speaks; English always."""
    wait_minutes: int | None = None
    """How long callers of this line have waited lately; None while too few have."""
    times: tuple[When, ...] = ()
    """Times of day that are still ahead for this caller and can be offered for a callback."""
    first_name: str = ""
    """Of the member of staff on whose behalf we ring."""
    blocked: bool = False
    """The number is on the block list, or has more calls under way than one number may have."""
    needs_interpreter: bool = False
    """Nobody who waits in the room speaks the caller's language, and the centre has interpreters to ring."""
    open_emergency: bool = False
    """This number has an emergency that no human has closed."""
    # Of a text
    owed: Owed | None = None
    now: Hour | None = None
    """The time, by the texter's clock; always known where `owed` is."""
    wanted: Hour | None = None
    """The time that the text names, if it is nothing but one."""
    thread_open: bool = False
    """A person is being asked to read this thread, or has it."""
    thread_taken: bool = False
    """A person has it."""
    answerable: bool = True
    """False: whatever we send never arrives, or costs like a premium number, or is what a machine waits for."""


# --- what we answer --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Spoken:
    """One prompt, by key, with the values for its placeholders."""

    prompt: str
    values: tuple[tuple[str, str], ...] = ()
    language: Language | None = None
    """If it isn't the contact's own: the offer of another language is made in that one."""


class Wait(StrEnum):
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
class RingBackEmergency:
    """Somebody in an emergency hung up: ring back at once, or after the delay that leaves 911 their line."""

    at_once: bool


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Whom we rang back pressed 1: a person, who asked for the call."""


@dataclass(frozen=True, slots=True)
class NotConfirmed:
    """Whom we rang back never pressed 1: the attempt is over."""

    outcome: Outcome
    somebody_else: bool = False
    """Another person has the telephone in their hand now."""


@dataclass(frozen=True, slots=True)
class OptOut:
    """No more texts to this number."""


@dataclass(frozen=True, slots=True)
class OptIn:
    """Texts to this number are welcome again."""


@dataclass(frozen=True, slots=True)
class Close:
    """The contact is over, and this is who owns it now."""

    outcome: Outcome


Ask = (
    Reach
    | StopReaching
    | PromiseCallback
    | CallNow
    | CallLater
    | CancelCall
    | RememberLanguage
    | FetchInterpreter
    | RingBackEmergency
    | Confirmed
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
    asks: tuple[Ask, ...] = ()
