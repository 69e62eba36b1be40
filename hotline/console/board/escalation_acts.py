"""What the board's buttons do about emergencies and texts: whose they are, and when they are over."""

from __future__ import annotations

from collections.abc import Callable

from flask import abort, request
from flask.typing import ResponseReturnValue

from hotline.console.board.acting import OVER, ActionResult, anchor, done, phone_words, told
from hotline.console.frame import rights
from hotline.console.frame.gate import only
from hotline.console.frame.rights import Right
from hotline.console.frame.signed_in import Person
from hotline.console.language.speech import gettext
from hotline.console.thread.reasons import NOT_HANDED
from hotline.model import EscalationId, StaffId, Subject
from hotline.oncall.escalation import EscalationStatus
from hotline.operations.console import coordinator, reopened_lately, reopening, second_known
from hotline.operations.staff import gone
from hotline.operations.staff.responder import Over, TakenByOther
from hotline.operations.texts import threads
from hotline.operations.transaction import Transaction
from hotline.store.cases import escalations
from hotline.store.cases.escalations import EscalationRow
from hotline.worded import worded

_HELPS = worded(
    "You help with it now, and whoever has it is told. If they are on the line, your phone rings: press 1."
)


@only(Right.HELP_IN_EMERGENCY)
def accept(person: Person, escalation_id: str) -> ResponseReturnValue:
    """Take an emergency, a holding caller or a text."""

    def work(transaction: Transaction) -> ActionResult:
        row = _entitled(transaction, person, escalation_id, rights.to_accept)
        if row is None:
            return ActionResult(OVER, good=False)
        result = coordinator.accept(transaction, row.escalation.id, person.id)
        if row.escalation.subject is Subject.HELP:
            return told(transaction, result, _HELPS)
        return told(transaction, result, phone_words(transaction, row.escalation.id, person.id))

    return done(work, anchor(escalation_id))


@only(Right.HELP_IN_EMERGENCY)
def know(person: Person, escalation_id: str) -> ResponseReturnValue:
    """Say that one knows of what a colleague has: where two must know, that makes two. It stays theirs."""

    def work(transaction: Transaction) -> ActionResult:
        row = _entitled(transaction, person, escalation_id, rights.to_accept)
        if row is None or row.escalation.status is not EscalationStatus.ACCEPTED:
            return ActionResult(OVER, good=False)
        if second_known.know(transaction, row, person.id):
            return ActionResult(gettext("You know it. It stays whose it is, and nobody else is asked."))
        return ActionResult(gettext("Two know of it already."))

    return done(work, anchor(escalation_id))


@only(Right.HELP_IN_EMERGENCY)
def hand_over(person: Person, escalation_id: str) -> ResponseReturnValue:
    """Ask a colleague on shift to take over an emergency or a text of one's own."""
    to = StaffId(request.form.get("to", ""))

    def work(transaction: Transaction) -> ActionResult:
        refused = threads.hand_over(transaction, EscalationId(escalation_id), to, person.id)
        if refused is not None:
            return ActionResult(NOT_HANDED[refused], good=False)
        return ActionResult(gettext("They are asked to take it over. Until they do, it stays yours."))

    return done(work, anchor(escalation_id))


@only(Right.TAKE_OVER)
def take_over(person: Person, escalation_id: str) -> ResponseReturnValue:
    """Take an emergency or a text at once from whoever has it."""

    def work(transaction: Transaction) -> ActionResult:
        result = coordinator.take_over(transaction, EscalationId(escalation_id), person.id)
        return told(transaction, result, gettext("It is yours now. Whoever had it is told."))

    return done(work, anchor(escalation_id))


@only(Right.HELP_IN_EMERGENCY)
def keep(person: Person, escalation_id: str) -> ResponseReturnValue:
    """Still working on an emergency of one's own."""

    def work(transaction: Transaction) -> ActionResult:
        if coordinator.touch(transaction, EscalationId(escalation_id), person.id):
            return ActionResult(gettext("Noted: you are still working on it."))
        return ActionResult(gettext("It is not yours: accept it first."), good=False)

    return done(work, anchor(escalation_id))


@only(Right.HELP_IN_EMERGENCY)
def ring_back(person: Person, escalation_id: str) -> ResponseReturnValue:
    """Ring somebody in an emergency back, without waiting any longer."""

    def work(transaction: Transaction) -> ActionResult:
        row = escalations.get(transaction.tx, EscalationId(escalation_id))
        emergency = row is not None and row.escalation.subject is Subject.EMERGENCY
        if emergency and coordinator.ring_emergency_back(transaction, EscalationId(escalation_id), person.id):
            return ActionResult(gettext("They are being called now."))
        owner = row.escalation.accepted_by if row is not None else None
        if owner is not None and owner != person.id:
            return told(transaction, TakenByOther(owner), "")
        return ActionResult(gettext("There is nobody to call back for this now."), good=False)

    return done(work, anchor(escalation_id))


@only(Right.HELP_IN_EMERGENCY)
def close(person: Person, escalation_id: str) -> ResponseReturnValue:
    """Close an emergency or a text: only a human does that, those who may judge it."""
    was_them = request.form.get("who") == "them"

    def work(transaction: Transaction) -> ActionResult:
        row = escalations.get(transaction.tx, EscalationId(escalation_id))
        # Where nobody can be reached there is nothing to judge: whoever has it, by key or here. Nor is there if they
        # have reopened it themselves by mistake.
        theirs = row is not None and (
            (row.escalation.accepted_by == person.id and gone.is_gone(transaction, row))
            or reopened_lately.may_be_closed_again(transaction, row, person.id)
        )
        if not theirs:
            row = _entitled(transaction, person, escalation_id, rights.to_close)
        if row is not None and coordinator.close(
            transaction, row.escalation.id, person.id, was_them=was_them
        ):
            alone = not coordinator.is_beside_emergency(transaction, row)
            return ActionResult(
                gettext("Closed.")
                if alone
                else gettext("The thread is closed. The emergency in it stays open.")
            )
        return ActionResult(OVER, good=False)

    return done(work, anchor(escalation_id))


@only(Right.HELP_IN_EMERGENCY)
def reopen(person: Person, escalation_id: str) -> ResponseReturnValue:
    """Open again an emergency or a text that was closed too soon: whoever had it, or may accept what is of its kind."""

    def work(transaction: Transaction) -> ActionResult:
        row = escalations.get(transaction.tx, EscalationId(escalation_id))
        if row is None or row.escalation.accepted_by != person.id:
            row = _entitled(transaction, person, escalation_id, rights.to_accept)
        result = reopening.reopen(transaction, row.escalation.id, person.id) if row is not None else Over()
        match result:
            case reopening.Reopened(contact):
                emergency = row is not None and row.escalation.subject is Subject.EMERGENCY
                there = row is None or contact == row.contact_id
                return ActionResult(_open_again(emergency=emergency, there=there))
            case Over():
                return ActionResult(
                    gettext("That was closed more than a day ago: it stays closed."), good=False
                )
            case TakenByOther():
                return told(transaction, result, "")

    return done(work, anchor(escalation_id))


def _open_again(*, emergency: bool, there: bool) -> str:
    if not there:
        return gettext(
            "They have written again since. It is open there, and yours: see %(place)s on the board.",
            place=gettext("Emergencies") if emergency else gettext("Texts"),
        )
    return (
        gettext("It is open again, and yours: see Emergencies on the board.")
        if emergency
        else gettext("It is open again, and yours.")
    )


def _entitled(
    transaction: Transaction, person: Person, escalation_id: str, needed: Callable[[Subject], Right]
) -> EscalationRow | None:
    """The escalation; 403 unless this person may do to its kind what is asked."""
    row = escalations.get(transaction.tx, EscalationId(escalation_id))
    if row is not None and not rights.may(person.roles, needed(row.escalation.subject)):
        abort(403)
    return row
