"""The shared vocabulary: words that every floor of the application uses, and nothing that does anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NewType

from hotline.model.unknown_words import KeptWord

ContactId = NewType("ContactId", str)
CallbackId = NewType("CallbackId", str)
EscalationId = NewType("EscalationId", str)
PageId = NewType("PageId", str)
OutboxId = NewType("OutboxId", str)
StaffId = NewType("StaffId", str)
RoomName = NewType("RoomName", str)
"""A conference room. Named after the contact that first needed it; opaque, never a person."""


class Channel(KeptWord):
    """How somebody reaches us."""

    VOICE = "voice"
    TEXT = "text"
    WEBSITE = "website"
    """They left a number on the "call me" form, and wait for our call."""


class Line(KeptWord):
    """What a caller asked for."""

    EMERGENCY = "emergency"
    ADMISSIONS = "admissions"
    FAMILY = "family"
    PERSON = "person"


class Language(KeptWord):
    """Languages the prompts are written in (ISO 639-1)."""

    EN = "en"
    ES = "es"
    PT = "pt"
    HT = "ht"


class When(KeptWord):
    """When somebody wants to be rung back, in the daytime of their own part of the world."""

    NOW = "now"
    """As soon as we can, at night too."""
    AFTERNOON = "afternoon"
    EVENING = "evening"
    MORNING = "morning"
    """Tomorrow's."""


class Role(KeptWord):
    """What a member of staff may do."""

    COORDINATOR = "coordinator"
    CLINICIAN = "clinician"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"
    TRAINEE = "trainee"
    """Looks on: is rung for nothing, and can accept nothing. Nobody is a trainee and something else."""


class Subject(KeptWord):
    """What an escalation policy is about: the situations in which a human must be reached."""

    EMERGENCY = "emergency"
    ADMISSIONS = "admissions"
    FAMILY = "family"
    PERSON = "person"
    CALLBACK = "callback"
    THREAD = "thread"
    CLINICIAN = "clinician"
    """Whoever talks with a caller asks for a clinician, into the same room."""
    HELP = "help"
    """Whoever has an emergency asks for somebody beside them, and keeps it."""
    SUPERVISOR = "supervisor"
    """Something has nobody, and needs somebody who sees to it."""
    TEST = "test"
    """Nobody waits: one member of staff is paged to see whether they can be."""
    SECOND = "second"
    """Somebody has something, and a second person is to know that: nothing else is asked of them."""


WITH_POLICY: Final = tuple(one for one in Subject if one not in (Subject.HELP, Subject.TEST, Subject.SECOND))
"""For these a centre may say whom to reach. Help, and whoever is to know, too, go by the policy of what they are asked
about; a test, to whom it is about."""

ASIDE: Final = (Subject.HELP, Subject.CLINICIAN, Subject.SUPERVISOR, Subject.SECOND, Subject.TEST)
"""Who is reached for these comes beside whoever has it, or sees to it: it isn't theirs by that."""

HELD: Final = (Subject.ADMISSIONS, Subject.FAMILY, Subject.PERSON)
"""What callers hold for. An emergency waits for nobody, and nobody waits in these for a callback or a text."""


class How(KeptWord):
    """How a member of staff is paged."""

    CALL = "call"
    TEXT = "text"


class Danger(KeptWord):
    """What an emergency is, as far as it was told: what they are told to do follows it."""

    UNSAID = "unsaid"
    """A key, or a cry alone. It is taken for what it mostly is here: an overdose, seen by somebody."""
    OVERDOSE = "overdose"
    """Somebody else took too much, or doesn't wake, breathe or answer."""
    THEMSELVES = "themselves"
    """They took it themselves, or such signs are their own: perhaps they are alone, and perhaps they want to die."""
    SUICIDE = "suicide"
    BY_OTHERS = "by_others"
    """Somebody does violence to them, or they can't speak freely: whoever does it may read along, and hear a call."""
    OTHER = "other"


class Outcome(KeptWord):
    """How a contact or a callback (or one attempt at it) ended."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    LEFT_MESSAGE = "left_message"
    SOMEBODY_ELSE = "somebody_else"
    """Another person was at the telephone."""
    MACHINE = "machine"
    """A machine answered, and nothing was left on it."""
    CALLED_OFF = "called_off"
    """We called it off while it rang: whoever was to talk had gone. It says nothing about the caller."""
    WRONG_NUMBER = "wrong_number"
    NOT_IN_SERVICE = "not_in_service"
    CALL_LATER = "call_later"
    DECLINED = "declined"
    BOOKED_INTAKE = "booked_intake"
    NOT_ADMITTED = "not_admitted"
    """They can't be admitted here, and somebody else was found for them."""
    REFERRED = "referred"
    ASKED_TO_STOP = "asked_to_stop"
    """No more calls and texts, for any purpose."""
    SETTLED = "settled"
    """A human closed the emergency, and nobody of ours had talked with the caller: an ambulance was there, say."""
    NOT_REACHED = "not_reached"
    """Tried, and never reached: a supervisor has given up."""
    MERGED = "merged"
    """The same person waits for another callback: that one is owed."""
    TAKEN_BACK = "taken_back"
    """Nobody had asked for it, and what it had been opened for was taken back before anybody called."""
    # Only contacts end in these:
    CALLBACK = "callback"
    """A callback now owns what the caller wanted."""
    EMERGENCY = "emergency"
    """An emergency escalation owns it; only a human closes that."""
    LEFT_EARLY = "left_early"
    """Hung up before choosing anything at all."""
    STAFF_LINE = "staff_line"
    """Somebody on the staff, who has shown so with their PIN: no caller at all."""
    BLOCKED = "blocked"
    """On the block list, or one call too many from one number; was told how to reach the emergency line."""
    UNREACHABLE = "unreachable"
    """Hung up, and withheld the number: there is nobody whom we could ring back."""
    OPTED_OUT = "opted_out"
    QUIET = "quiet"
    """A text thread in which nothing was open and nobody wrote any more."""


@dataclass(frozen=True, slots=True, repr=False)
class PhoneNumber:
    """A telephone number in E.164, such as +16175550101.

    It never shows itself by accident: `repr` and `str` hide all but the last two digits, so a number
    that strays into a log line or a traceback tells nobody who called. Use `.e164` to dial it.
    """

    e164: str

    def __post_init__(self) -> None:
        """Raises ValueError for anything that is not a plus sign and 3 to 15 digits."""
        digits = self.e164[1:]
        if not (
            self.e164.startswith("+") and digits.isascii() and digits.isdigit() and 3 <= len(digits) <= 15
        ):
            raise ValueError("not a telephone number in E.164")

    @property
    def is_nobodys(self) -> bool:
        """Whether it stands for a sender who has no telephone number: no country's code begins with 0."""
        return self.e164.startswith("+0")

    def __repr__(self) -> str:
        return f"PhoneNumber(…{self.e164[-2:]})"

    __str__ = __repr__
