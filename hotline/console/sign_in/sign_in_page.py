"""Signing in and out, and choosing a password with a one-time code."""

from __future__ import annotations

from datetime import timedelta

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.console.frame import asking, faults, signed_in
from hotline.console.frame.asking import current_application
from hotline.console.sign_in import entering, passwords, proving
from hotline.console.sign_in.halfway import Halfway
from hotline.console.sign_in.proving import Proven
from hotline.lettering import folded_name
from hotline.model import AuditAction, AuditKind, StaffId
from hotline.operations.people import credentials
from hotline.operations.transaction import Transaction

_WRONG = "That name or phone and that password don't belong together. Check both, and try again."
_WRONG_CODE = "That code is not valid for that name or phone: it works once, for a day. Ask for a new one."


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
    match proven:
        case timedelta():
            return faults.too_soon(proven)
        case None:
            application.change(
                lambda transaction: _note(
                    transaction, row.id if row else None, AuditAction.SIGN_IN_REFUSED, ""
                )
            )
            return _form(given, _WRONG), 401
        case Proven():
            return _let_in(proven)


def leave() -> ResponseReturnValue:
    """Sign out: every copy of this session's cookie is worth nothing from now on."""
    held = signed_in.locked_or_not()

    def end(transaction: Transaction) -> None:
        signed_in.end(transaction)
        if held is not None:
            _note(transaction, held.person.id, AuditAction.SIGN_OUT, held.session_id)

    current_application().change(end)
    signed_in.forget()
    return redirect(url_for("console.sign_in", bye=1), 303)


def show_code() -> ResponseReturnValue:
    """The form for whoever was given a one-time code."""
    return _code_form()


def use_code() -> ResponseReturnValue:
    """Choose a password with a one-time code; 303 to the board. A code can't be guessed, so tries aren't counted."""
    given, code, password = (request.form.get(name, "") for name in ("who", "code", "password"))
    if len(password) < passwords.SHORTEST:
        return _code_form(given, code, passwords.TOO_SHORT), 422
    if password != request.form.get("again", ""):
        return _code_form(given, code, "The two passwords were not the same."), 422
    application = current_application()
    row = application.look(lambda transaction: credentials.whose_code(transaction, given, code))
    if row is None:
        application.change(lambda transaction: _note(transaction, None, AuditAction.CODE_REFUSED, ""))
        return _code_form(given, "", _WRONG_CODE), 401
    hashed = passwords.hash_password(password)

    def choose(transaction: Transaction) -> str | Halfway | None:
        fresh = credentials.whose_code(transaction, given, code)
        if fresh is None:
            return None
        return entering.after_password(transaction, credentials.set_password(transaction, fresh, hashed))

    reached = application.change(choose)
    return entering.onwards(row.id, reached) if reached else (_code_form(given, "", _WRONG_CODE), 401)


def _let_in(proven: Proven) -> ResponseReturnValue:
    def record(transaction: Transaction) -> str | Halfway | None:
        counts = proving.counts(transaction, proven)
        return entering.after_password(transaction, proven.row) if counts else None

    reached = current_application().change(record)
    return entering.onwards(proven.row.id, reached) if reached else (_form(wrong=_WRONG), 401)


def _form(given: str = "", wrong: str | None = None) -> str:
    return render_template(
        "sign_in/sign_in.html",
        given=given,
        wrong=wrong,
        onward=asking.local(request.args.get("next", "")),
        over="over" in request.args,
        bye="bye" in request.args,
    )


def _code_form(given: str = "", code: str = "", wrong: str | None = None) -> str:
    shortest = passwords.SHORTEST
    return render_template(
        "sign_in/use_code.html", given=given, code=code, wrong=wrong, shortest=shortest, onward=None
    )


def _note(transaction: Transaction, who: StaffId | None, action: AuditAction, session_id: str) -> None:
    transaction.audit(action, AuditKind.SESSION, session_id, by=who)
