"""Who is not put through: which number, who decided that and why, until when; and putting it through again."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue

from hotline.console.board.acting import ActionResult, done, unblocked
from hotline.console.frame import polling
from hotline.console.frame.asking import by_script, current_application
from hotline.console.frame.gate import only
from hotline.console.frame.rights import Right
from hotline.console.frame.signed_in import Person
from hotline.operations.callbacks import undoing
from hotline.operations.console import coordinator
from hotline.operations.conversation import blocking
from hotline.operations.transaction import Transaction
from hotline.store.overviews import crew
from hotline.store.people import blocks


@only(Right.BLOCK)
def show_blocked(person: Person) -> ResponseReturnValue:
    """The whole page."""
    return _drawn(person, "settings/blocked.html")


@only(Right.BLOCK)
def live_blocked(person: Person) -> ResponseReturnValue:
    """The living part; 401 when the session is over."""
    return polling.unchanged() or _drawn(person, "settings/blocked_live.html")


@only(Right.BLOCK)
def unblock_number(person: Person, block_id: str) -> ResponseReturnValue:
    """Put a number through again, and bring back what the block closed, if that is asked."""

    bring_back = request.form.get("bring_back") == "yes"

    def work(transaction: Transaction) -> ActionResult:
        every = blocks.every(transaction.tx, transaction.now)
        found = next((one for one in every if one.id == block_id), None)
        closed = (
            coordinator.unblock(transaction, found.number, None, person.id, bring_back=bring_back)
            if found
            else None
        )
        return unblocked(closed, bring_back=bring_back)

    return done(work, "", url_for("console.blocked"))


def _drawn(person: Person, template: str) -> ResponseReturnValue:
    application = current_application()
    # The page that keeps itself up to date is the same look.
    if not by_script():
        found = application.change(
            lambda transaction: blocking.listed(transaction.tx, transaction.now, by=person.id)
        )
    else:
        found = application.look(lambda transaction: blocks.every(transaction.tx, transaction.now))
    closed = application.look(
        lambda transaction: undoing.closed_by_blocks(transaction, {one.number for one in found})
    )
    return polling.drawn(
        template,
        person,
        blocked=found,
        closed=closed,
        names=application.look(lambda transaction: crew.names(transaction.tx)),
        now=application.clock(),
    )
