"""What the board's buttons do about whoever calls or writes: answering, calling, planning a call, blocking."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from hotline.console.board.acting import (
    NO_NUMBER,
    ActionResult,
    done,
    on_the_wall,
    phone_words,
    to_come,
    told,
    unasked,
    unblocked,
)
from hotline.console.frame.gate import only
from hotline.console.frame.rights import Right
from hotline.console.frame.signed_in import Person
from hotline.console.language.speech import gettext
from hotline.console.page_words import BLOCKED_FOR, block_ended
from hotline.model import ContactId, TimelineWord
from hotline.operations.callbacks.consent import NoCalls
from hotline.operations.console import coordinator
from hotline.operations.conversation import blocking
from hotline.operations.staff.responder import Over
from hotline.operations.transaction import Transaction
from hotline.store.cases import contacts


@only(Right.WORK)
def answer(person: Person, contact_id: str) -> ResponseReturnValue:
    """Take a caller who holds."""

    def work(transaction: Transaction) -> ActionResult:
        result = coordinator.answer_holding(transaction, ContactId(contact_id), person.id)
        contact = contacts.get(transaction.tx, ContactId(contact_id))
        escalation = contact.escalation_id if contact is not None else None
        return told(
            transaction, result, phone_words(transaction, escalation, person.id) if escalation else ""
        )

    return done(work, f"caller-{contact_id}")


@only(Right.WORK)
def call(person: Person, contact_id: str) -> ResponseReturnValue:
    """Ring one's own phone, then whoever wrote, called, or was not reached."""

    def work(transaction: Transaction) -> ActionResult:
        agreed = request.form.get("agreed") == "yes"
        result = coordinator.call_them(transaction, ContactId(contact_id), person.id, agreed=agreed)
        if isinstance(result, NoCalls):
            return unasked(transaction, result.since)
        if isinstance(result, coordinator.Ringing):
            return ActionResult(gettext("Your phone rings now. Press 1 on it, and the caller is called."))
        if isinstance(result, Over):
            return ActionResult(NO_NUMBER, good=False)
        return told(transaction, result, gettext("It is yours now."))

    return done(work, "callbacks")


@only(Right.WORK)
def plan_call(person: Person, contact_id: str) -> ResponseReturnValue:
    """Write down when whoever wrote or called is to be called."""
    given = request.form.get("later", "")

    def work(transaction: Transaction) -> ActionResult:
        try:
            at = to_come(transaction, given)
        except ValueError as wrong:
            return ActionResult(str(wrong), good=False)
        agreed = request.form.get("agreed") == "yes"
        result = coordinator.plan_call(transaction, ContactId(contact_id), at, person.id, agreed=agreed)
        if isinstance(result, NoCalls):
            return unasked(transaction, result.since)
        if isinstance(result, coordinator.Planned):
            return ActionResult(
                gettext(
                    "Planned: whoever is on is rung for it at %(said)s. It stands among the callbacks.",
                    said=on_the_wall(transaction, at),
                )
            )
        if isinstance(result, Over):
            return ActionResult(NO_NUMBER, good=False)
        return told(transaction, result, "")

    return done(work, "callbacks")


@only(Right.BLOCK)
def block(person: Person, contact_id: str) -> ResponseReturnValue:
    """Keep the number of a caller from being put through for a while. Emergencies always are."""
    reason = request.form.get("reason", "")
    _, lasting = BLOCKED_FOR.get(request.form.get("lasting", ""), ("", None))

    def work(transaction: Transaction) -> ActionResult:
        row = contacts.get(transaction.tx, ContactId(contact_id))
        if row is None or row.caller is None:
            return ActionResult(gettext("There is no number to block."), good=False)
        if lasting is None:
            return ActionResult(gettext("Choose for how long, then block."), good=False)
        try:
            ended = coordinator.block(transaction, row.caller, reason, lasting, person.id)
        except blocking.NotBlocked as refused:
            return ActionResult(str(refused), good=False)
        transaction.note(TimelineWord.BLOCKED, contact=row.id, by=person.id)
        return ActionResult(block_ended(ended))

    return done(work, f"caller-{contact_id}")


@only(Right.BLOCK)
def unblock(person: Person, contact_id: str) -> ResponseReturnValue:
    """Put the number of a caller through again, and bring back what the block closed, if that is asked."""

    bring_back = request.form.get("bring_back") == "yes"

    def work(transaction: Transaction) -> ActionResult:
        row = contacts.get(transaction.tx, ContactId(contact_id))
        closed = (
            coordinator.unblock(transaction, row.caller, row.id, person.id, bring_back=bring_back)
            if row is not None and row.caller is not None
            else None
        )
        return unblocked(closed, bring_back=bring_back)

    return done(work, f"caller-{contact_id}")
