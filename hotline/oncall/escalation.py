"""An escalation as data: one attempt to reach a human. `escalation_moves` says how it moves, and what always holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hotline.model import EscalationId, StaffId, Subject
from hotline.oncall.escalation_events import PagingRequest
from hotline.oncall.policy import Policy


class EscalationStatus(StrEnum):
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


Step = tuple[Escalation, tuple[PagingRequest, ...]]
