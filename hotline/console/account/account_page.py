"""Your account: the second step, the password, where you are signed in, and when that was tried.

Whatever changes how somebody signs in asks for their password once more: a page left open must not give their account
away. Tries count as those of signing in do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.console.frame import faults, signed_in
from hotline.console.frame.asking import current_application, sign_in_first
from hotline.console.frame.gate import only
from hotline.console.frame.rights import Right
from hotline.console.frame.signed_in import Person
from hotline.console.sign_in import browser_place, passwords, proving, second_step_page
from hotline.console.sign_in.proving import Proven
from hotline.operations.sign_in import account, credentials, second_proof
from hotline.operations.transaction import Transaction

_WRONG: Final = "That is not your password. Nothing was changed."


@only(Right.LOOK)
def show(person: Person) -> ResponseReturnValue:
    """The page."""
    return _drawn(person)


@only(Right.LOOK)
def begin_second_step(person: Person) -> ResponseReturnValue:
    """Make a secret for their app, which the page then shows; it is asked for nowhere until a code confirms it."""

    def work(transaction: Transaction) -> str:
        second_proof.begin(transaction, person.id)
        return "Let your app read the picture, then type what it shows."

    return _with_password(person, work)


@only(Right.LOOK)
def confirm_second_step(person: Person) -> ResponseReturnValue:
    """The app's first code: the second step is on. The recovery codes, or the page again with 422."""
    given = request.form.get("code", "")

    def work(transaction: Transaction) -> Sequence[str] | timedelta | None:
        codes = second_step_page.counted(
            transaction, person.id, lambda: second_proof.confirm(transaction, person.id, given)
        )
        if codes and not isinstance(codes, timedelta):
            _end_others(transaction, person)
        return codes

    match current_application().change(work):
        case timedelta() as wait:
            return faults.too_soon(wait)
        case None:
            return _drawn(person, second_step_page.WRONG, 422)
        case codes:
            return second_step_page.codes_page(tuple(codes), url_for("console.account"))


@only(Right.LOOK)
def renew_codes(person: Person) -> ResponseReturnValue:
    """New recovery codes in place of the old ones."""
    made: list[str] = []

    def work(transaction: Transaction) -> str:
        if not second_proof.is_on(transaction, person.id):
            raise ValueError("Switch the second step on first: recovery codes stand in for it.")
        made[:] = second_proof.renew_codes(transaction, person.id)
        return ""

    answer = _with_password(person, work)
    return second_step_page.codes_page(tuple(made), url_for("console.account")) if made else answer


@only(Right.LOOK)
def end_second_step(person: Person) -> ResponseReturnValue:
    """Sign in with the password alone from now on, where the centre leaves that to everybody."""

    def work(transaction: Transaction) -> str:
        if second_proof.must_be(transaction):
            raise ValueError("Your centre asks everybody for the second step: it can't be switched off.")
        second_proof.end(transaction, person.id, person.id)
        return "The second step is off: your password alone signs you in."

    return _with_password(person, work)


@only(Right.LOOK)
def set_password(person: Person) -> ResponseReturnValue:
    """Choose another password: every other session of theirs ends, this one goes on."""
    new = request.form.get("new", "")
    wrong = passwords.unusable(new, request.form.get("again", ""))
    if wrong:
        return _drawn(person, wrong, 422)
    hashed = passwords.hash_password(new)
    begun: list[str] = []

    def work(transaction: Transaction) -> str:
        credentials.set_password(transaction, credentials.known(transaction, person.id), hashed)
        begun[:] = [signed_in.begin(transaction, person.id, *_like_here())[1]]
        return "You have another password. Everywhere else you are signed out."

    return _with_password(person, work, after=lambda: signed_in.keep(begun[0]))


@only(Right.LOOK)
def leave_elsewhere(person: Person) -> ResponseReturnValue:
    """Every session of theirs ends but this one."""

    def work(transaction: Transaction) -> int:
        return _end_others(transaction, person)

    ended = current_application().change(work)
    flash("You are signed out everywhere else." if ended else "You were signed in nowhere else.", "good")
    return redirect(url_for("console.account"), 303)


def _like_here() -> tuple[str, str]:
    """How this session was begun, and where it is: for the one that takes its place."""
    held = signed_in.ticket()
    return held.how if held else "", browser_place.here()


def _end_others(transaction: Transaction, person: Person) -> int:
    held = signed_in.ticket()
    return account.end_others(transaction, person.id, held.session_id) if held else 0


def _with_password(
    person: Person, work: Callable[[Transaction], str], after: Callable[[], None] = lambda: None
) -> ResponseReturnValue:
    """Do it if the password is theirs: 303 to the page, the page again with 422, or 429: not checked.

    `work` returns what is said, or raises ValueError with why it can't be. `after` is called once it is kept.
    """
    application = current_application()
    row = application.look(lambda transaction: credentials.known(transaction, person.id))
    proven = proving.prove(row, person.id, request.form.get("password", ""))

    def proven_work(transaction: Transaction) -> str | None:
        assert isinstance(proven, Proven)  # noqa: S101 - for mypy
        return work(transaction) if proving.counts(transaction, proven) else None

    if isinstance(proven, timedelta):
        return faults.too_soon(proven)
    try:
        said = application.change(proven_work) if proven else None
    except ValueError as wrong:
        return _drawn(person, str(wrong), 422)
    if said is None:
        return _drawn(person, _WRONG, 422)
    after()
    flash(said, "good")
    return redirect(url_for("console.account"), 303)


def _drawn(person: Person, wrong: str | None = None, status: int = 200) -> ResponseReturnValue:
    held = signed_in.ticket()
    if held is None:
        return sign_in_first()
    found = current_application().look(
        lambda transaction: account.look(transaction, person.id, held.session_id)
    )
    page = render_template(
        "account/account.html",
        person=person,
        found=found,
        picture=second_step_page.drawn(found.setup, person.name) if found.setup else None,
        wrong=wrong,
        shortest=passwords.SHORTEST,
        now=held.looked_at,
    )
    return page, status
