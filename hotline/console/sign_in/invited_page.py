"""A one-time link: who it is for, and their first password, or their next one.

Looking at it uses nothing up, and neither does whatever follows links in texts: the code stands behind the # and is
sent by a form. Once it was right, this browser keeps, signed, which link it is; that opens only the page on which the
password is chosen. A code can't be guessed, so tries aren't counted.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from hotline.console.frame import signed_in
from hotline.console.frame.asking import current_application, current_hasher
from hotline.console.sign_in import entering, passwords
from hotline.console.sign_in.halfway import Halfway
from hotline.model import AuditAction, AuditKind, StaffId
from hotline.operations.sign_in import credentials, inviting
from hotline.operations.sign_in.tried import Way
from hotline.operations.transaction import Transaction
from hotline.store.people.staff import StaffRow
from hotline.store.sign_in.one_time_links import LinkKind, OneTimeLink
from hotline.worded import worded

LASTS: Final = timedelta(minutes=30)
"""To choose a password, once the code was right."""
_HELD: Final = "invited"
_WRONG: Final = worded("That code opens nothing: it works once, and for a while. Ask for a new one.")
_OVER: Final = worded("That link has been used meanwhile, or it is too old. Ask for a new one.")


def show_code() -> ResponseReturnValue:
    """The form for whoever was given a link or a code; with a link, the page's script fills it in."""
    return _code_form()


def use_code() -> ResponseReturnValue:
    """A code: 303 to where the password is chosen, or the form again with 401."""
    code = request.form.get("code", "")
    application = current_application()

    def look(transaction: Transaction) -> OneTimeLink | None:
        found = inviting.whose(transaction, code)
        if found is None:
            transaction.audit(AuditAction.CODE_REFUSED, AuditKind.SESSION, "")
            return None
        signed_in.end(transaction)  # whoever was in before in this browser
        return found[0]

    link = application.change(look)
    if link is None:
        return _code_form(_WRONG), 401
    signed_in.forget()
    session[_HELD] = [link.id, int(application.clock().timestamp())]
    return redirect(url_for("console.welcome"), 303)


def welcome() -> ResponseReturnValue:
    """Who they are to us, and the form for the password; back to the code for whoever has none that counts."""
    found = current_application().look(_opened)
    return _welcome_form(*found) if found else redirect(url_for("console.show_code"), 303)


def choose_password() -> ResponseReturnValue:
    """Choose the password, or, with the glass broken, go in as they are: 303 onwards, or the form again with 422."""
    application = current_application()
    found = application.look(_opened)
    if found is None:
        return _code_form(_OVER), 401
    link, row = found
    hashed: str | None = None
    if link.kind is not LinkKind.BREAK_GLASS:
        password = request.form.get("password", "")
        wrong = passwords.unusable(password, request.form.get("again", ""))
        if wrong:
            return _welcome_form(link, row, wrong), 422
        hashed = passwords.hash_password(password, current_hasher())

    def enter(transaction: Transaction) -> tuple[StaffId, str | Halfway] | None:
        fresh = _opened(transaction)
        if fresh is None:
            return None
        link, row = fresh
        inviting.use(transaction, link)
        if hashed is not None:
            row = credentials.set_password(transaction, row, hashed)
        offered = link.kind is LinkKind.INVITATION
        return row.id, entering.after_password(transaction, row, Way.LINK, offered=offered)

    reached = application.change(enter)
    return entering.onwards(*reached) if reached else (_code_form(_OVER), 401)


def _opened(transaction: Transaction) -> tuple[OneTimeLink, StaffRow] | None:
    match session.get(_HELD):
        case [str(link_id), int(since)] if transaction.now < datetime.fromtimestamp(since, UTC) + LASTS:
            return inviting.opened(transaction, link_id)
        case _:
            return None


def _code_form(wrong: str | None = None) -> str:
    return render_template("sign_in/use_code.html", wrong=wrong)


def _welcome_form(link: OneTimeLink, row: StaffRow, wrong: str | None = None) -> str:
    return render_template(
        "sign_in/welcome.html", link=link, row=row, wrong=wrong, shortest=passwords.SHORTEST
    )
