"""Whoever is free is rung for the first in the hold, without waiting for the next round of telephones."""

from __future__ import annotations

from hotline.model import EscalationId
from hotline.oncall import escalation as reach
from hotline.oncall.escalation import EscalationStatus
from hotline.operations.due_work import Work, each
from hotline.operations.paging import hold_order, reaching
from hotline.operations.transaction import Transaction
from hotline.store.cases import escalations
from hotline.store.overviews.holding import Holds


def found(transaction: Transaction) -> list[Work]:
    """Callers for whom nobody's phone rings, though somebody's could, the first in the hold first; then those for whom
    one more could ring."""
    waiting = [one for one in hold_order.in_order(transaction) if _is_reaching(one)]
    silent = [one.row.escalation.id for one in waiting if hold_order.could_ring(transaction, one)]
    more = [one.row.escalation.id for one in waiting if hold_order.left_over(transaction, one)]
    return [*each(_ring_who_is_free, silent), *each(_ring_who_is_left_over, more)]


def _ring_who_is_free(transaction: Transaction, escalation_id: EscalationId) -> None:
    holds = _reaching(transaction, escalation_id)
    if holds is None:
        return
    row, kept = holds.row, hold_order.kept_for_others(transaction, holds.row)
    for person in hold_order.could_ring(transaction, holds):
        if person not in kept:
            row = reaching.tell(transaction, row, reach.Summoned(person))


def _ring_who_is_left_over(transaction: Transaction, escalation_id: EscalationId) -> None:
    holds = _reaching(transaction, escalation_id)
    if holds is None:
        return
    row = holds.row
    for person in hold_order.left_over(transaction, holds):
        row = reaching.tell(transaction, row, reach.Summoned(person))


def _reaching(transaction: Transaction, escalation_id: EscalationId) -> Holds | None:
    if escalations.get(transaction.tx, escalation_id) is None:  # its room is held
        return None
    found = (one for one in hold_order.in_order(transaction) if one.row.escalation.id == escalation_id)
    return next((one for one in found if _is_reaching(one)), None)


def _is_reaching(holds: Holds) -> bool:
    return holds.row.escalation.status is EscalationStatus.REACHING
