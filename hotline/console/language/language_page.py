"""The choice of the language that pages are read in: on the account page, and before anybody has signed in."""

from __future__ import annotations

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from hotline.console.frame import signed_in
from hotline.console.frame.asking import current_application, local
from hotline.console.language import speech
from hotline.console.language.catalogue import OFFERED
from hotline.console.language.speech import gettext
from hotline.model import Language
from hotline.operations.sign_in import account

NAMES = {Language.EN: "English", Language.ES: "Español"}
"""Each in itself: whoever looks for it can read no other."""


def choose_language() -> ResponseReturnValue:
    """Read in another language from now on: 303 back, 400 for one that isn't offered. Whoever is signed in keeps it.

    An empty one leaves it to the browser.
    """
    asked = request.form.get("language", "")
    wanted = next((one for one in OFFERED if one.value == asked), None)
    if asked and wanted is None:
        abort(400)
    held = signed_in.ticket()
    if held is not None:
        current_application().change(lambda transaction: account.read_in(transaction, held.person.id, wanted))
    speech.choose(wanted)
    if held is not None:
        flash(gettext("Pages are in English from now on."), "good")
    return redirect(local(request.form.get("back", "")) or url_for("console.sign_in"), 303)
