"""What holds: every setting with its value, where it was said, and what it is for. Nothing is changed here."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from hotline.console.frame import polling
from hotline.console.frame.asking import current_application
from hotline.console.frame.gate import only
from hotline.console.frame.rights import Right
from hotline.console.frame.signed_in import Person
from hotline.settings.in_force import in_force


@only(Right.SEE_SETTINGS)
def show_settings(person: Person) -> ResponseReturnValue:
    """The whole page."""
    return _drawn(person, "settings/settings.html")


@only(Right.SEE_SETTINGS)
def live_settings(person: Person) -> ResponseReturnValue:
    """The living part; 401 when the session is over."""
    return polling.unchanged() or _drawn(person, "settings/settings_live.html")


def _drawn(person: Person, template: str) -> ResponseReturnValue:
    application = current_application()
    return polling.drawn(
        template,
        person,
        found=in_force(application.settings),
        now=application.clock(),
    )
