"""What members of staff have open, and whose it becomes when they have it no more."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from hotline.model import AuditAction, AuditKind, StaffId, Subject
from hotline.oncall import escalation as reach
from hotline.operations.console import coordinator
from hotline.operations.paging import reaching
from hotline.operations.staff import second_person
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks, escalations
from hotline.store.cases.escalations import EscalationRow
from hotline.store.database import Tx
from hotline.store.duty import calendar_feeds
from hotline.store.people import schedules, staff
from hotline.store.people.staff import StaffRow


@dataclass(frozen=True, slots=True)
class Left:
    """What somebody had who has it no more."""

    callbacks: int = 0
    """Back in line, for whoever is free."""
    being_called: int = 0
    """Callbacks on which a call goes on: they stay with the leaver until it ends, and are then back in line."""
    emergencies: int = 0
    """Everybody on call is paged anew."""
    texts: int = 0
    """Everybody on shift is asked anew."""
    schedules: tuple[str, ...] = ()
    """They are on these no more."""
    empty: tuple[str, ...] = ()
    """Of these: nobody is on them now."""
    policies: tuple[Subject, ...] = ()
    """They are named in these, which were left as they are."""


def put_off(transaction: Transaction, row: StaffRow, by: StaffId | None = None) -> Left:
    """Whoever was put off the staff in this transaction has nothing any more: what they had open is other people's."""
    transaction.audit(AuditAction.DEACTIVATED, AuditKind.STAFF, row.id, by=by)
    calendar_feeds.revoke_all(transaction.tx, row.id)
    empty = holds(transaction.tx, row.id).empty
    return replace(let_go(transaction, row.id), empty=empty)


def holds(tx: Tx, person: StaffId, leaving: Collection[StaffId] = ()) -> Left:
    """What they would leave behind if they, and whoever is `leaving`, were put off the staff now. Nothing is done."""
    held = [row for row in callbacks.all_open(tx) if row.callback.owner == person]
    back = sum(row.callback.is_taken for row in held)
    emergencies, texts = _handed_on(tx, person)
    working = {one.id for one in staff.active(tx)} - {person, *leaving}
    on = [one for one in schedules.every(tx) if person in one.named]
    return Left(
        callbacks=back,
        being_called=len(held) - back,
        emergencies=len(emergencies),
        texts=len(texts),
        empty=tuple(one.name for one in on if working.isdisjoint(one.named)),
    )


def let_go(transaction: Transaction, person: StaffId) -> Left:
    """What they have open is other people's from now on; what it was."""
    held = [row for row in callbacks.all_open(transaction.tx) if row.callback.owner == person]
    released = sum(coordinator.release(transaction, row.callback.id, person) for row in held)
    emergencies, texts = _handed_on(transaction.tx, person)
    for row in (*emergencies, *texts):
        reaching.tell(transaction, row, reach.Untouched())
    for row in escalations.accepted_by(transaction.tx, person):
        second_person.leave(transaction, row, person)
    return Left(
        callbacks=released,
        being_called=len(held) - released,
        emergencies=len(emergencies),
        texts=len(texts),
    )


def _handed_on(tx: Tx, person: StaffId) -> tuple[list[EscalationRow], list[EscalationRow]]:
    """Emergencies and texts of theirs: what somebody has beyond a call. A talk goes on until it ends."""
    had = escalations.accepted_by(tx, person)
    emergencies = [row for row in had if row.escalation.subject is Subject.EMERGENCY]
    return emergencies, [row for row in had if row.escalation.subject is Subject.THREAD]
