"""Whether a second person knows of what somebody has, where its policy wants two to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hotline.model import StaffId
from hotline.oncall.escalation import EscalationStatus
from hotline.operations.paging import one_ring, reaching
from hotline.operations.transaction import Transaction
from hotline.store.cases import escalations
from hotline.store.cases.escalations import EscalationRow


@dataclass(frozen=True, slots=True)
class SecondShown:
    """How far it is with the second person."""

    known_by: tuple[str, ...]
    """Who knows of it beside the one who has it."""
    phones_ring: tuple[str, ...] = ()
    """Whose phones ring so that they know of it."""
    texted: tuple[str, ...] = ()
    """Who was only texted about that."""
    nobody_on: bool = False
    """Nobody else is on who could be asked."""
    may_be_me: bool = False
    """The viewer can say that they know it."""


def look(
    transaction: Transaction, row: EscalationRow, viewer: StaffId, names: Mapping[StaffId, str]
) -> SecondShown | None:
    """As it is shown to this viewer; None where one is enough, or nobody has it yet."""
    rule = row.escalation
    if rule.policy.acknowledge == 1 or rule.status is not EscalationStatus.ACCEPTED:
        return None
    if not rule.lacks_second:
        others = rule.knows - {rule.accepted_by}
        return SecondShown(tuple(sorted(names[one] for one in others if one in names)))
    asks = escalations.asks_second_of(transaction.tx, rule.id)
    asked = one_ring.asked(transaction, asks) if asks is not None else one_ring.BeingAsked()
    return SecondShown(
        (),
        tuple(sorted(names[one] for one in asked.rung if one in names)),
        tuple(sorted(names[one] for one in asked.texted if one in names)),
        nobody_on=asks is not None and asks.escalation.nobody,
        may_be_me=viewer != rule.accepted_by,
    )


def know(transaction: Transaction, row: EscalationRow, by: StaffId) -> bool:
    """They say that they know it; whether a second was still looked for, and it is them. Whose right it is, the caller
    has checked."""
    if by in row.escalation.knows or not row.escalation.lacks_second:
        return False
    reaching.acknowledge(transaction, row, by)
    return True
