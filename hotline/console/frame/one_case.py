"""A case, for whoever does something on its page: whether they may read it, and what they are told."""

from __future__ import annotations

from flask import abort, url_for
from flask.typing import ResponseReturnValue

from hotline.console.frame import look_reason, not_done, sight
from hotline.console.frame.asking import answer_words, by_script, current_application, told
from hotline.console.frame.signed_in import Person
from hotline.console.language.speech import translated
from hotline.model import ContactId
from hotline.operations.looking_back import reasons_to_look
from hotline.operations.looking_back.reasons_to_look import WhenAsked
from hotline.operations.texts import threads
from hotline.operations.texts.threads import Thread
from hotline.operations.transaction import Transaction
from hotline.worded import worded

_WHY_FIRST = worded("This case is not one of yours: open its page anew and say why, then do it again.")


def readable(person: Person, contact_id: str) -> Thread:
    """The case, if they may read its page. 404 for what is no contact, 403 for what is not theirs to read."""
    contact = ContactId(contact_id)
    thread = current_application().look(lambda transaction: threads.look(transaction, contact, person.id))
    if thread is None:
        abort(404)
    if not sight.may_read(thread, person.roles):
        abort(403)
    return thread


def opened(person: Person, contact_id: str) -> Thread:
    """The case, for whoever looks at it or writes on it: as `readable`, and for what is not theirs they are asked why
    first, in place of whatever they wanted. In an emergency nobody is kept from it by that."""
    contact, application = ContactId(contact_id), current_application()

    def read(transaction: Transaction) -> tuple[Thread | None, WhenAsked]:
        thread = threads.look(transaction, contact, person.id)
        if thread is None or not sight.may_read(thread, person.roles):
            return thread, WhenAsked.NOT
        return thread, reasons_to_look.when(transaction, thread, person.id)

    thread, asked = application.look(read)
    if thread is None:
        abort(404)
    if not sight.may_read(thread, person.roles):
        abort(403)
    if asked is WhenAsked.FIRST:
        abort(answer_words(_WHY_FIRST, 403) if by_script() else look_reason.ask(contact))
    return thread


def opened_record(person: Person, contact_id: str) -> Thread:
    """The same for whoever fills in its record: 403 for those who may not."""
    thread = opened(person, contact_id)
    if not sight.may_write_record(thread, person.roles):
        abort(403)
    return thread


def told_of_case(
    contact_id: str, words: str, *, good: bool, part: str | None = None, back: str | None = None
) -> ResponseReturnValue:
    """What came of a button on its page; `part`: where on it they are then; `back`: the page of ours
    on which it was pressed, if that is another. What was typed and is not kept stands on
    a page of its own, where no script keeps it."""
    back = back or url_for("console.thread", contact_id=contact_id, _anchor=part)
    if not good and not by_script() and not_done.is_written():
        return not_done.page(translated(words), back)
    return told(words, back, good=good)
