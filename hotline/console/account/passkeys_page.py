"""One's own passkeys: registered, named, removed."""

from __future__ import annotations

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from hotline.console.account import account_page, owner_proof
from hotline.console.account.owner_proof import NotProven
from hotline.console.frame.asking import answer_words, current_application
from hotline.console.frame.gate import only
from hotline.console.frame.rights import Right
from hotline.console.frame.signed_in import Person
from hotline.console.language.speech import gettext
from hotline.console.sign_in import challenges, second_step_page
from hotline.console.sign_in.challenges import ChallengePurpose
from hotline.operations.sign_in import account, credentials, passkey_proof, second_proof
from hotline.operations.sign_in.passkey_proof import CannotRegister, PasskeyAsked
from hotline.operations.transaction import Transaction
from hotline.worded import worded

_LATE = worded("That took too long, or was asked for on another page. Begin again.")


@only(Right.LOOK)
def ask_to_register(person: Person) -> ResponseReturnValue:
    """What makes a new passkey, as JSON, for whoever has just proven that it is their account; else why not."""

    def work(transaction: Transaction) -> PasskeyAsked:
        return passkey_proof.ask_to_register(transaction, credentials.known(transaction, person.id))

    try:
        asked = owner_proof.proven(person, work)
    except (NotProven, CannotRegister) as wrong:
        return answer_words(str(wrong), 422)
    called = request.form.get("name", "")[: passkey_proof.LONGEST_NAME]
    challenges.keep(asked, ChallengePurpose.REGISTER, current_application().clock(), called)
    return Response(asked.options, content_type="application/json")


@only(Right.LOOK)
def register_passkey(person: Person) -> ResponseReturnValue:
    """The device's answer: the passkey is theirs. With the first one come recovery codes, shown this once."""
    taken = challenges.take(ChallengePurpose.REGISTER, current_application().clock())
    if taken is None:
        return account_page.drawn(person, _LATE, 422)
    challenge, called = taken

    def work(transaction: Transaction) -> tuple[str, ...]:
        had = second_proof.is_on(transaction, person.id)
        answer = request.form.get("answer", "")
        passkey_proof.register(transaction, person.id, called, challenge, answer)
        return () if had else tuple(second_proof.renew_codes(transaction, person.id))

    try:
        codes = current_application().change(work)
    except CannotRegister as wrong:
        return account_page.drawn(person, str(wrong), 422)
    if codes:
        return second_step_page.codes_page(codes, url_for("console.account"))
    flash(gettext("The passkey is yours: it signs you in alone."), "good")
    return redirect(url_for("console.account"), 303)


@only(Right.LOOK)
def remove_passkey(person: Person, passkey_id: str) -> ResponseReturnValue:
    """It opens nothing any more."""

    def work(transaction: Transaction) -> str:
        account.remove_passkey(transaction, person.id, passkey_id)
        return gettext("The passkey opens nothing any more.")

    return account_page.with_proof(person, work)
