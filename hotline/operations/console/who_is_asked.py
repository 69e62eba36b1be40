"""Who is asked to take something at this moment, by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hotline.model import StaffId
from hotline.oncall.escalation import EscalationStatus
from hotline.operations.paging import one_ring
from hotline.operations.paging.one_ring import BeingAsked
from hotline.operations.transaction import Transaction
from hotline.store.cases.escalations import EscalationRow


def asked_now(transaction: Transaction, row: EscalationRow | None) -> BeingAsked:
    """Who is asked to take it; nobody, if somebody has it or it is over."""
    reaching = row is not None and row.escalation.status is EscalationStatus.REACHING
    return one_ring.asked(transaction, row) if row is not None and reaching else BeingAsked()


def by_name(people: Iterable[StaffId], names: Mapping[StaffId, str]) -> tuple[str, ...]:
    """Their names, in alphabetical order; who is on the staff no more is left out."""
    return tuple(sorted(names[one] for one in people if one in names))
