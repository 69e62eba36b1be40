"""Every route of the console, with an address at which there is something: for tests that hold for each of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial

from flask.testing import FlaskClient

from hotline.console.reports.drawing.plotter import PLOTTER
from hotline.model import ContactId, Language, Line, PhoneNumber, Role, When
from hotline.operations import incoming_text
from hotline.operations.console import coordinator
from hotline.operations.conversation import caller
from hotline.operations.website import asking_for_call
from hotline.operations.website.asking_for_call import CallMeForm
from hotline.store.cases import callbacks, contacts
from hotline.store.traffic.messages import Media
from tests.console.centre import Centre, press
from tests.console.test_reports_page import Drawn

ALL = "Zoe Best"
"""Who has every role, and so may open everything."""
WRITER, OWED, IN_DANGER, VISITOR = "+16175550177", "+16175550142", "+16175550150", "+16175550188"
PICTURE = "image/jpeg"
_WORDS = "is it the green building"


def addresses(centre: Centre, method: str, of: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each rule that takes this method, and its address: `of` says what stands for each name in it; "x" else."""
    for rule in centre.app.url_map.iter_rules():
        if method in (rule.methods or ()):
            yield rule.rule, re.sub(r"<(?:(\w+)[^:>]*:)?(\w+)>", partial(_name, of), rule.rule)


def _name(of: Mapping[str, str], found: re.Match[str]) -> str:
    return of.get(found[2], "0" if found[1] == "int" else "x")


def furnish(centre: Centre, words: str = _WORDS, media: str = PICTURE) -> dict[str, str]:
    """There is something of everything; what stands for each name in an address.

    `words` are written wherever a caller, or somebody of the staff, writes: by text, on the website, in a record,
    a note, an outcome, the directory; `media` is what a caller's telephone calls its picture.
    """
    centre.add_person(ALL, frozenset(Role))
    centre.app.extensions[PLOTTER] = Drawn()
    client = centre.signed_in(ALL)
    thread = _written(centre, WRITER, words, media)
    _taken(centre)
    danger = _written(centre, IN_DANGER, f"I want to die {words}", media)
    emergency = _taken(centre)
    _written(centre, IN_DANGER, words, media)
    _asked_on_website(centre, words)
    callback = centre.asks_for_callback(OWED)
    centre.claims(ALL, callback)
    row = centre.application.look(lambda transaction: callbacks.get(transaction.tx, callback))
    assert row is not None
    for contact in (thread, danger, row.contact_id):
        _does(client, f"/threads/{contact}/note", note=words)
        _does(client, f"/threads/{contact}/record", substances=words, where=words)
    booked = {"outcome": "booked_intake", "starts": "2026-03-04T10:00", "place": words}
    _does(client, f"/board/callbacks/{callback}/outcome", **booked)
    _does(client, f"/board/callers/{row.contact_id}/block", reason=words, lasting="week")
    entry = {"kinds": "detox", "numbers": "617-555-0190", "hours": "always", "languages": "en"}
    _does(client, "/directory", name=words[:80], notes=words, **entry)
    return {
        "contact_id": row.contact_id,
        "thread": thread,
        "danger": danger,
        "callback_id": callback,
        "escalation_id": emergency,
        "staff_id": centre.people["Ana Lima"],
        "filename": "board.js",
        "language": "en",
        "name": "volume",
    }


def _does(client: FlaskClient, at: str, **form: str) -> None:
    answer = press(client, at, script=True, **form).json
    assert answer is not None
    assert answer["good"], (at, answer)


def _written(centre: Centre, number: str, words: str, media: str) -> ContactId:
    centre.calls += 1
    sent = (Media(media, "ME" + "1" * 32),)
    text = caller.IncomingText(f"SM{centre.calls:032}", PhoneNumber(number), "+16175550100", words, sent)
    centre.application.change(lambda transaction: incoming_text.receive(transaction, text))
    row = centre.application.look(lambda transaction: contacts.open_thread(transaction.tx, text.sender))
    assert row is not None
    return row.id


def _taken(centre: Centre) -> str:
    """The newest of what waits is theirs who may do everything."""
    escalation = centre.escalation()
    take = partial(coordinator.accept, escalation_id=escalation, by=centre.people[ALL])
    centre.application.change(take)
    return escalation


def _asked_on_website(centre: Centre, words: str) -> None:
    form = CallMeForm(
        id="f1",
        number=PhoneNumber(VISITOR),
        line=Line.ADMISSIONS,
        language=Language.EN,
        when=When.NOW,
        message_safe=True,
        text_safe=True,
        agreed=words,
        name=words,
        origin="192.0.2.1",
    )
    centre.application.change(lambda transaction: asking_for_call.ask(transaction, form))
