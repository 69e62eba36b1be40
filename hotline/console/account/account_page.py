"""Your account: the second step, passkeys, the password, where you are signed in, and when that was tried.

Whatever changes how somebody signs in asks once more whether it is them (`owner_proof`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.console.account import owner_proof
from hotline.console.account.owner_proof import NotProven
from hotline.console.frame import signed_in
from hotline.console.frame.asking import current_application, current_hasher, sign_in_first
from hotline.console.frame.gate import only
from hotline.console.frame.rights import Right
from hotline.console.frame.signed_in import Person
from hotline.console.language.speech import gettext, translated
from hotline.console.sign_in import browser_place, passwords, second_step_page
from hotline.operations.sign_in import account, credentials, second_proof
from hotline.operations.transaction import Transaction


@only(Right.LOOK)
def show(person: Person) -> ResponseReturnValue:
    """The page."""
    return drawn(person)


@only(Right.LOOK)
def begin_second_step(person: Person) -> ResponseReturnValue:
    """Make a secret for their app, which the page then shows; it is asked for nowhere until a code confirms it."""

    def work(transaction: Transaction) -> str:
        second_proof.begin(transaction, person.id)
        return gettext("Let your app read the picture, then type what it shows.")

    return with_proof(person, work)


@only(Right.LOOK)
def confirm_second_step(person: Person) -> ResponseReturnValue:
    """The app's first code: the second step is on. The recovery codes, or the page again with 422."""
    given = request.form.get("code", "")

    def work(transaction: Transaction) -> Sequence[str] | None:
        codes = second_step_page.counted(
            transaction, person.id, lambda: second_proof.confirm(transaction, person.id, given)
        )
        if codes:
            _end_others(transaction, person)
        return codes

    codes = current_application().change(work)
    if codes is None:
        return drawn(person, second_step_page.WRONG, 422)
    return second_step_page.codes_page(tuple(codes), url_for("console.account"))


@only(Right.LOOK)
def renew_codes(person: Person) -> ResponseReturnValue:
    """New recovery codes in place of the old ones."""
    made: list[str] = []

    def work(transaction: Transaction) -> str:
        if not second_proof.is_on(transaction, person.id):
            raise ValueError(gettext("Switch the second step on first: recovery codes stand in for it."))
        made[:] = second_proof.renew_codes(transaction, person.id)
        return ""

    answer = with_proof(person, work)
    return second_step_page.codes_page(tuple(made), url_for("console.account")) if made else answer


@only(Right.LOOK)
def end_second_step(person: Person) -> ResponseReturnValue:
    """Sign in with the password alone from now on, where the centre leaves that to everybody."""

    def work(transaction: Transaction) -> str:
        account.end_app(transaction, person.id)
        if second_proof.is_on(transaction, person.id):
            return gettext("The app is asked for no more: a passkey is the second step.")
        return gettext("The second step is off: your password alone signs you in.")

    return with_proof(person, work)


@only(Right.LOOK)
def set_password(person: Person) -> ResponseReturnValue:
    """Choose another password: every other session of theirs ends, this one goes on."""
    new = request.form.get("new", "")
    wrong = passwords.unusable(new, request.form.get("again", ""))
    if wrong:
        return drawn(person, wrong, 422)
    hashed = passwords.hash_password(new, current_hasher())
    begun: list[str] = []

    def work(transaction: Transaction) -> str:
        credentials.set_password(transaction, credentials.known(transaction, person.id), hashed)
        begun[:] = [signed_in.begin(transaction, person.id, *_like_here())[1]]
        return gettext("You have another password. Everywhere else you are signed out.")

    return with_proof(person, work, after=lambda: signed_in.keep(begun[0]))


@only(Right.LOOK)
def leave_elsewhere(person: Person) -> ResponseReturnValue:
    """Every session of theirs ends but this one."""

    def work(transaction: Transaction) -> int:
        return _end_others(transaction, person)

    ended = current_application().change(work)
    flash(
        gettext("You are signed out everywhere else.")
        if ended
        else gettext("You were signed in nowhere else."),
        "good",
    )
    return redirect(url_for("console.account"), 303)


def _like_here() -> tuple[str, str]:
    """How this session was begun, and where it is: for the one that takes its place."""
    held = signed_in.ticket()
    return held.how if held else "", browser_place.here()


def _end_others(transaction: Transaction, person: Person) -> int:
    held = signed_in.ticket()
    return account.end_others(transaction, person.id, held.session_id) if held else 0


def with_proof(
    person: Person, work: Callable[[Transaction], str], after: Callable[[], None] = lambda: None
) -> ResponseReturnValue:
    """Do it once it is shown to be them: 303 to the page, the page again with 422, or 429: not checked.

    `work` returns what is said, or raises ValueError with why it can't be. `after` is called once it is kept.
    """
    try:
        said = owner_proof.proven(person, work)
    except (NotProven, ValueError) as wrong:
        return drawn(person, str(wrong), 422)
    after()
    flash(translated(said), "good")
    return redirect(url_for("console.account"), 303)


def drawn(person: Person, wrong: str | None = None, status: int = 200) -> ResponseReturnValue:
    """The page, with what went wrong."""
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
