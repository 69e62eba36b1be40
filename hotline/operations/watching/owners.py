"""The auditor: every contact, callback, escalation and thread is somebody's. What isn't is a supervisor's at once.

However much it is, they are asked once: whoever takes it finds all of it on the page Readiness.
"""

from __future__ import annotations

from typing import Final

from hotline.model import AuditAction, AuditKind, ContactId, Language, RoomName, Subject
from hotline.oncall.escalation import Escalation, EscalationStatus
from hotline.oncall.wall_clock import shown
from hotline.operations.due_work import each
from hotline.operations.paging import duty, reaching
from hotline.operations.transaction import Application, Transaction, new_id
from hotline.store.cases import escalations
from hotline.store.upkeep import tallies, unowned, warned
from hotline.store.upkeep.unowned import Unowned

TALLY: Final = "unowned"
"""Ever; by kind there are more of them, such as "unowned callback"."""
_KINDS: Final = {
    unowned.UnownedKind.CONTACT: AuditKind.CONTACT,
    unowned.UnownedKind.THREAD: AuditKind.CONTACT,
    unowned.UnownedKind.CALLBACK: AuditKind.CALLBACK,
    unowned.UnownedKind.ESCALATION: AuditKind.ESCALATION,
}


def watch(application: Application) -> int:
    """Bring what has nobody before a supervisor, once a day by the centre's clock as long as it is so; how many there
    were.

    To be called every minute or so. Raises StoreError.
    """
    found = application.look(_untold)
    for one in each(_tell, found):
        application.change(one)
    return len(found)


def _untold(transaction: Transaction) -> list[Unowned]:
    found = unowned.look(transaction.tx, transaction.now)
    told = warned.of(transaction.tx, [_key(transaction, one) for one in found]) if found else frozenset[str]()
    return [one for one in found if _key(transaction, one) not in told]


def _key(transaction: Transaction, one: Unowned) -> str:
    today = shown(transaction.now, duty.clock_of(transaction)).date()
    return f"unowned {one.kind} {one.id} {today}"


def _tell(transaction: Transaction, one: Unowned) -> None:
    # Two clocks may have found it: whoever notes it first tells it.
    if not warned.add_if_new(transaction.tx, _key(transaction, one), transaction.now):
        return
    tallies.count(transaction.tx, TALLY)
    tallies.count(transaction.tx, f"{TALLY} {one.kind}")
    transaction.audit(AuditAction.UNOWNED, _KINDS[one.kind], one.id, detail=one.why)
    if any(_asks_a_supervisor(row.escalation) for row in escalations.all_open(transaction.tx)):
        return
    contact = ContactId(one.contact_id) if one.contact_id is not None else None
    about = reaching.About(RoomName(new_id()), None, Language.EN, contact=contact)
    reaching.open_for(transaction, Subject.SUPERVISOR, about)


def _asks_a_supervisor(escalation: Escalation) -> bool:
    return escalation.subject is Subject.SUPERVISOR and escalation.status is EscalationStatus.REACHING
