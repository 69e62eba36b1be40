"""Whom did this record reach? One caller's disclosures, as a page, and as a sheet to hand out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from zoneinfo import ZoneInfo

from flask import Response, abort, request
from flask.typing import ResponseReturnValue

from hotline.console.audit.worked_words import worked
from hotline.console.frame import polling
from hotline.console.frame.asking import current_application
from hotline.console.frame.gate import only
from hotline.console.frame.rights import Right
from hotline.console.frame.signed_in import Person
from hotline.console.language.speech import translated
from hotline.console.search.export_sheet import row
from hotline.model import ContactId
from hotline.operations.looking_back import disclosures
from hotline.operations.looking_back.disclosures import Accounted, Disclosure, ReachedBy
from hotline.operations.looking_back.exporting import NOTICE
from hotline.worded import worded

WAYS: Final[Mapping[ReachedBy, str]] = {
    ReachedBy.LOOKED: worded("Looked at the case"),
    ReachedBy.READ_RECORD: worded("Read the admissions record"),
    ReachedBy.SAW_MEDIA: worded("Saw what they sent"),
    ReachedBy.REASON: worded("Said why they look"),
    ReachedBy.WORKED: worded("Worked on it"),
    ReachedBy.RUNG: worded("Was rung for it: not who called"),
    ReachedBy.TEXTED: worded("Was texted that it waits: not who, nor what"),
    ReachedBy.WORDS_TEXTED: worded("Got their words on the phone"),
    ReachedBy.SEARCHED: worded("Searched for the number"),
    ReachedBy.EXPORTED: worded("Took it out in a sheet"),
    ReachedBy.REFERRED: worded("They were connected, or referred, there"),
    ReachedBy.HANDED_OFF: worded("Was told on the phone, before they were put through"),
    ReachedBy.INTERPRETED: worded("Interpreted"),
    ReachedBy.ACCOUNTED: worded("Asked whom it has reached"),
}


@only(Right.EXPORT)
def show_reached(person: Person, contact_id: str) -> ResponseReturnValue:
    """The page."""
    return _drawn(person, _look(person, contact_id), "audit/reached.html")


@only(Right.EXPORT)
def live_reached(person: Person, contact_id: str) -> ResponseReturnValue:
    """The living part, which stays as it was found; 401 when the session is over."""
    if request.if_none_match:
        return polling.timed(Response(status=304))
    return _drawn(person, _look(person, contact_id), "audit/reached_live.html")


@only(Right.EXPORT)
def reached_sheet(person: Person, contact_id: str) -> ResponseReturnValue:
    """The same as CSV, in the same words, with the notice; it names the caller nowhere."""
    found = _look(person, contact_id)
    place = ZoneInfo(current_application().settings.centre.line.timezone)
    lines = [[NOTICE], ["when", "whom", "how", "detail"]]
    lines += [
        [f"{one.at.astimezone(place):%Y-%m-%d %H:%M}", *(translated(words) for words in _words(one))]
        for one in found.times
    ]
    answer = Response("".join(map(row, [*lines, [NOTICE]])), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="disclosures-confidential.csv"'
    return answer


def _words(one: Disclosure) -> tuple[str, str, str]:
    """Whom, how, and what."""
    return one.to, WAYS[one.way], worked(one.detail) if one.way is ReachedBy.WORKED else one.detail


def _look(person: Person, contact_id: str) -> Accounted:
    """Who asks stands among the answers the next time."""
    contact, application = ContactId(contact_id), current_application()
    found = application.look(lambda transaction: disclosures.look(transaction, contact))
    if found is None:
        abort(404)
    application.change(lambda transaction: disclosures.looked(transaction, contact, person.id))
    return found


def _drawn(person: Person, found: Accounted, template: str) -> ResponseReturnValue:
    return polling.drawn(template, person, found=found, words_of=_words, now=found.now)
