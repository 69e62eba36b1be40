"""Signing in with a passkey: alone, or as the second step; and unlocking a page with one, in place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from flask import Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from hotline.console.frame import asking, signed_in
from hotline.console.frame.asking import answer_words, current_application, sign_in_first
from hotline.console.language.speech import Words, gettext
from hotline.console.sign_in import challenges, entering, halfway
from hotline.console.sign_in.challenges import ChallengePurpose
from hotline.console.sign_in.noting import Way, note
from hotline.model import AuditAction, StaffId
from hotline.operations.sign_in import passkey_proof, single_sign_on
from hotline.operations.sign_in.passkey_proof import PasskeyAsked, PasskeyRefusal
from hotline.operations.transaction import Transaction
from hotline.store.people.staff import StaffRow
from hotline.worded import worded

T = TypeVar("T")
_NONE: Final = worded("You have no passkey for this page: use your password.")
REFUSED: Final = Words(
    {
        PasskeyRefusal.WRONG: "That passkey did not prove who you are. Try once more, or use your password.",
        PasskeyRefusal.ELSEWHERE: "Your centre asks you to sign in with its own provider, not with a passkey.",
        PasskeyRefusal.COPIED: "That passkey has signed less often than before: somebody may have a copy of it. "
        "It opens nothing any more. Use your password, tell your supervisor, and remove it under Your account.",
        PasskeyRefusal.STOPPED: "That passkey opens nothing any more, for somebody may have a copy of it. Use your "
        "password, and remove it under Your account.",
    }
)


def ask() -> ResponseReturnValue:
    """What is to be signed, as JSON: by whoever is halfway in, by one of theirs; else by anybody's."""
    application = current_application()

    def look(transaction: Transaction) -> tuple[PasskeyAsked | None, ChallengePurpose]:
        row = halfway.whose(transaction)
        purpose = ChallengePurpose.SECOND if row else ChallengePurpose.SIGN_IN
        return passkey_proof.ask_to_prove(transaction, row.id if row else None), purpose

    return _asked(*application.look(look))


def enter() -> ResponseReturnValue:
    """A passkey's answer: 303 to where they wanted to go, or the sign-in page with 401."""
    half = current_application().look(halfway.whose)
    way = Way.PASSWORD_PASSKEY if half else Way.PASSKEY

    def begin(transaction: Transaction, row: StaffRow) -> tuple[StaffId, str] | PasskeyRefusal:
        if single_sign_on.is_required(transaction.settings, row.roles) and half is None:
            return PasskeyRefusal.ELSEWHERE
        return row.id, entering.begin(transaction, row.id, way)

    reached = _proven(
        ChallengePurpose.SECOND if half else ChallengePurpose.SIGN_IN, half.id if half else None, way, begin
    )
    if isinstance(reached, PasskeyRefusal):
        page = render_template(
            "sign_in/sign_in.html",
            wrong=REFUSED[reached],
            given="",
            onward=asking.local(request.args.get("next", "")),
        )
        return page, 401
    return entering.entered(*reached)


def ask_to_unlock() -> ResponseReturnValue:
    """What a passkey of whoever is signed in is to sign, as JSON."""
    held = signed_in.locked_or_not()
    if held is None:
        return sign_in_first()
    person = held.person.id
    asked = current_application().look(lambda transaction: passkey_proof.ask_to_prove(transaction, person))
    return _asked(asked, ChallengePurpose.UNLOCK)


def unlock() -> ResponseReturnValue:
    """The page as it was, in place, for whoever is signed in; 403 with why not."""
    held = signed_in.locked_or_not()
    if held is None:
        return sign_in_first()

    def opened(transaction: Transaction, row: StaffRow) -> None:
        signed_in.unlock(transaction, held)
        note(transaction, row.id, AuditAction.UNLOCK, Way.UNLOCK_PASSKEY, held.session_id)

    refused = _proven(ChallengePurpose.UNLOCK, held.person.id, Way.UNLOCK_PASSKEY, opened)
    return answer_words(REFUSED[refused], 403) if refused else jsonify(said=gettext("Unlocked."), good=True)


def _proven(
    purpose: ChallengePurpose, person: StaffId | None, way: Way, then: Callable[[Transaction, StaffRow], T]
) -> T | PasskeyRefusal:
    """Do it for whoever's passkey has answered; or why it proves nothing, which is in the history of its owner."""
    application = current_application()
    taken, answer = challenges.take(purpose, application.clock()), request.form.get("answer", "")
    # What nobody has ever registered costs whoever made it up a look, and us no transaction that writes.
    if taken is None or not application.look(lambda transaction: passkey_proof.is_known(transaction, answer)):
        return PasskeyRefusal.WRONG

    def work(transaction: Transaction) -> T | PasskeyRefusal:
        found = passkey_proof.proves(transaction, taken[0], answer, person)
        if isinstance(found, StaffRow):
            return then(transaction, found)
        refusal, whose = found
        if whose is not None:
            note(transaction, whose, AuditAction.PASSKEY_REFUSED, way)
        return refusal

    return application.change(work)


def _asked(asked: PasskeyAsked | None, purpose: ChallengePurpose) -> ResponseReturnValue:
    if asked is None:
        return answer_words(_NONE, 404)
    challenges.keep(asked, purpose, current_application().clock())
    return Response(asked.options, content_type="application/json")
