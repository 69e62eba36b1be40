"""When something goes wrong: a page that says so, in the same style, and what to do now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from flask import Flask, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import BadHost, HTTPException

from hotline.console.frame import signed_in
from hotline.console.frame.asking import answer_words, by_script, sign_in_first
from hotline.console.sign_in.passwords import Busy
from hotline.console.sign_in.tries import TooSoon
from hotline.store.database import Duplicate, Stale, StoreError, Unavailable
from hotline.worded import worded


@dataclass(frozen=True, slots=True)
class Fault:
    """What has happened, and what to do about it."""

    title: str
    advice: str


FAULTS = {
    400: Fault(
        worded("That could not be read"),
        worded("Go back to the board, and try again. Cookies must be allowed for this site."),
    ),
    403: Fault(
        worded("That is not yours to do"),
        worded("Your role does not include it. If you need it, ask a supervisor to change that."),
    ),
    404: Fault(
        worded("There is nothing here"),
        worded("The address may be mistyped, or the page is gone. The board is still there."),
    ),
    405: Fault(worded("That can't be done this way"), worded("Go back to the board, and use its buttons.")),
    409: Fault(
        worded("Somebody else was quicker"),
        worded("It was changed in the same moment. Look at the board, and try again."),
    ),
    413: Fault(
        worded("That was too much"),
        worded("What was sent is larger than anything this page takes. Send less."),
    ),
    429: Fault(
        worded("Too many tries"),
        worded(
            "Please wait a minute, then try again. A one-time link from your supervisor works at once. "
            "Nothing is locked, and phones still ring: you can press 1 there as ever."
        ),
    ),
    500: Fault(
        worded("Something of ours has failed"),
        worded("It was written down. Go back to the board, and try once more."),
    ),
    503: Fault(
        worded("The board can't be reached"),
        worded("Callers are still being answered, and phones still ring. Retrying."),
    ),
}


_FOR_STRANGERS = frozenset(
    {
        "console.enter",
        "console.use_code",
        "console.choose_password",
        "console.take_second_step",
        "console.ask_passkey",
        "console.use_passkey",
        "console.unlock",
        "console.ask_to_unlock",
        "console.unlock_with_passkey",
        "console.choose_language",
    }
)


def install(app: Flask) -> None:
    """Answer every error of the app. A blueprint's own handlers come first, in its own routes."""
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(CSRFError, _without_token)
    app.register_error_handler(StoreError, _store_failed)
    app.register_error_handler(Busy, lambda _: page(429))
    app.register_error_handler(TooSoon, lambda soon: too_soon(soon.wait))


def too_soon(wait: timedelta) -> Response:
    """More tries to sign in than are checked: when the next one is."""
    minutes = max(1, ceil(wait / timedelta(minutes=1)))
    response = page(429, FAULTS[429] if minutes == 1 else _longer(minutes))
    response.headers["Retry-After"] = str(ceil(wait.total_seconds()))
    return response


def _longer(minutes: int) -> Fault:
    advice = worded(
        "Please wait %(minutes)s minutes, then try again. A one-time link from your supervisor works at once. "
        "Nothing is locked, and phones still ring: you can press 1 there as ever.",
        minutes=minutes,
    )
    return Fault(FAULTS[429].title, advice)


def page(status: int, fault: Fault | None = None) -> Response:
    """The page for this status; its words alone, if the board's script asks."""
    fault = fault or FAULTS.get(status) or FAULTS[400 if status < 500 else 500]
    if by_script():
        return answer_words(worded("%(title)s. %(advice)s", title=fault.title, advice=fault.advice), status)
    again = status == 503 and request.method == "GET"
    words = render_template("frame/fault.html", fault=fault, status=status, again=again)
    response = current_app.make_response(words)
    response.status_code = status
    return response


def _refused(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400 or isinstance(error, BadHost):
        # Of a request that names no host, no page of ours can link to anything.
        return error
    response = page(error.code)
    allowed = dict(error.get_headers()).get("Allow")
    if allowed:
        response.headers["Allow"] = allowed
    return response


def _without_token(_: CSRFError) -> ResponseReturnValue:
    """A form of a session that is over belongs before the sign-in page; any other is refused."""
    try:
        stranger = request.endpoint not in _FOR_STRANGERS and signed_in.ticket() is None
    except StoreError as error:
        return _store_failed(error)
    return sign_in_first() if stranger else page(400)


def _store_failed(error: StoreError) -> ResponseReturnValue:
    match error:
        case Unavailable():
            return page(503)
        case Stale() | Duplicate():
            return page(409)
        case _:
            current_app.logger.error("the console's database refused something", exc_info=error)
            return page(500)
