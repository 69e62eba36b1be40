"""Check-up: what was found when everything was looked over last, how old that is, and a button to look again.

Nothing outside is asked while somebody waits for the page: whoever runs the clock looks, and keeps what was found.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from hotline.console.frame import polling
from hotline.console.frame.asking import current_application, told
from hotline.console.frame.gate import only
from hotline.console.frame.rights import Right
from hotline.console.frame.signed_in import Person
from hotline.console.language.speech import Words, gettext
from hotline.operations.checkup import asked_for
from hotline.operations.checkup.finding import Finding, Severity, Topic

_SIGNED: Final = ("by_hand.", "words.signed.")
TOPICS: Final[Mapping[Topic, str]] = Words(
    {
        Topic.SETTINGS: "Settings",
        Topic.ACCOUNT: "Account at the carrier",
        Topic.NUMBERS: "Numbers",
        Topic.OUTAGE: "While nothing of ours answers",
        Topic.TEXTING: "Texts",
        Topic.CALLING: "Our calls to people",
        Topic.MACHINE: "This machine",
        Topic.DATABASE: "Database",
        Topic.BACKUPS: "Backups",
        Topic.PEOPLE: "Staff",
        Topic.WORDS: "What is said",
        Topic.BY_HAND: "What only a person can see",
    }
)


def add(pages: Blueprint) -> None:
    """The page's routes."""
    pages.add_url_rule("/check-up", "checkup", show_checkup)
    pages.add_url_rule("/check-up/live", "live_checkup", live_checkup)
    pages.add_url_rule("/check-up/ask", "ask_checkup", ask_checkup, methods=["POST"])
    pages.add_url_rule("/check-up/sign", "sign_checkup", sign_checkup, methods=["POST"])


@only(Right.CHECK_UP)
def show_checkup(person: Person) -> ResponseReturnValue:
    """The whole page."""
    return _drawn(person, "checkup/checkup.html")


@only(Right.CHECK_UP)
def live_checkup(person: Person) -> ResponseReturnValue:
    """The living part; 401 when the session is over."""
    return polling.unchanged() or _drawn(person, "checkup/checkup_live.html")


@only(Right.CHECK_UP)
def ask_checkup(_person: Person) -> ResponseReturnValue:
    """Have everything looked over now."""
    current_application().change(asked_for.ask)
    return _told(
        gettext("Everything is being looked over. It takes up to a minute; this page shows it by itself."),
        good=True,
    )


@only(Right.CHECK_UP)
def sign_checkup(person: Person) -> ResponseReturnValue:
    """Somebody has looked at what no program can see, and found it so."""
    key, who = request.form.get("key", ""), request.form.get("who", "")
    try:
        current_application().change(lambda transaction: asked_for.sign(transaction, key, who, person.id))
    except ValueError as refused:
        return _told(str(refused), good=False)
    return _told(gettext("Signed."), good=True)


def to_sign(one: Finding) -> str | None:
    """By which name this is signed, if a person signs it."""
    start = next((each for each in _SIGNED if one.key.startswith(each)), None)
    return None if start is None else one.key.removeprefix(start)


def _told(said: str, *, good: bool) -> ResponseReturnValue:
    """To the page's script at once, else on the page."""
    return told(said, url_for("console.checkup"), good=good)


def _drawn(person: Person, template: str) -> ResponseReturnValue:
    last = current_application().look(asked_for.last)
    by_severity = {severity: [one for one in last.found if one.severity is severity] for severity in Severity}
    return polling.drawn(
        template,
        person,
        last=last,
        wrong=by_severity[Severity.WRONG],
        doubtful=by_severity[Severity.DOUBTFUL],
        well=by_severity[Severity.GOOD],
        to_sign=to_sign,
        topics=TOPICS,
        now=last.now,
    )
