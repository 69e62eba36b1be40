"""The lock: what a page that nobody has touched for a while shows, and how its owner opens it again.

Whatever page it was, it goes on as a board that only watches: how many wait, since when, and the alarm. Nothing of
people leaves the server for it, and nothing can be done on it but to unlock it, to the page that was there.
"""

from __future__ import annotations

from typing import Final

from flask import flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from hotline.console.frame import signed_in
from hotline.console.frame.asking import answer_words, by_script, current_application, local, sign_in_first
from hotline.console.frame.signed_in import Ticket
from hotline.console.language.speech import gettext, translated
from hotline.console.lock import covered_page
from hotline.console.sign_in import proving
from hotline.console.sign_in.noting import Way, note
from hotline.console.sign_in.proving import Proven
from hotline.model import AuditAction
from hotline.operations.transaction import Transaction
from hotline.store.people import staff
from hotline.worded import worded

_LOCKED: Final = worded("Nothing was done: this page is locked. Unlock it, then try again.")
_WRONG: Final = worded("That is not the password.")


def instead(held: Ticket) -> ResponseReturnValue:
    """In place of every page, and of every button."""
    if request.method == "POST":
        if by_script():
            return answer_words(_LOCKED, 423)
        return _back(_LOCKED)
    return covered_page.show(held)


def unlock() -> ResponseReturnValue:
    """With the password of whoever is signed in: back to the page as it was, or 403, or 429: not checked."""
    held = signed_in.locked_or_not()
    if held is None:
        return sign_in_first()
    application = current_application()
    row = application.look(lambda transaction: staff.get(transaction.tx, held.person.id))
    proven = proving.prove(row, held.person.id, request.form.get("password", ""))
    match proven:
        case Proven() if application.change(lambda transaction: _opened(transaction, held, proven)):
            return jsonify(said=gettext("Unlocked."), good=True) if by_script() else _back()
        case _:
            application.change(lambda transaction: _note(transaction, held, AuditAction.UNLOCK_REFUSED))
            return answer_words(_WRONG, 403) if by_script() else _back(_WRONG)


def _opened(transaction: Transaction, held: Ticket, proven: Proven) -> bool:
    if not proving.counts(transaction, proven):
        return False
    signed_in.unlock(transaction, held)
    _note(transaction, held, AuditAction.UNLOCK)
    return True


def _note(transaction: Transaction, held: Ticket, action: AuditAction) -> None:
    note(transaction, held.person.id, action, Way.UNLOCK, held.session_id)


def _back(words: str = "") -> ResponseReturnValue:
    if words:
        flash(translated(words), "bad")
    return redirect(local(request.form.get("back", "")) or url_for("console.board"), 303)
