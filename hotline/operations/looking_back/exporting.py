"""Cases as a file for outside: page by page, so that any number of them takes little memory, and each is written down
as having left before it leaves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from hotline.model import AuditAction, AuditKind, StaffId
from hotline.operations.transaction import Application, Transaction, new_id
from hotline.store.looking_back import exports, found_cases
from hotline.store.looking_back.exports import Export
from hotline.store.looking_back.found_cases import CaseFilter, FoundAt, FoundCase, FoundPage, Sides

AT_ONCE: Final = 200
"""Cases in one transaction."""
LONGEST_REASON: Final = 300
NOTICE: Final = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."
"""What goes with every record that leaves: 42 CFR 2.32(a)(2), as in force since 2024-04-16."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A file that was written down as begun."""

    id: str
    wanted: CaseFilter
    sides: Sides


def begin(transaction: Transaction, wanted: CaseFilter, sides: Sides, reason: str, asked_for: str) -> Begun:
    """Write down who takes what, and why. `asked_for`: the filter in words of ours, without a number.

    Raises ValueError without a reason, and for one that is too long.
    """
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise ValueError("a reason is asked")
    one = Export(new_id(), transaction.now, sides.viewer, reason, asked_for)
    exports.begin(transaction.tx, one)
    transaction.audit(AuditAction.EXPORTED, AuditKind.EXPORT, one.id, by=sides.viewer, detail=asked_for)
    return Begun(one.id, wanted, sides)


def cases(application: Application, begun: Begun) -> Iterator[FoundCase]:
    """Each of them, the latest first, written down as having left; at the end, or when nobody reads on, how many they
    were. Raises StoreError."""
    behind: FoundAt | None = None
    sent, more = 0, True
    try:
        while more:
            page = application.change(partial(_page, begun=begun, behind=behind))
            sent += len(page.cases)
            yield from page.cases
            behind, more = page.behind, page.behind is not None
    finally:
        application.change(partial(_ended, export_id=begun.id, by=begun.sides.viewer, sent=sent))


def _page(transaction: Transaction, begun: Begun, behind: FoundAt | None) -> FoundPage:
    page = found_cases.find(transaction.tx, begun.wanted, begun.sides, AT_ONCE, behind)
    exports.add(transaction.tx, begun.id, [one.contact for one in page.cases], len(page.cases))
    return page


def _ended(transaction: Transaction, export_id: str, by: StaffId, sent: int) -> None:
    transaction.audit(AuditAction.EXPORT_ENDED, AuditKind.EXPORT, export_id, by=by, detail=f"{sent} cases")
