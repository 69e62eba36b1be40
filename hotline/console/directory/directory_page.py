"""The directory's page: looked through by everybody, word by word as it is typed; edited by supervisors and admins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from flask import abort, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from hotline.console.directory import directory_words
from hotline.console.frame import polling
from hotline.console.frame.asking import by_script, current_application, told
from hotline.console.frame.gate import only
from hotline.console.frame.rights import Right
from hotline.console.frame.signed_in import Person
from hotline.console.language.speech import gettext, translated
from hotline.operations.referrals import opening
from hotline.operations.referrals.opening import Wanted
from hotline.operations.roster import directory_document, directory_load
from hotline.operations.roster.roster_document import Problems
from hotline.operations.transaction import Transaction
from hotline.referral.directory_entry import ALWAYS, ANY_LANGUAGE, LANGUAGES, ReferralKind

_LINES: Final = ("numbers", "hours", "towns")
_TEXTS: Final = ("name", "timezone", "notes", "source")
_FLAGS: Final = ("hand_offs", "phone_menu")


@dataclass(frozen=True, slots=True)
class TypedEntry:
    """What stands in the form of an entry that could not be kept, and why."""

    entry: str = ""
    """Its id; empty: a new one."""
    given: Mapping[str, Any] = field(default_factory=dict)
    wrong: tuple[str, ...] = ()


NOTHING_TYPED: Final = TypedEntry()


@only(Right.LOOK)
def show_directory(person: Person) -> ResponseReturnValue:
    """The whole page; everybody on the staff may look somebody up."""
    return _drawn(person, "directory/directory.html")


@only(Right.LOOK)
def live_directory(person: Person) -> ResponseReturnValue:
    """The living part; 401 when the session is over."""
    return polling.unchanged() or _drawn(person, "directory/directory_live.html")


def _drawn(
    person: Person, template: str, typed: TypedEntry = NOTHING_TYPED, status: int = 200
) -> ResponseReturnValue:
    wanted, retired = _wanted(), request.args.get("retired") == "1"
    application = current_application()
    found = application.look(lambda transaction: opening.listed(transaction, wanted, retired=retired))
    return polling.drawn(
        template,
        person,
        found=found,
        wanted=wanted,
        retired=retired,
        typed=typed,
        said=opening.said,
        entry_words=directory_words,
        kinds=directory_words.KINDS,
        spoken=[one for one in LANGUAGES if one != ANY_LANGUAGE],
        languages=LANGUAGES,
        longest=directory_document.LONGEST_NOTE,
        now=found.now,
        status=status,
    )


def _wanted() -> Wanted:
    given = request.args
    kind = next((one for one in ReferralKind if one.value == given.get("kind")), None)
    language = given.get("language", "")
    return Wanted(
        words=given.get("q", "")[:100],
        kind=kind,
        language=language if language in LANGUAGES else "",
        open_now=given.get("open") == "1",
    )


def names() -> list[str]:
    """Who is in it, by name: to choose from where somebody writes to whom a caller was sent."""
    return current_application().look(opening.names)


@only(Right.DIRECTORY)
def add_entry(person: Person) -> ResponseReturnValue:
    """Add one."""
    return _keep(person, None)


@only(Right.DIRECTORY)
def change_entry(person: Person, entry_id: str) -> ResponseReturnValue:
    """Change one."""
    return _keep(person, entry_id)


def _keep(person: Person, entry_id: str | None) -> ResponseReturnValue:
    given = _given()
    application = current_application()
    line = application.settings.centre.line

    def work(transaction: Transaction) -> bool:
        kept = directory_load.keep(transaction.tx, entry_id, given, transaction.now, line, person.id)
        return kept is not None

    try:
        done = application.change(work)
    except Problems as wrong:
        said = tuple(_problem(one.key, one.what) for one in wrong.found)
        if by_script():
            return jsonify(said=gettext("Not kept. %(what)s", what=" ".join(said)), good=False)
        return _drawn(person, "directory/directory.html", TypedEntry(entry_id or "", given, said), 422)
    if not done:
        abort(404)
    return _said(
        gettext("Kept.") if entry_id else gettext("%(given)s is in the directory now.", given=given["name"])
    )


def _problem(key: str | None, what: str) -> str:
    label = translated(directory_words.LABELS.get(key or "", "")).split(",")[0]
    words = translated(what)
    return f"{label}: {words}." if label else f"{words}."


def _given() -> dict[str, Any]:
    """What the form says, as a file would."""
    form = request.form
    given: dict[str, Any] = {key: form.get(key, "").strip() for key in _TEXTS}
    given["timezone"] = given["timezone"] or current_application().settings.centre.line.timezone
    for key in _LINES:
        lines = form.get(key, "").replace(";", "\n").splitlines()
        given[key] = [one.strip() for one in lines if one.strip()]
    if [one.lower() for one in given["hours"]] == [ALWAYS]:
        given["hours"] = ALWAYS
    given["kinds"], given["languages"] = form.getlist("kinds"), form.getlist("languages")
    return given | {key: form.get(key) == "1" for key in _FLAGS}


@only(Right.DIRECTORY)
def retire_entry(person: Person, entry_id: str) -> ResponseReturnValue:
    """It is offered and shown no more; what was kept of it stays. Or it is brought back."""
    active = {"no": False, "yes": True}.get(request.form.get("active", ""))
    if active is None:
        abort(400)

    def work(transaction: Transaction) -> bool:
        return directory_load.set_active(transaction.tx, entry_id, transaction.now, person.id, active=active)

    if not current_application().change(work):
        abort(404)
    return _said(
        gettext("It is back.") if active else gettext("It is retired: nobody is offered it any more.")
    )


def _said(words: str) -> ResponseReturnValue:
    return told(words, url_for("console.directory"), good=True)
