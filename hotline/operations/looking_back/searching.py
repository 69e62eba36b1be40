"""Searching the cases that ever were: what a side may see, a page at a time. Who names a number is audited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hotline.model import AuditAction, AuditKind, PhoneNumber, StaffId
from hotline.operations.transaction import Transaction
from hotline.store.database.tables import PHONE
from hotline.store.looking_back import found_cases
from hotline.store.looking_back.found_cases import CaseFilter, FoundAt, FoundPage, Sides
from hotline.store.overviews import crew

AT_ONCE: Final = 50
"""Cases on one page."""


@dataclass(frozen=True, slots=True)
class Searched:
    """One page of what was found."""

    now: datetime
    page: FoundPage
    names: Mapping[StaffId, str]
    """Everybody who is or was on the staff."""
    known_for: Mapping[str, str]
    """What the numbers at which these cases reached us are known for, by number as the cases have it."""


def look(
    transaction: Transaction, wanted: CaseFilter | None, sides: Sides, behind: FoundAt | None = None
) -> Searched:
    """What is wanted, the latest first; None: nothing was asked yet."""
    nothing = FoundPage((), None)
    page = found_cases.find(transaction.tx, wanted, sides, AT_ONCE, behind) if wanted is not None else nothing
    known_for = {one.reached_at: transaction.known_for(one.reached_at) for one in page.cases}
    return Searched(transaction.now, page, crew.names(transaction.tx), known_for)


def named_a_number(transaction: Transaction, number: PhoneNumber, by: StaffId) -> None:
    """Somebody searched for this number: its keyed hash is in the audit trail, whatever was found."""
    lookup = transaction.tx.keys.lookup(number.e164, PHONE)
    transaction.audit(AuditAction.SEARCHED, AuditKind.NUMBER, lookup, by=by)
