"""Saying why one opens a case that isn't one's own: before it is shown, or, in an emergency, on its page."""

from __future__ import annotations

from typing import Final

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from hotline.console.frame import look_reason
from hotline.console.frame.asking import current_application, local
from hotline.console.frame.gate import only
from hotline.console.frame.one_case import readable
from hotline.console.frame.rights import Right
from hotline.console.frame.signed_in import Person
from hotline.console.language.speech import gettext
from hotline.model import ContactId
from hotline.operations.looking_back import reasons_to_look
from hotline.store.looking_back.look_reasons import LookReason
from hotline.worded import worded

_UNSAID: Final = worded("Choose what fits best; for something else, say in a few words what it is.")


@only(Right.LOOK)
def give_reason(person: Person, contact_id: str) -> ResponseReturnValue:
    """Keep it, and show the case."""
    contact, application = ContactId(contact_id), current_application()
    readable(person, contact_id)
    chosen, words = request.form.get("reason", ""), request.form.get("words", "")
    onward = request.form.get("onward", "")
    if chosen not in set(LookReason):
        return look_reason.ask(contact, _UNSAID, onward)
    reason = LookReason(chosen)
    kept = application.change(
        lambda transaction: reasons_to_look.give(transaction, contact, person.id, reason, words)
    )
    if not kept:
        return look_reason.ask(contact, _UNSAID, onward)
    flash(gettext("Thank you. It is written down beside your name."), "good")
    return redirect(local(onward) or url_for("console.thread", contact_id=contact_id), 303)
