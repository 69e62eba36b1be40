"""Deliveries: what could not be sent, why, and the button that mends it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from flask import request, url_for
from flask.typing import ResponseReturnValue

from hotline.console.frame import polling
from hotline.console.frame.asking import current_application, told
from hotline.console.frame.gate import only
from hotline.console.frame.rights import Right
from hotline.console.frame.signed_in import Person
from hotline.console.language.speech import Words, gettext
from hotline.model import CallbackId
from hotline.operations.console import undelivered
from hotline.operations.looking_back import mending
from hotline.operations.looking_back.mending import Mended
from hotline.operations.transaction import Transaction


@only(Right.SEE_CALLERS)
def show(person: Person) -> ResponseReturnValue:
    """The whole page."""
    return _drawn(person, "deliveries/deliveries.html")


@only(Right.SEE_CALLERS)
def live(person: Person) -> ResponseReturnValue:
    """The living part; 401 when the session is over."""
    return polling.unchanged() or _drawn(person, "deliveries/deliveries_live.html")


SAID: Final[Mapping[Mended, str]] = Words(
    {
        Mended.GONE: "Not done: it is not there any more, or has changed. Look at the list again.",
        Mended.NOT_SAFE: "Not sent: they have said since that texting there is not safe. Call them instead.",
        Mended.IMPOSSIBLE: "Not sent: texts don't reach them. Call them instead.",
        Mended.NO_NUMBER: "Not done: that is no number that we may call. Write all of it, such as 617-555-0142.",
    }
)


@only(Right.WORK)
def take_off_list(person: Person, trouble_id: str) -> ResponseReturnValue:
    """Somebody has seen to it."""
    return _mended(
        lambda transaction: mending.take_off(transaction, trouble_id, person.id), gettext("Off the list.")
    )


@only(Right.WORK)
def send_again(person: Person, trouble_id: str) -> ResponseReturnValue:
    """The same words once more."""
    return _mended(
        lambda transaction: mending.send_again(transaction, trouble_id, person.id),
        gettext("It is on its way again."),
    )


@only(Right.WORK)
def correct_number(person: Person, trouble_id: str) -> ResponseReturnValue:
    """What is owed there is owed at another number."""
    callback, typed = CallbackId(request.form.get("callback", "")), request.form.get("number", "")[:40]
    return _mended(
        lambda transaction: mending.correct_number(transaction, callback, typed, trouble_id, person.id),
        gettext("Corrected. No message is left there, and no text sent, until they say that it is safe."),
    )


def _mended(work: Callable[[Transaction], Mended], words: str) -> ResponseReturnValue:
    done = current_application().change(work)
    said, good = SAID.get(done, words), done is Mended.DONE
    return told(said, url_for("console.deliveries"), good=good)


def _drawn(person: Person, template: str) -> ResponseReturnValue:
    application = current_application()
    found = application.look(undelivered.look)
    application.change(lambda transaction: undelivered.looked(transaction, person.id))
    return polling.drawn(template, person, found=found, now=found.now)
