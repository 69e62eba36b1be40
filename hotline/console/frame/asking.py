"""How somebody asks: by loading a page, or through the board's own script."""

from __future__ import annotations

import re
from typing import cast

from argon2 import PasswordHasher
from flask import Response, current_app, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from hotline.console.language import speech
from hotline.operations.transaction import Application
from hotline.worded import worded

HOUSE = "hotline.console"
HASHED_BY = "hotline.console.hasher"
_LOCAL = re.compile(r"/(?:[\w.~-][\w.~/-]*)?(?:\?[\w.~=&%-]*)?(?:#[\w-]*)?", re.ASCII)


def current_application() -> Application:
    """The application that this app was opened for."""
    return cast(Application, current_app.extensions[HOUSE])


def current_hasher() -> PasswordHasher:
    """At what cost passwords are hashed in this app."""
    return cast(PasswordHasher, current_app.extensions[HASHED_BY])


def by_script() -> bool:
    """Whether the board's own script asks, which wants words and not pages."""
    return request.headers.get("X-Board") == "1"


def by_hand() -> bool:
    """Whether somebody has done something: loaded a page, pressed a button, touched the board."""
    return not by_script() or request.method == "POST" or request.headers.get("X-Touched") == "1"


def typed(name: str) -> str:
    """What somebody typed into this field of the form, empty if it isn't there; a line break is one character, as in
    the browser's count, and not two, as forms send it."""
    return request.form.get(name, "").replace("\r\n", "\n")


def local(address: str) -> str | None:
    """The address if it is a path of our own, else None: nobody is sent elsewhere from here."""
    return address if _LOCAL.fullmatch(address) else None


def sign_in_first() -> ResponseReturnValue:
    """To the sign-in page, and back here afterwards; the script is told with 401."""
    if by_script():
        return answer_words(worded("Your session is over: sign in again."), 401)
    wanted = request.full_path.removesuffix("?") if request.method == "GET" else ""
    back = local(wanted)
    return redirect(url_for("console.sign_in", next=back if back and back != "/" else None), 303)


def told(words: str, back: str, *, good: bool) -> ResponseReturnValue:
    """What came of a button: to the page's script at once, else on the page at the address `back`."""
    said = speech.translated(words)
    if by_script():
        return jsonify(said=said, good=good)
    flash(said, "good" if good else "bad")
    return redirect(back, 303)


def answer_words(words: str, status: int) -> Response:
    """A short answer to the board's script."""
    response = jsonify(said=speech.translated(words), good=status < 400)
    response.status_code = status
    return response
