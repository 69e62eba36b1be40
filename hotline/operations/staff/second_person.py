"""Whoever has an emergency asks for somebody beside them, and it stays theirs.

Whom to ask, how, and whom next, is the emergency's own policy, from its first rung on and without those who are in it
already. Who comes first joins the talk; where nobody talks, they read and write beside the one who has it. If nobody
can, the one who asked is told so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from hotline.model import AuditAction, AuditKind, StaffId, Subject, TimelineWord
from hotline.oncall import escalation as reach
from hotline.oncall.attention import Stage
from hotline.oncall.escalation import EscalationStatus
from hotline.operations import staff_member
from hotline.operations.paging import duty, helping, reaching, telling_staff
from hotline.operations.transaction import Transaction
from hotline.store.cases import escalations
from hotline.store.cases.escalations import EscalationRow


class HelpAsked(StrEnum):
    """What asking has come to."""

    NOW = "now"
    """Phones ring for it."""
    ALREADY = "already"
    NOBODY = "nobody"
    """Nobody else can be called."""
    NOT_YOURS = "not yours"


@dataclass(frozen=True, slots=True)
class HelpCall:
    """What asking has come to, and who is called now."""

    result: HelpAsked
    called: tuple[StaffId, ...] = ()


def ask(transaction: Transaction, row: EscalationRow, by: StaffId, *, by_itself: bool = False) -> HelpCall:
    """Call somebody to this emergency, for whoever has it or helps with it already. `by_itself`: they haven't asked."""
    if row.escalation.status is not EscalationStatus.ACCEPTED or by not in helping.in_it(transaction, row):
        return HelpCall(HelpAsked.NOT_YOURS)
    running = helping.asked_beside(transaction, row.room)
    if running is not None:
        return HelpCall(HelpAsked.ALREADY, tuple(sorted(running.escalation.ringing)))
    policy = replace(row.escalation.policy, subject=Subject.HELP, acknowledge=1)
    about = reaching.About(row.room, row.line, duty.language_of(transaction, row), row.contact_id)
    if not by_itself:
        escalations.save(transaction.tx, replace(row, touched_at=transaction.now))
    opened = reaching.open_for(transaction, Subject.HELP, about, policy).escalation
    asker = None if by_itself else by
    transaction.note(TimelineWord.HELP_ASKED, contact=row.contact_id, escalation=row.escalation.id, by=asker)
    if asker is not None:
        transaction.audit(AuditAction.HELP_ASKED, AuditKind.ESCALATION, row.escalation.id, by=asker)
    if not opened.is_open:
        return HelpCall(HelpAsked.NOBODY)
    return HelpCall(HelpAsked.NOW, tuple(sorted(opened.ringing)))


def ask_if_they_talk(transaction: Transaction, row: EscalationRow) -> None:
    """Danger is written in an emergency: if whoever has it talks on the telephone about something else, others are
    asked beside them."""
    owner = row.escalation.accepted_by
    elsewhere = any(
        call.person == owner and call.stage is Stage.TALKS and call.about != row.escalation.id
        for call in duty.calls(transaction)
    )
    if owner is not None and elsewhere:
        ask(transaction, row, owner, by_itself=True)


def comes(transaction: Transaction, row: EscalationRow, person: StaffId) -> None:
    """Somebody has said that they come: whoever has the emergency is told who. `row`: what was asked.

    They know of the emergency by that: where two must know, nobody else is asked."""
    emergency = helping.emergency_of(transaction, row)
    owner = emergency.escalation.accepted_by if emergency is not None else None
    if emergency is None or owner is None or owner == person:
        return
    reaching.acknowledge(transaction, emergency, person)
    who = staff_member.first_name(transaction, person)
    telling_staff.text_about(transaction, emergency, owner, "help_comes", WHO=who)


def leave(transaction: Transaction, row: EscalationRow, by: StaffId) -> bool:
    """They help no more; whether they did. Whoever has the emergency is told. `row`: what was asked."""
    rule = row.escalation
    if (
        rule.subject is not Subject.HELP
        or rule.status is not EscalationStatus.ACCEPTED
        or rule.accepted_by != by
    ):
        return False
    reaching.tell(transaction, row, reach.Closed(by))
    transaction.note(TimelineWord.HELP_OVER, contact=row.contact_id, escalation=rule.id, by=by)
    emergency = helping.emergency_of(transaction, row)
    owner = emergency.escalation.accepted_by if emergency is not None else None
    if emergency is not None and owner is not None:
        who = staff_member.first_name(transaction, by)
        telling_staff.text_about(transaction, emergency, owner, "help_over", WHO=who)
    return True
