"""An emergency whose caller has hung up and can't be called: the number was withheld.

Nobody can do anything for them but close it, so phones don't go on ringing for it. Everybody on call is told once,
while it is rung through the rungs; then, or once somebody has it and does nothing more, it is the supervisors' and
the board's. Only a human closes it. Whoever calls again is a new emergency: nothing ties the two calls together.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from hotline.model import Subject, TimelineWord
from hotline.oncall import escalation as reach
from hotline.operations import staff_member
from hotline.operations.paging import duty, reaching
from hotline.operations.staff import connect
from hotline.operations.transaction import Transaction
from hotline.store.cases import contacts, escalations, timeline
from hotline.store.cases.escalations import EscalationRow

TOLD_AGAIN: Final = timedelta(hours=8)
"""About a shift: then whoever supervises is told of what nobody has closed yet."""
_NOBODY_TO_TELL: Final = timedelta(minutes=15)
"""How soon it is looked whether anybody supervises by now."""
_TOLD: Final = TimelineWord.GONE_TOLD


def is_gone(transaction: Transaction, row: EscalationRow) -> bool:
    """Whether it is an open emergency in which nobody can be reached."""
    rule = row.escalation
    is_open = rule.subject is Subject.EMERGENCY and rule.is_open
    return is_open and not connect.can_be_met(transaction, row)


def everybody_was_told(transaction: Transaction, row: EscalationRow) -> bool:
    """Whether the last rung on which anybody is was rung through since they hung up, and nobody is about to come."""
    rule = row.escalation
    origin = contacts.get(transaction.tx, row.contact_id) if row.contact_id else None
    if origin is None or origin.ended_at is None or rule.next_at is None or rule.nobody or rule.coming:
        return False
    last = rule.round > 1 or rule.rung >= len(rule.policy.rungs) - 1
    began = rule.next_at - rule.policy.rungs[max(rule.rung, 0)].wait - rule.policy.pause
    return last and not rule.queue and origin.ended_at <= began


def rest(transaction: Transaction, row: EscalationRow) -> None:
    """Nobody's phone rings for it any more: supervisors are told, and the board shows it until somebody closes it."""
    told = to_supervisors(transaction, row)
    reaching.tell(transaction, row, reach.Rested(transaction.now + (TOLD_AGAIN if told else _NOBODY_TO_TELL)))


def untouched(transaction: Transaction, row: EscalationRow) -> None:
    """Somebody has it, and hasn't closed it: it stays theirs, and supervisors are told."""
    to_supervisors(transaction, row)
    escalations.save(transaction.tx, replace(row, touched_at=transaction.now))


def to_supervisors(transaction: Transaction, row: EscalationRow) -> bool:
    """Tell the supervisors on duty by text, at most once in `TOLD_AGAIN`; whether anybody has been told."""
    told = [
        one.at for one in timeline.of(transaction.tx, escalation_id=row.escalation.id) if one.what == _TOLD
    ]
    if told and transaction.now < told[-1] + TOLD_AGAIN:
        return True
    supervisors = duty.supervisors(transaction)
    if not supervisors:
        return False
    transaction.note(_TOLD, contact=row.contact_id, escalation=row.escalation.id)
    words = transaction.text("supervisor_gone", REF=row.escalation.id[:4].upper())
    for person in supervisors:
        staff_member.text(transaction, person, words)
    return True
