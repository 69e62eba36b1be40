"""Who is not put through: which number, who decided that and why, until when; and putting it through again."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue

from hotline.console.frame import polling
from hotline.console.frame.asking import by_script, current_application, told
from hotline.console.frame.gate import only
from hotline.console.frame.rights import Right
from hotline.console.frame.signed_in import Person
from hotline.console.language.speech import gettext
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
    """Put a number through again."""

    def work(transaction: Transaction) -> bool:
        every = blocks.every(transaction.tx, transaction.now)
        found = next((one for one in every if one.id == block_id), None)
        return found is not None and blocking.unblock(
            transaction.tx, found.number, transaction.now, by=person.id
        )

    done = current_application().change(work)
    said = gettext("Not blocked any more.") if done else gettext("That number is not blocked.")
    return told(said, url_for("console.blocked"), good=done)


def _drawn(person: Person, template: str) -> ResponseReturnValue:
    application = current_application()
    # The page that keeps itself up to date is the same look.
    if not by_script():
        found = application.change(
            lambda transaction: blocking.listed(transaction.tx, transaction.now, by=person.id)
        )
    else:
        found = application.look(lambda transaction: blocks.every(transaction.tx, transaction.now))
    return polling.drawn(
        template,
        person,
        blocked=found,
        names=application.look(lambda transaction: crew.names(transaction.tx)),
        now=application.clock(),
    )
