"""The second step of signing in: the app's six digits or a recovery code; or, where it must be, setting that up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import segno
from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from hotline.console.frame import asking
from hotline.console.frame.asking import current_application
from hotline.console.sign_in import client_address, entering, halfway, tries
from hotline.console.sign_in.noting import Way, note
from hotline.console.sign_in.tries import Backoff, TooSoon
from hotline.model import AuditAction, StaffId
from hotline.operations.sign_in import passkey_proof, second_proof
from hotline.operations.transaction import Transaction
from hotline.store.people.second_factors import SecondFactorRow
from hotline.store.people.staff import StaffRow
from hotline.worded import worded

T = TypeVar("T")
WRONG = worded(
    "That code is not right, or was used already. Wait for the next one; if that is wrong too, "
    "look whether your phone's clock is right."
)
_SIZE = 5
"""Pixels of a QR code's smallest square."""


@dataclass(frozen=True, slots=True)
class _Entered:
    """They are in: with a session's secret, and the recovery codes if these are new."""

    person: StaffId
    secret: str
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Refused:
    """They aren't: it was checked, and wrong."""


def show() -> ResponseReturnValue:
    """The form; back to the start for whoever is not halfway, or not any more."""
    return _form()


def enter() -> ResponseReturnValue:
    """A code: 303 to where they wanted to go; the form again with 401, or 429: not checked."""
    given, for_now = request.form.get("code", ""), "later" in request.form

    def work(transaction: Transaction) -> _Entered | _Refused | None:
        row = halfway.whose(transaction)
        if row is not None and for_now and _may_wait(transaction, row):
            return _Entered(row.id, entering.begin(transaction, row.id, Way.LINK))
        return None if row is None else _check(transaction, row, given)

    match current_application().change(work):
        case None:
            return _again()
        case _Refused():
            return _form(WRONG)
        case _Entered(person, secret, codes) if codes:
            # First the codes, which are shown this once; from there to where they wanted to go.
            return entering.entered(person, secret, codes_page(codes, entering.onward()))
        case _Entered(person, secret):
            return entering.entered(person, secret)


def _may_wait(transaction: Transaction, row: StaffRow) -> bool:
    """Whether they may go in without a second step for now: it was only offered to them."""
    asked = second_proof.must_be(transaction) or second_proof.is_on(transaction, row.id)
    return halfway.is_offered() and not asked


def _check(transaction: Transaction, row: StaffRow, given: str) -> _Entered | _Refused:
    if second_proof.is_on(transaction, row.id):
        proof = counted(transaction, row.id, lambda: second_proof.proves(transaction, row.id, given))
        codes: tuple[str, ...] = ()
    else:
        made = counted(transaction, row.id, lambda: second_proof.confirm(transaction, row.id, given))
        proof, codes = (second_proof.Proof.APP if made else None), tuple(made or ())
    if proof is None:
        note(transaction, row.id, AuditAction.SECOND_PROOF_REFUSED, Way.APP)
        return _Refused()
    return _Entered(row.id, entering.begin(transaction, row.id, Way(proof.value)), codes)


def counted(transaction: Transaction, person: StaffId, check: Callable[[], T | None]) -> T | None:
    """What `check` finds, None if it is wrong. Raises TooSoon, and it was not checked.

    Counted for those whose password is known already: strangers use no try of theirs up.
    """
    rule = Backoff.read(current_application().settings.centre.console.sign_in_limit)
    secret, address = str(current_app.secret_key), client_address.client()
    attempt = tries.attempt(secret, rule, f"second {person}", address, None)
    wait = tries.take(transaction, attempt)
    if wait:
        raise TooSoon(wait)
    found = check()
    if found is not None:
        tries.give_back(transaction, attempt)
    return found


def drawn(row: SecondFactorRow, name: str) -> tuple[Markup, str]:
    """The QR code that an app reads, and the same as a link, for a browser on the phone that has the app."""
    said = second_proof.address(row, name, current_application().settings.centre.line.name)
    # Made by the library out of our own words: squares, and nothing that was typed.
    return Markup(segno.make(said, error="m").svg_inline(scale=_SIZE, border=4, light="#fff")), said  # noqa: S704


def codes_page(codes: tuple[str, ...], onward: str) -> str:
    """The recovery codes, this once."""
    return render_template("sign_in/recovery_codes.html", codes=codes, onward=onward)


def _form(wrong: str | None = None) -> ResponseReturnValue:
    def look(transaction: Transaction) -> tuple[StaffRow, SecondFactorRow | None, bool, bool] | None:
        row = halfway.whose(transaction)
        if row is None:
            return None
        is_on = second_proof.is_on(transaction, row.id)
        setup = None if is_on else second_proof.begin(transaction, row.id)
        has_app = second_proof.has_app(transaction, row.id)
        return row, setup, has_app, passkey_proof.holds_any(transaction, row.id)

    found = current_application().change(look)
    if found is None:
        return _again()
    row, setup, has_app, has_passkey = found
    page = render_template(
        "sign_in/second_step.html",
        wrong=wrong,
        name=row.name,
        setup=setup,
        picture=drawn(setup, row.name) if setup else None,
        offered=halfway.is_offered(),
        app=has_app,
        passkey=has_passkey,
        onward=asking.local(request.args.get("next", "")),
    )
    return page, 401 if wrong else 200


def _again() -> ResponseReturnValue:
    onward = asking.local(request.args.get("next", ""))
    return redirect(url_for("console.sign_in", next=onward, over=1), 303)
