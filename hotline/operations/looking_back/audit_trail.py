"""The audit trail, as a page shows it: who did and looked at what, how far it is sealed, and whether that is whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from hotline.model import AuditAction, AuditKind, ContactId, StaffId
from hotline.operations.transaction import Application, Transaction
from hotline.store.looking_back import look_reasons
from hotline.store.overviews import crew
from hotline.store.people import audit
from hotline.store.people.audit import AuditEntry, AuditFilter
from hotline.store.upkeep import audit_chain
from hotline.store.upkeep.audit_chain import BrokenSeal, Head, Tail, Verifying

AT_ONCE: Final = 100
"""Entries on one page."""
CHECKED_AT_ONCE: Final = 20_000
"""Entries that a click checks, the latest; `hotline audit verify` checks all."""
LATELY: Final = timedelta(days=30)
"""Where nothing else is asked, only these are looked through."""
_VIEW_COUNTS_FOR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class TrailPage:
    """Some of the entries, the newest first."""

    now: datetime
    entries: tuple[AuditEntry, ...]
    more: bool
    names: Mapping[StaffId, str]
    places: Mapping[int, int]
    """Of the entries that are sealed, by their number: the seal's."""
    words: Mapping[int, str]
    """Why somebody looked, in their own words; by the entry's number."""
    head: Head
    tail: Tail


@dataclass(frozen=True, slots=True)
class TrailChecked:
    """What a check has found."""

    since: int
    """It began behind this place."""
    until: int
    """And is whole up to this one."""
    broken: BrokenSeal | None


def look(transaction: Transaction, wanted: AuditFilter, before: int | None, *, words: bool) -> TrailPage:
    """One page; `words`: with the reasons that were given in words of their own."""
    if not wanted.subject_begins and wanted.since is None:
        wanted = replace(wanted, since=transaction.now - LATELY)
    tx = transaction.tx
    found = audit.find(tx, wanted, AT_ONCE + 1, before)
    shown = found[:AT_ONCE]
    return TrailPage(
        now=transaction.now,
        entries=tuple(shown),
        more=len(found) > AT_ONCE,
        names=crew.names(tx),
        places=dict(audit_chain.sealed_since(tx, [one.id for one in shown])),
        words=_words(transaction, shown) if words else {},
        head=audit_chain.head(tx),
        tail=audit_chain.tail(tx),
    )


def looked(transaction: Transaction, by: StaffId) -> None:
    """Audited once an hour and person."""
    last = audit.find(
        transaction.tx, AuditFilter(by=by, action=AuditAction.VIEWED_AUDIT, kind=AuditKind.TRAIL), 1
    )
    if not last or transaction.now - last[0].at > _VIEW_COUNTS_FOR:
        transaction.audit(AuditAction.VIEWED_AUDIT, AuditKind.TRAIL, "trail", by=by)


def _words(transaction: Transaction, shown: list[AuditEntry]) -> dict[int, str]:
    asked = [one for one in shown if one.action.startswith(AuditAction.REASON_GIVEN)]
    if not asked:
        return {}
    given = look_reasons.about(transaction.tx, {ContactId(one.subject_id) for one in asked})
    by_look: dict[tuple[str, StaffId | None, datetime], str] = {
        (one.contact, one.by, one.at): one.words for one in given if one.words
    }
    found = ((one.id, by_look.get((one.subject_id, one.staff_id, one.at))) for one in asked)
    return {number: words for number, words in found if words is not None}


def verify(application: Application, by: StaffId) -> TrailChecked:
    """Check the latest entries, from a marked place on, and write down that it was done. Raises StoreError."""
    since = application.look(lambda transaction: audit_chain.marked_before(transaction.tx, CHECKED_AT_ONCE))
    going = Verifying(since)
    while application.look(lambda transaction: going.page(transaction.tx)):
        pass
    found = "broken" if going.broken is not None else "whole"
    application.change(
        lambda transaction: transaction.audit(
            AuditAction.VERIFIED_TRAIL, AuditKind.TRAIL, "trail", by=by, detail=found
        )
    )
    return TrailChecked(since.place, going.head.place, going.broken)
