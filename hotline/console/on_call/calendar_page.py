"""One's own calendar: a private address that is shown once, revoked, and read by programs that sign in nowhere."""

from __future__ import annotations

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline import paths
from hotline.console.frame.asking import current_application
from hotline.console.frame.gate import only
from hotline.console.frame.rights import Right
from hotline.console.frame.signed_in import Person
from hotline.console.language.speech import gettext, translated
from hotline.operations.shifts import calendars
from hotline.operations.shifts.changing_shifts import CannotChange

KEPT = "private, max-age=900"


@only(Right.LOOK)
def make(person: Person) -> ResponseReturnValue:
    """A new address for one's own shifts, or for a schedule; the one before opens no more. It is shown this once."""
    schedule = request.form.get("schedule") or None
    application = current_application()
    try:
        token = application.change(
            lambda transaction: calendars.open_feed(transaction, person.id, schedule, person.id)
        )
    except CannotChange as wrong:
        flash(translated(str(wrong)), "bad")
        return redirect(url_for("console.on_call"), 303)
    address = f"{application.settings.public_base_url.rstrip('/')}{paths.CALENDAR.of(token)}"
    return render_template("on_call/calendar.html", address=address, schedule=schedule)


@only(Right.LOOK)
def revoke(person: Person) -> ResponseReturnValue:
    """The address opens no more."""
    schedule = request.form.get("schedule") or None
    gone = current_application().change(
        lambda transaction: calendars.revoke(transaction, person.id, schedule, person.id)
    )
    flash(gettext("It opens no more.") if gone else gettext("You have none."), "good" if gone else "bad")
    return redirect(url_for("console.on_call"), 303)


def feed(token: str) -> ResponseReturnValue:
    """For whoever has the address: shifts and names of the staff, and nothing of any caller; 404 for any other."""
    found = current_application().look(lambda transaction: calendars.served(transaction, token))
    if found is None:
        abort(404)
    response = Response(found, content_type="text/calendar; charset=utf-8")
    response.headers["Cache-Control"] = KEPT
    response.add_etag()
    return response.make_conditional(request)
