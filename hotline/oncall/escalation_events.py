"""What can happen to an escalation, and what it asks for in return."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hotline.model import How, StaffId


@dataclass(frozen=True, slots=True)
class Opened:
    """It has just been written down: begin."""


@dataclass(frozen=True, slots=True)
class WaitOver:
    """The clock found `next_at` in the past. An early one changes nothing."""


@dataclass(frozen=True, slots=True)
class Rested:
    """Everybody was told, and nobody can do anything more than close it: no phone rings for it any more."""

    look_at: datetime
    """When the clock looks again (UTC)."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A human pressed 1 on a call to their verified phone, or took it on the console. Nothing else may send this.

    Of what has been accepted already, only whoever it is offered to can accept it.
    """

    by: StaffId


@dataclass(frozen=True, slots=True)
class Claimed:
    """A text from their phone says that they take it. A text is proof of nobody: their phone rings, and whoever
    presses 1 there accepts. Until then everybody else is paged as before."""

    by: StaffId


@dataclass(frozen=True, slots=True)
class Declined:
    """A human said that they can't."""

    by: StaffId


@dataclass(frozen=True, slots=True)
class Unreached:
    """Their phone rang out, was busy or off, was hung up without a key, or a voicemail box answered; or it was called
    off, because it rings for something more pressing now.

    Of whoever has accepted: the call that was to connect them.
    """

    by: StaffId


@dataclass(frozen=True, slots=True)
class Summoned:
    """Page this one person now, whatever the rung. Before `Opened` it puts them before the first rung."""

    staff: StaffId


@dataclass(frozen=True, slots=True)
class LeftByHuman:
    """The leg of the human who had accepted dropped before anything was settled."""


@dataclass(frozen=True, slots=True)
class Offered:
    """Whoever has accepted hands it to this colleague. It stays theirs until the colleague accepts."""

    to: StaffId


@dataclass(frozen=True, slots=True)
class TakenOver:
    """A supervisor takes it from whoever has accepted, at once: they may be out of reach, or out of their depth."""

    by: StaffId


@dataclass(frozen=True, slots=True)
class Untouched:
    """An accepted emergency, or text, on which nobody has worked for too long (15 minutes by default)."""


@dataclass(frozen=True, slots=True)
class Closed:
    """It is settled, or what it was for is gone; `by` is None if no member of staff said so."""

    by: StaffId | None


Event = (
    Opened
    | WaitOver
    | Accepted
    | Claimed
    | Declined
    | Unreached
    | Summoned
    | LeftByHuman
    | Offered
    | TakenOver
    | Untouched
    | Rested
    | Closed
)


@dataclass(frozen=True, slots=True)
class Page:
    """Ring and/or text this person."""

    staff: StaffId
    how: tuple[How, ...]


@dataclass(frozen=True, slots=True)
class CancelPage:
    """Their page is void: stop the phone if it rings."""

    staff: StaffId


@dataclass(frozen=True, slots=True)
class TellTaken:
    """Tell this person who has it."""

    staff: StaffId
    by: StaffId


@dataclass(frozen=True, slots=True)
class Ring:
    """Ring this person for their key, unless their phone rings for it already."""

    staff: StaffId


@dataclass(frozen=True, slots=True)
class TellHandedOver:
    """Tell whoever has handed it over that it is the other's now."""

    staff: StaffId
    to: StaffId


@dataclass(frozen=True, slots=True)
class TellNotTaken:
    """Tell whoever wanted to hand it over that it is still theirs."""

    staff: StaffId
    to: StaffId


PagingRequest = Page | CancelPage | TellTaken | Ring | TellHandedOver | TellNotTaken


@dataclass(frozen=True, slots=True)
class People:
    """Who can be reached at this moment."""

    on: Mapping[str, tuple[StaffId, ...]]
    """Each name that the policy uses (`Policy.named`), resolved, in order; one that is missing is nobody."""
    busy: frozenset[StaffId]
    """Ringing for something else, or in a call. An emergency rings them all the same."""
    speak: frozenset[StaffId] = frozenset()
    """Who speaks the caller's language, and so comes first within every rung."""


NOBODY: Final = People(on={}, busy=frozenset())
"""For what happens to an escalation whoever is on."""
