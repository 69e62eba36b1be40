"""What can happen to a contact of the flow."""

from __future__ import annotations

from dataclasses import dataclass

from hotline.model import KeptWord, Outcome


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
class Fetched(Silent):
    """The line was taken out of what it did, because somebody waits in the room."""


@dataclass(frozen=True, slots=True)
class PutOnHold(Silent):
    """The line was taken out of the room, because whoever talked with them speaks with somebody else for a moment."""


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

    outcome: Outcome | None = None
    """What the carrier says of a call of ours that nobody took; None: nothing."""
    unheard: bool = False
    """No news of it reached us: the carrier had to be asked."""


class Author(KeptWord):
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
    late: bool = False
    """It has reached us so long after it was sent that words of ours by themselves would answer nothing."""


@dataclass(frozen=True, slots=True)
class MachineAnswered:
    """The carrier takes whatever picked up our call for an answering machine, which records what is said from now on.
    A hint: it is often wrong."""


Event = Began | Pressed | Said | Silent | DialOver | LeftAlone | HungUp | Texted | MachineAnswered
