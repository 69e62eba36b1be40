"""A case, for whoever does something on its page: whether they may read it, and what they are told."""

from __future__ import annotations

from flask import abort, url_for
from flask.typing import ResponseReturnValue

from hotline.console.frame import sight
from hotline.console.frame.asking import current_application, told
from hotline.console.frame.signed_in import Person
from hotline.model import ContactId
from hotline.operations.texts import threads
from hotline.operations.texts.threads import Thread


def readable(person: Person, contact_id: str) -> Thread:
    """The case, if they may read its page. 404 for what is no contact, 403 for what is not theirs to read."""
    contact = ContactId(contact_id)
    thread = current_application().look(lambda transaction: threads.look(transaction, contact, person.id))
    if thread is None:
        abort(404)
    if not sight.may_read(thread, person.roles):
        abort(403)
    return thread


def told_of_case(contact_id: str, words: str, *, good: bool, part: str | None = None) -> ResponseReturnValue:
    """What came of a button on its page; `part`: where on it they are then."""
    return told(words, url_for("console.thread", contact_id=contact_id, _anchor=part), good=good)
