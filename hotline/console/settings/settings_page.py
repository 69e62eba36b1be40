"""What holds: every setting with its value, where it was said, and what it is for. Nothing is changed here."""

from __future__ import annotations

import re
from typing import Final

from flask import render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from hotline.console.frame import polling, signed_in
from hotline.console.frame.asking import current_application, sign_in_first
from hotline.console.frame.gate import only
from hotline.console.frame.rights import Right
from hotline.console.frame.signed_in import Person
from hotline.settings.in_force import in_force

_CODE: Final = re.compile(r"`([^`]+)`")


def coded(words: str) -> Markup:
    """What stands between backquotes as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(words))))  # noqa: S704


@only(Right.SEE_SETTINGS)
def show_settings(person: Person) -> ResponseReturnValue:
    """The whole page."""
    return _drawn(person, "settings/settings.html")


@only(Right.SEE_SETTINGS)
def live_settings(person: Person) -> ResponseReturnValue:
    """The living part; 401 when the session is over."""
    return polling.unchanged() or _drawn(person, "settings/settings_live.html")


def _drawn(person: Person, template: str) -> ResponseReturnValue:
    held = signed_in.ticket()
    if held is None:
        return sign_in_first()
    etag = polling.etag(held)
    application = current_application()
    drawn = render_template(
        template,
        found=in_force(application.settings),
        person=person,
        etag=etag,
        now=application.clock(),
    )
    return polling.answer(drawn, etag)
