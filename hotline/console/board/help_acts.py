"""In an emergency of one's own: asking for somebody beside one, and leaving it again (coming is accepting); and writing
to them instead of having them rung."""

from __future__ import annotations

from typing import Final

from flask.typing import ResponseReturnValue

from hotline.console.board.acting import ActionResult, anchor, done
from hotline.console.frame.gate import only
from hotline.console.frame.rights import Right
from hotline.console.frame.signed_in import Person
from hotline.console.language.speech import gettext
from hotline.model import EscalationId, Subject
from hotline.operations.console import coordinator
from hotline.operations.staff import second_person
from hotline.operations.staff.second_person import HelpAsked
from hotline.operations.transaction import Transaction
from hotline.store.cases import escalations
from hotline.store.overviews import crew
from hotline.worded import worded

_NOBODY: Final = worded(
    "Nobody else can be called now. It stays yours. Call a supervisor, or ask again in a while."
)


@only(Right.HELP_IN_EMERGENCY)
def ask_help(person: Person, escalation_id: str) -> ResponseReturnValue:
    """Call somebody to an emergency of one's own."""

    def work(transaction: Transaction) -> ActionResult:
        row = escalations.get(transaction.tx, EscalationId(escalation_id))
        if row is None or row.escalation.subject is not Subject.EMERGENCY:
            return ActionResult(gettext("That is not waiting any more."), good=False)
        call = second_person.ask(transaction, row, person.id)
        match call.result:
            case HelpAsked.NOW | HelpAsked.ALREADY:
                names = crew.names(transaction.tx)
                called = ", ".join(sorted(names[one] for one in call.called if one in names))
                return ActionResult(
                    gettext(
                        "Called now: %(called)s. You are told who comes, and it stays yours.", called=called
                    )
                )
            case HelpAsked.NOBODY:
                return ActionResult(_NOBODY, good=False)
            case HelpAsked.NOT_YOURS:
                return ActionResult(gettext("It is not yours: accept it first."), good=False)

    return done(work, anchor(escalation_id))


@only(Right.HELP_IN_EMERGENCY)
def leave_help(person: Person, escalation_id: str) -> ResponseReturnValue:
    """Help no more with an emergency that is somebody else's."""

    def work(transaction: Transaction) -> ActionResult:
        row = escalations.get(transaction.tx, EscalationId(escalation_id))
        if row is None or not second_person.leave(transaction, row, person.id):
            return ActionResult(gettext("You don't help with that any more."), good=False)
        return ActionResult(gettext("Whoever has it is told that you help no more."))

    return done(work, anchor(escalation_id))


@only(Right.HELP_IN_EMERGENCY)
def write_instead(person: Person, escalation_id: str) -> ResponseReturnValue:
    """Have somebody in an emergency of one's own rung no more by the clock: they can't talk, or one writes to them."""

    def work(transaction: Transaction) -> ActionResult:
        if coordinator.write_instead(transaction, EscalationId(escalation_id), person.id):
            return ActionResult(
                gettext("Their phone isn't rung by itself any more. It stays yours until you close it.")
            )
        return ActionResult(gettext("No call to them is to come, or it is not yours."), good=False)

    return done(work, anchor(escalation_id))
