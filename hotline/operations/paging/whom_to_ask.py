"""Whom to ask about an escalation now, and how much it wants them."""

from __future__ import annotations

from dataclasses import replace

from hotline.callbacks.promise import is_late
from hotline.model import StaffId, Subject
from hotline.oncall.attention import Attention, wanted
from hotline.oncall.escalation import People
from hotline.operations.paging import duty, helping, hold_order, night_guard, way_back
from hotline.operations.paging.way_back import WayBack
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks, escalations
from hotline.store.cases.escalations import EscalationRow


def crew_for(transaction: Transaction, row: EscalationRow) -> People:
    """Who is on for it, and can't be had for it now."""
    case, rule = case_of(transaction, row), row.escalation
    language, wants = duty.language_of(transaction, case), wanted_now(transaction, row)
    but = duty.themselves(transaction, case)
    crew = duty.people(transaction, rule.policy, besides=rule.id, language=language, wants=wants, but=but)
    crew = replace(crew, busy=crew.busy | hold_order.not_for(transaction, row, crew))
    if rule.subject is Subject.SECOND:
        crew = duty.without(crew, case.escalation.knows)
    if rule.subject in (Subject.EMERGENCY, Subject.SECOND) and rule.round == 0:
        crew = replace(crew, on=night_guard.let_sleep(transaction, crew.on, crew.busy))
    if rule.subject is Subject.HELP:
        crew = duty.without(crew, _in_it(transaction, row))
    return crew


def _in_it(transaction: Transaction, row: EscalationRow) -> frozenset[StaffId]:
    emergency = helping.emergency_of(transaction, row)
    return helping.in_it(transaction, emergency) if emergency is not None else frozenset()


def wanted_now(transaction: Transaction, row: EscalationRow) -> Attention:
    """Its place in the order for everybody's attention."""
    subject = row.escalation.subject
    if subject is Subject.EMERGENCY:
        return wanted(subject, gone=way_back.of_emergency(transaction, row) is WayBack.GONE)
    owed = (
        callbacks.get(transaction.tx, row.callback_id)
        if subject is Subject.CALLBACK and row.callback_id
        else None
    )
    if owed is None:
        return wanted(subject)
    return wanted(subject, late=is_late(owed.callback, transaction.now), own=owed.callback.owner is not None)


def case_of(transaction: Transaction, row: EscalationRow) -> EscalationRow:
    """What it is about in the end: where a second is asked to know of something, that; else it is that itself."""
    about = escalations.get(transaction.tx, row.second_of) if row.second_of is not None else None
    return about or row
