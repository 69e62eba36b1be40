"""Whoever is free is rung for the first in the hold, without waiting for the next round of telephones."""

from __future__ import annotations

from hotline.model import EscalationId
from hotline.oncall import events as reach
from hotline.oncall.escalation import Status
from hotline.operations import hold, reaching
from hotline.operations.house import Desk
from hotline.operations.work import Work, each
from hotline.store import escalations
from hotline.store.escalations import EscalationRow


def found(desk: Desk) -> list[Work]:
    """Callers for whom nobody's phone rings, though somebody's could, the first in the hold first; then those for whom
    one more could ring."""
    waiting = [row for row in hold.in_order(desk) if row.escalation.status is Status.REACHING]
    silent = [row.escalation.id for row in waiting if hold.could_ring(desk, row)]
    more = [row.escalation.id for row in waiting if hold.left_over(desk, row)]
    return [*each(_ring_who_is_free, silent), *each(_ring_who_is_left_over, more)]


def _ring_who_is_free(desk: Desk, escalation_id: EscalationId) -> None:
    row = _reaching(desk, escalation_id)
    if row is None:
        return
    kept = hold.kept_for_others(desk, row)
    for person in hold.could_ring(desk, row):
        if person not in kept:
            row = reaching.tell(desk, row, reach.Summoned(person))


def _ring_who_is_left_over(desk: Desk, escalation_id: EscalationId) -> None:
    row = _reaching(desk, escalation_id)
    if row is None:
        return
    for person in hold.left_over(desk, row):
        row = reaching.tell(desk, row, reach.Summoned(person))


def _reaching(desk: Desk, escalation_id: EscalationId) -> EscalationRow | None:
    row = escalations.get(desk.tx, escalation_id)
    return row if row is not None and row.escalation.status is Status.REACHING else None
