"""Whoever is free is rung for the first in the hold, without waiting for the next round of telephones."""

from __future__ import annotations

from hotline.model import EscalationId
from hotline.oncall import events as reach
from hotline.oncall.escalation import Status
from hotline.operations import hold, reaching
from hotline.operations.house import Desk
from hotline.operations.work import Work, each
from hotline.store import escalations


def found(desk: Desk) -> list[Work]:
    """Callers for whom nobody's phone rings, though somebody's could; the first in the hold first."""
    waiting = [row for row in hold.in_order(desk) if row.escalation.status is Status.REACHING]
    return each(_ring_who_is_free, [row.escalation.id for row in waiting if hold.could_ring(desk, row)])


def _ring_who_is_free(desk: Desk, escalation_id: EscalationId) -> None:
    row = escalations.get(desk.tx, escalation_id)
    if row is None or row.escalation.status is not Status.REACHING:
        return
    kept = hold.kept_for_others(desk, row)
    for person in hold.could_ring(desk, row):
        if person not in kept:
            row = reaching.tell(desk, row, reach.Summoned(person))
