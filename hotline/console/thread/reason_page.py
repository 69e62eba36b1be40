"""Why somebody opens a case that isn't theirs: asked before it is shown, or, in an emergency, on its page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.console.frame.asking import current_application
from hotline.console.frame.gate import only
from hotline.console.frame.one_case import readable
from hotline.console.frame.rights import Right
from hotline.console.frame.signed_in import Person
from hotline.console.language.speech import Words, gettext
from hotline.model import ContactId
from hotline.operations.looking_back import reasons_to_look
from hotline.store.looking_back.look_reasons import LookReason
from hotline.worded import worded

WORDS: Final[Mapping[LookReason, str]] = Words(
    {
        LookReason.HELPING: "I help a colleague with it",
        LookReason.CALLER_ASKED: "They, or their family, got in touch about it",
        LookReason.REVIEW: "I look at how it was handled",
        LookReason.LEARNING: "I learn from it, with whoever guides me",
        LookReason.COMPLAINT: "A complaint, or something that went wrong",
        LookReason.OTHER: "Something else, in my own words",
    }
)
_UNSAID: Final = worded("Choose what fits best; for something else, say in a few words what it is.")


def ask(contact: ContactId, wrong: str = "") -> Response:
    """The question, in place of the case: nothing of it is on this page."""
    page = render_template("thread/reason.html", contact=contact, reasons=WORDS, wrong=wrong)
    answer = make_response(page)
    answer.status_code = 422 if wrong else 200
    return answer


@only(Right.LOOK)
def give_reason(person: Person, contact_id: str) -> ResponseReturnValue:
    """Keep it, and show the case."""
    contact, application = ContactId(contact_id), current_application()
    readable(person, contact_id)
    chosen, words = request.form.get("reason", ""), request.form.get("words", "")
    if chosen not in set(LookReason):
        return ask(contact, _UNSAID)
    reason = LookReason(chosen)
    kept = application.change(
        lambda transaction: reasons_to_look.give(transaction, contact, person.id, reason, words)
    )
    if not kept:
        return ask(contact, _UNSAID)
    flash(gettext("Thank you. It is written down beside your name."), "good")
    return redirect(url_for("console.thread", contact_id=contact_id), 303)
