"""Whoever is free is rung for the first in the hold, without waiting for the next round of telephones."""

from __future__ import annotations

from hotline.model import EscalationId
from hotline.oncall import escalation_events as reach
from hotline.oncall.escalation import Status
from hotline.operations.due_work import Work, each
from hotline.operations.paging import hold_order, reaching
from hotline.operations.transaction import Transaction
from hotline.store import escalations
from hotline.store.escalations import EscalationRow


def found(transaction: Transaction) -> list[Work]:
    """Callers for whom nobody's phone rings, though somebody's could, the first in the hold first; then those for whom
    one more could ring."""
    waiting = [row for row in hold_order.in_order(transaction) if row.escalation.status is Status.REACHING]
    silent = [row.escalation.id for row in waiting if hold_order.could_ring(transaction, row)]
    more = [row.escalation.id for row in waiting if hold_order.left_over(transaction, row)]
    return [*each(_ring_who_is_free, silent), *each(_ring_who_is_left_over, more)]


def _ring_who_is_free(transaction: Transaction, escalation_id: EscalationId) -> None:
    row = _reaching(transaction, escalation_id)
    if row is None:
        return
    kept = hold_order.kept_for_others(transaction, row)
    for person in hold_order.could_ring(transaction, row):
        if person not in kept:
            row = reaching.tell(transaction, row, reach.Summoned(person))


def _ring_who_is_left_over(transaction: Transaction, escalation_id: EscalationId) -> None:
    row = _reaching(transaction, escalation_id)
    if row is None:
        return
    for person in hold_order.left_over(transaction, row):
        row = reaching.tell(transaction, row, reach.Summoned(person))


def _reaching(transaction: Transaction, escalation_id: EscalationId) -> EscalationRow | None:
    row = escalations.get(transaction.tx, escalation_id)
    return row if row is not None and row.escalation.status is Status.REACHING else None
