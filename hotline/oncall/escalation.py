"""An escalation as data: one attempt to reach a human. `escalation_moves` says how it moves, and what always holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hotline.model import HELD, EscalationId, How, KeptWord, StaffId, Subject
from hotline.oncall.policy import Policy


class EscalationStatus(KeptWord):
    """Where an escalation stands."""

    REACHING = "reaching"
    ACCEPTED = "accepted"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """One attempt to reach a human. Every datetime is aware and in UTC; `escalation_moves` says what holds."""

    id: EscalationId
    subject: Subject
    policy: Policy
    """A copy: later changes to the centre's policies don't touch it."""
    status: EscalationStatus
    rung: int
    """Index of the rung paged last; -1 before the first."""
    round: int
    """How often the rungs were begun or the last one repeated; 0 until `Opened`."""
    next_at: datetime | None
    opened_at: datetime
    accepted_by: StaffId | None
    accepted_at: datetime | None
    queue: tuple[StaffId, ...]
    """Whoever of this rung has not been paged yet: it is not paged together, or they don't speak the language."""
    ringing: frozenset[StaffId]
    """Whose page is open: the phone rings, or the text has no answer."""
    passed_over: frozenset[StaffId]
    """Those of `ringing` who were on a later rung or round too, and were not called again for it."""
    nobody: bool
    """At the last look nobody at all was on, busy or not."""
    coming: frozenset[StaffId] = frozenset()
    """Those of `ringing` who have said by text that they take it, and have not proven that it was them."""
    offered_to: StaffId | None = None
    """Who is asked to take it over from whoever has accepted."""
    knows: frozenset[StaffId] = frozenset()
    """Who has proven that they know of it; kept only if its policy asks for a second one."""

    @property
    def lacks_second(self) -> bool:
        """Whether somebody has it, and too few know of it."""
        wanted = self.policy.acknowledge
        return wanted > 1 and self.status is EscalationStatus.ACCEPTED and len(self.knows) < wanted

    @property
    def is_open(self) -> bool:
        """Whether it still owns anything."""
        return self.status is not EscalationStatus.CLOSED

    @property
    def is_live(self) -> bool:
        """Whether it is for a caller on the line, and no emergency: it is over when they hang up."""
        return self.subject in (*HELD, Subject.CLINICIAN)


def open_escalation(escalation_id: EscalationId, policy: Policy, now: datetime) -> Escalation:
    """An escalation about to begin: `Opened` (or the clock's `WaitOver`) pages the first rung."""
    return Escalation(
        id=escalation_id,
        subject=policy.subject,
        policy=policy,
        status=EscalationStatus.REACHING,
        rung=-1,
        round=0,
        next_at=now,
        opened_at=now,
        accepted_by=None,
        accepted_at=None,
        queue=(),
        ringing=frozenset(),
        passed_over=frozenset(),
        nobody=False,
    )


# --- what can happen to it, and what it asks for ----------------------------------------------------------------


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
class Acknowledged:
    """Somebody has pressed 1 on a call to their verified phone, or said on the console, that they know of it.

    It stays whose it is.
    """

    by: StaffId


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
    | Acknowledged
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


@dataclass(frozen=True, slots=True)
class AskSecond:
    """Look for a second person who is to know of it; somebody has it meanwhile."""


@dataclass(frozen=True, slots=True)
class SecondOver:
    """Nobody is asked any more to know of it."""


PagingRequest = Page | CancelPage | TellTaken | Ring | TellHandedOver | TellNotTaken | AskSecond | SecondOver
Step = tuple[Escalation, tuple[PagingRequest, ...]]


@dataclass(frozen=True, slots=True)
class People:
    """Who can be reached at this moment."""

    on: Mapping[str, tuple[StaffId, ...]]
    """Each name that the policy uses (`Policy.named`), resolved, in order; one that is missing is nobody."""
    busy: frozenset[StaffId]
    """Ringing for something else, or in a call. An emergency rings them all the same."""
    speak: frozenset[StaffId] = frozenset()
    """Who speaks the caller's language, and so comes first within every rung."""
    passed: frozenset[int] = frozenset()
    """Rungs that don't hold at this hour, or for this language, by index: nobody is looked for on them."""


NOBODY: Final = People(on={}, busy=frozenset())
"""For what happens to an escalation whoever is on."""
