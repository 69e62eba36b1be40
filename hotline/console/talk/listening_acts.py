"""Letting a trainee hear a talk of one's own, once the caller has agreed, and ending that."""

from __future__ import annotations

from typing import Final

from flask.typing import ResponseReturnValue

from hotline.console.frame.asking import current_application
from hotline.console.frame.gate import only
from hotline.console.frame.one_case import told_of_case
from hotline.console.frame.rights import Right
from hotline.console.frame.signed_in import Person
from hotline.console.language.speech import Words, gettext
from hotline.model import ContactId
from hotline.operations.staff import listening
from hotline.operations.staff.listening import LetIn
from hotline.operations.transaction import Transaction
from hotline.store.cases import contacts

_SAID: Final = Words(
    {
        LetIn.CALLED: "They are called. You and the caller hear a tone when they come, and they can't speak.",
        LetIn.NOBODY: "No trainee who may listen is on with you now, or they are in another talk.",
        LetIn.NO_TALK: "You are not talking with them.",
    }
)


@only(Right.WRITE)
def let_listen(person: Person, contact_id: str) -> ResponseReturnValue:
    """The caller agrees: call the trainees who shadow whoever has the talk. Only who has it may say so."""

    def work(transaction: Transaction) -> LetIn:
        row = contacts.get(transaction.tx, ContactId(contact_id))
        return listening.let_in(transaction, row.room, person.id) if row is not None else LetIn.NO_TALK

    result = current_application().change(work)
    return told_of_case(contact_id, _SAID[result], good=result is LetIn.CALLED)


@only(Right.WRITE)
def end_listening(person: Person, contact_id: str) -> ResponseReturnValue:
    """Nobody hears the talk any more but those who are in it. Only who has it may say so."""

    def work(transaction: Transaction) -> bool:
        row = contacts.get(transaction.tx, ContactId(contact_id))
        if row is None or not listening.has_talk(transaction, row.room, person.id):
            return False
        listening.put_out(transaction, row.room, person.id)
        return True

    done = current_application().change(work)
    return told_of_case(
        contact_id, gettext("Nobody listens any more.") if done else _SAID[LetIn.NO_TALK], good=done
    )
