"""Signing in, unlocking and signing out by the provider: there, and back again.

The way back unlocks a page in a tab of its own, so that what was half written in the locked one is still there.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final, cast

from flask import abort, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from hotline.console.frame import asking, signed_in
from hotline.console.frame.asking import current_application
from hotline.console.language.speech import gettext
from hotline.console.sign_in import client_address, entering, tries
from hotline.console.sign_in.halfway import Halfway
from hotline.console.sign_in.noting import Way, note
from hotline.console.sign_in.tries import Backoff, TooSoon
from hotline.console.single_sign_on.provider import Errand, NotVouched, Provider, ProviderAway
from hotline.model import AuditAction, StaffId
from hotline.operations.sign_in import single_sign_on
from hotline.operations.sign_in.single_sign_on import NotLetIn
from hotline.operations.transaction import Transaction
from hotline.worded import worded

PROVIDER: Final = "hotline.provider"
LASTS: Final = timedelta(minutes=10)
_HELD: Final = "errand"
_PROVEN: Final = timedelta(minutes=2)
"""How long ago they may have proven themselves there for a page to be unlocked by it."""
_BROKEN: Final = worded("That sign-in took too long, or was begun in another browser. Begin again.")
_NOT_VOUCHED: Final = worded(
    "The provider did not vouch for you. Try again; if that goes on, tell your administrator."
)
_AWAY: Final = worded(
    "The provider can't be reached. Your password or passkey works as ever, unless your role must sign in there: then "
    "ask your administrator, who can let you in once."
)


class _Purpose(StrEnum):
    SIGN_IN = "sign in"
    UNLOCK = "unlock"


@dataclass(frozen=True, slots=True)
class _Back:
    """What the browser had kept, and comes back with."""

    errand: Errand
    purpose: _Purpose
    onward: str


def start() -> ResponseReturnValue:
    """To the provider, and afterwards to where they wanted to go."""
    return _leave(_Purpose.SIGN_IN, asking.local(request.args.get("next", "")) or "")


def start_to_unlock() -> ResponseReturnValue:
    """To the provider, where they prove themselves anew; the way back unlocks their page."""
    _provider()
    if signed_in.locked_or_not() is None:
        return asking.sign_in_first()
    return _leave(_Purpose.UNLOCK, "")


def come_back() -> ResponseReturnValue:
    """From the provider: 303 onwards, or the sign-in page with what went wrong."""
    provider = _provider()
    back = _taken()
    if back is None or not hmac.compare_digest(
        back.errand.state.encode(), request.args.get("state", "").encode()
    ):
        return _refused(_BROKEN)
    if "error" in request.args:
        return _refused(_NOT_VOUCHED)
    application = current_application()
    # Whoever makes codes up has us ask the provider: so many times, from one address.
    attempt = _attempt()
    wait = application.change(lambda transaction: tries.take(transaction, attempt))
    if wait:
        raise TooSoon(wait)
    try:
        claims = provider.vouches(back.errand, request.args.get("code", ""), request.args.get("iss"))
    except ProviderAway:
        application.change(lambda transaction: tries.give_back(transaction, attempt))
        return _refused(_AWAY, 503)
    except NotVouched:
        return _refused(_NOT_VOUCHED)
    if back.purpose is _Purpose.UNLOCK:
        return _unlock(dict(claims))

    def enter(transaction: Transaction) -> tuple[StaffId, str | Halfway] | NotLetIn:
        tries.give_back(transaction, attempt)
        try:
            row = single_sign_on.whose(transaction, claims)
        except NotLetIn as refused:
            return _noted(transaction, refused)
        return row.id, entering.after_provider(transaction, row)

    reached = application.change(enter)
    if isinstance(reached, NotLetIn):
        return _refused(str(reached), 403)
    return entering.onwards(*reached, back.onward)


def farewell() -> ResponseReturnValue:
    """Sign out at the provider, too: on a shared computer the next one could come in by its open door."""
    try:
        where = _provider().farewell(f"{current_application().settings.public_base_url}/sign-in")
    except ProviderAway:
        where = None
    if where is None:
        flash(
            gettext("The provider offers no signing out from here, or can't be reached: do it there."), "bad"
        )
        return redirect(url_for("console.sign_in"), 303)
    return redirect(where, 303)


def _leave(purpose: _Purpose, onward: str) -> ResponseReturnValue:
    errand = Errand.new()
    try:
        where = _provider().address(errand, anew=purpose is _Purpose.UNLOCK)
    except ProviderAway:
        return _refused(_AWAY, 503)
    since = int(current_application().clock().timestamp())
    session[_HELD] = [errand.state, errand.nonce, errand.verifier, purpose.value, onward, since]
    return redirect(where, 303)


def _taken() -> _Back | None:
    match session.pop(_HELD, None):
        case [str(state), str(nonce), str(verifier), str(purpose), str(onward), int(since)]:
            over = current_application().clock() >= datetime.fromtimestamp(since, UTC) + LASTS
            return None if over else _Back(Errand(state, nonce, verifier), _Purpose(purpose), onward)
        case _:
            return None


def _unlock(claims: dict[str, object]) -> ResponseReturnValue:
    held = signed_in.locked_or_not()
    if held is None:
        return _refused(_BROKEN)

    def work(transaction: Transaction) -> NotLetIn | None:
        at = single_sign_on.proven_at(claims)
        try:
            row = single_sign_on.whose(transaction, claims)
            if row.id != held.person.id:
                raise NotLetIn(
                    gettext("That is somebody else's account there, and not the one of the locked page.")
                )
            if at is None or transaction.now >= at + _PROVEN:
                raise NotLetIn(
                    gettext("The provider let you through without asking who you are: that unlocks nothing.")
                )
        except NotLetIn as refused:
            return _noted(transaction, NotLetIn(str(refused), held.person.id), Way.UNLOCK_PROVIDER)
        signed_in.unlock(transaction, held)
        note(transaction, row.id, AuditAction.UNLOCK, Way.UNLOCK_PROVIDER, held.session_id)
        return None

    refused = current_application().change(work)
    if refused is not None:
        return _refused(str(refused), 403)
    return render_template("single_sign_on/unlocked.html")


def _noted(transaction: Transaction, refused: NotLetIn, way: Way = Way.PROVIDER) -> NotLetIn:
    if refused.person is not None:
        note(transaction, refused.person, AuditAction.PROVIDER_REFUSED, way)
    return refused


def _attempt() -> tries.Attempt:
    rule = Backoff.read(current_application().settings.centre.console.sign_in_limit)
    address = client_address.client()
    return tries.attempt(str(current_app.secret_key), rule, f"provider {address}", address, None)


def _provider() -> Provider:
    """The centre's; 404 where it has none."""
    found = cast("Provider | None", current_app.extensions[PROVIDER])
    return found if found is not None else abort(404)


def _refused(words: str, status: int = 401) -> ResponseReturnValue:
    return render_template("sign_in/sign_in.html", given="", wrong=words, onward=None), status
