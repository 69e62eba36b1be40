"""Whoever has talked in an emergency for long is offered somebody beside them, or in their place: once."""

from __future__ import annotations

from hotline.model import Subject
from hotline.oncall.escalation import EscalationStatus
from hotline.operations import staff_member
from hotline.operations.due_work import each
from hotline.operations.paging import duty, helping
from hotline.operations.transaction import Application, Transaction
from hotline.store.cases import contacts, escalations
from hotline.store.cases.escalations import EscalationRow
from hotline.store.upkeep import warned
from hotline.triage.contact import ContactState


def watch(application: Application) -> int:
    """Offer it where it is time to; how often it was. To be called every minute or so. Raises StoreError."""
    found = application.look(_long)
    for one in each(_offer, found):
        application.change(one)
    return len(found)


def _long(transaction: Transaction) -> list[EscalationRow]:
    before = transaction.now - transaction.settings.centre.guard.long_call
    running = [
        row
        for row in escalations.all_open(transaction.tx)
        if row.escalation.subject is Subject.EMERGENCY
        and row.escalation.status is EscalationStatus.ACCEPTED
        and row.escalation.accepted_at is not None
        and row.escalation.accepted_at <= before
    ]
    told = warned.of(transaction.tx, [_key(row) for row in running]) if running else frozenset[str]()
    return [row for row in running if _key(row) not in told and _talks(transaction, row)]


def _talks(transaction: Transaction, row: EscalationRow) -> bool:
    there = contacts.ongoing_in(transaction.tx, row.room)
    return any(one.state == ContactState.IN_ROOM for one in there)


def _key(row: EscalationRow) -> str:
    return f"long call {row.escalation.id} {row.escalation.accepted_by}"


def _offer(transaction: Transaction, row: EscalationRow) -> None:
    rule = row.escalation
    if rule.accepted_by is None or not warned.add_if_new(transaction.tx, _key(row), transaction.now):
        return
    minutes = str(int(transaction.settings.centre.guard.long_call.total_seconds() // 60))
    others = duty.whom(transaction, rule.policy) - helping.in_it(transaction, row)
    names = sorted(staff_member.first_name(transaction, one) for one in others)
    words = (
        transaction.text("long_call", MIN=minutes, WHO=", ".join(names))
        if names
        else transaction.text("long_call_alone", MIN=minutes)
    )
    staff_member.text(transaction, rule.accepted_by, words)
