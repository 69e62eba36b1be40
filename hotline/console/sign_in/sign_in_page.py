"""Signing in and out."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.console.frame import asking, signed_in
from hotline.console.frame.asking import current_application
from hotline.console.language.speech import gettext
from hotline.console.sign_in import entering, proving
from hotline.console.sign_in.halfway import Halfway
from hotline.console.sign_in.noting import Way, note
from hotline.console.sign_in.proving import Proven
from hotline.lettering import folded_name
from hotline.model import AuditAction, AuditKind
from hotline.operations.sign_in import credentials, single_sign_on
from hotline.operations.transaction import Transaction
from hotline.store.people.staff import StaffRow
from hotline.worded import worded

_WRONG = worded("That name or phone and that password don't belong together. Check both, and try again.")


def show() -> ResponseReturnValue:
    """The form; whoever is signed in already goes on to the board."""
    if signed_in.ticket() is not None:
        return redirect(entering.onward(), 303)
    return _form()


def enter() -> ResponseReturnValue:
    """Name or phone, and password: 303 to where they wanted to go, the form again with 401, or 429: not checked."""
    given, password = request.form.get("who", ""), request.form.get("password", "")
    application = current_application()
    row = application.look(lambda transaction: credentials.whose(transaction, given))
    written = credentials.canonical(given, application.settings.centre.line.countries)
    proven = proving.prove(row, folded_name(written), password)
    if proven is None:
        application.change(lambda transaction: _refuse(transaction, row))
        return _form(given, _WRONG), 401
    if single_sign_on.is_required(application.settings, proven.row.roles):
        label = application.settings.centre.single_sign_on.label
        return _form(given, gettext("Your centre asks you to sign in with %(label)s.", label=label)), 403
    return _let_in(proven)


def leave() -> ResponseReturnValue:
    """Sign out: every copy of this session's cookie is worth nothing from now on."""
    held = signed_in.locked_or_not()

    def end(transaction: Transaction) -> None:
        signed_in.end(transaction)
        if held is not None:
            transaction.audit(AuditAction.SIGN_OUT, AuditKind.SESSION, held.session_id, by=held.person.id)

    current_application().change(end)
    signed_in.forget()
    there = held is not None and held.how == Way.PROVIDER
    return redirect(url_for("console.sign_in", bye=1, there=1 if there else None), 303)


def _let_in(proven: Proven) -> ResponseReturnValue:
    def record(transaction: Transaction) -> str | Halfway | None:
        counts = proving.counts(transaction, proven)
        return entering.after_password(transaction, proven.row, Way.PASSWORD) if counts else None

    reached = current_application().change(record)
    return entering.onwards(proven.row.id, reached) if reached else (_form(wrong=_WRONG), 401)


def _refuse(transaction: Transaction, row: StaffRow | None) -> None:
    """In the history of whoever has that name; of a name that nobody has, only that there was a try."""
    if row is None:
        transaction.audit(AuditAction.SIGN_IN_REFUSED, AuditKind.SESSION, "")
    else:
        note(transaction, row.id, AuditAction.SIGN_IN_REFUSED, Way.PASSWORD)


def _form(given: str = "", wrong: str | None = None) -> str:
    return render_template(
        "sign_in/sign_in.html",
        given=given,
        wrong=wrong,
        onward=asking.local(request.args.get("next", "")),
        over="over" in request.args,
        bye="bye" in request.args,
        there="there" in request.args,
    )
