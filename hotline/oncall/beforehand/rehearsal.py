"""A dry run: who would be rung when, if something happened at a moment and nobody answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from hotline.model import EscalationId, How, StaffId
from hotline.oncall.escalation import (
    Escalation,
    Event,
    Opened,
    Page,
    People,
    Unreached,
    WaitOver,
    open_escalation,
)
from hotline.oncall.escalation_moves import step
from hotline.oncall.policy import Policy

_OPENED: Final[Event] = Opened()
_MOST: Final = 1000
"""Steps of one rehearsal: more than any policy has in an hour."""


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """Somebody is paged."""

    after: timedelta
    """Since it began."""
    staff: StaffId
    how: tuple[How, ...]


def rehearse(
    policy: Policy,
    people: Callable[[datetime], People],
    begins: datetime,
    lasts: timedelta,
    rings_for: timedelta,
) -> tuple[Rehearsed, ...]:
    """Whom this policy pages from `begins` (aware) on for so long, if everybody is free and nobody answers.

    `people`: who is on for it at a moment; `rings_for`: how long a telephone rings that nobody answers. By the very
    rules by which it is done in earnest.
    """
    found: list[Rehearsed] = []
    escalation = open_escalation(EscalationId("rehearsal"), policy, begins)
    rings: dict[StaffId, datetime] = {}
    """Whose telephone rings until when."""
    now, event = begins, _OPENED
    for _ in range(_MOST):
        escalation, asks = step(escalation, event, people(now), now)
        for one in asks:
            if isinstance(one, Page):
                found.append(Rehearsed(now - begins, one.staff, one.how))
                if How.CALL in one.how:
                    rings[one.staff] = now + rings_for
        now, event = _next(escalation, rings)
        if now > begins + lasts:
            break
    return tuple(found)


def _next(escalation: Escalation, rings: dict[StaffId, datetime]) -> tuple[datetime, Event]:
    """What happens next, and when: somebody's telephone has rung out, or the wait is over."""
    first = min(rings, key=lambda staff: rings[staff], default=None)
    wait = escalation.next_at or datetime.max.replace(tzinfo=UTC)
    if first is not None and rings[first] <= wait:
        return rings.pop(first), Unreached(first)
    return wait, WaitOver()
