"""Deliveries: what could not be sent, and why."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from hotline.console.frame import polling, signed_in
from hotline.console.frame.asking import current_application, sign_in_first
from hotline.console.frame.gate import only
from hotline.console.frame.rights import Right
from hotline.console.frame.signed_in import Person
from hotline.operations.console import undelivered


@only(Right.SEE_CALLERS)
def show(person: Person) -> ResponseReturnValue:
    """The whole page."""
    return _drawn(person, "deliveries/deliveries.html")


@only(Right.SEE_CALLERS)
def live(person: Person) -> ResponseReturnValue:
    """The living part; 401 when the session is over."""
    return polling.unchanged() or _drawn(person, "deliveries/deliveries_live.html")


def _drawn(person: Person, template: str) -> ResponseReturnValue:
    held = signed_in.ticket()
    if held is None:
        return sign_in_first()
    application = current_application()
    etag = polling.etag(held)
    found = application.look(undelivered.look)
    application.change(lambda transaction: undelivered.looked(transaction, person.id))
    drawn = render_template(template, found=found, person=person, etag=etag, now=found.now)
    return polling.answer(drawn, etag)
