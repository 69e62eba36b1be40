"""Who is asked to take something at this moment, or was asked to take it over and has not, by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hotline.model import StaffId, TimelineWord
from hotline.oncall.escalation import EscalationStatus
from hotline.operations.paging import one_ring
from hotline.operations.paging.one_ring import BeingAsked
from hotline.operations.transaction import Transaction
from hotline.store.cases import timeline
from hotline.store.cases.escalations import EscalationRow


def asked_now(transaction: Transaction, row: EscalationRow | None) -> BeingAsked:
    """Who is asked to take it; nobody, if somebody has it or it is over."""
    reaching = row is not None and row.escalation.status is EscalationStatus.REACHING
    return one_ring.asked(transaction, row) if row is not None and reaching else BeingAsked()


def kept_from(transaction: Transaction, row: EscalationRow, names: Mapping[StaffId, str]) -> str | None:
    """Whom the one who has it has asked to take it over last, in vain; None, if nobody, or somebody is asked now."""
    rule = row.escalation
    if rule.accepted_at is None or rule.offered_to is not None or row.contact_id is None:
        return None
    told = timeline.of_kinds(transaction.tx, [row.contact_id], [TimelineWord.OFFER_REFUSED])
    theirs = [one for one in told if one.escalation_id == rule.id and one.at > rule.accepted_at]
    last = theirs[-1].by_staff if theirs else None
    return names.get(last) if last is not None else None


def by_name(people: Iterable[StaffId], names: Mapping[StaffId, str]) -> tuple[str, ...]:
    """Their names, in alphabetical order; who is on the staff no more is left out."""
    return tuple(sorted(names[one] for one in people if one in names))
