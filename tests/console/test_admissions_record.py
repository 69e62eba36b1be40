"""The admissions record on a page: kept as it is given, by whom it may be seen, and what follows from it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hotline.callbacks.admissions import CHOICES, RecordField
from hotline.model import CallbackId, ContactId, Role, Subject
from hotline.operations.callbacks import ringing_back
from hotline.operations.console.board import board
from hotline.store.cases import callbacks, escalations
from tests.console.centre import Centre, press
from tests.console.test_live_talks import talked
from tests.console.test_sides import DANGER, WORDS, thread

ANA, BEN, CHLOE, EVE, ADAM = "Ana Lima", "Ben Ortiz", "Chloe Baptiste", "Eve Stone", "Adam Cole"


def owed(centre: Centre, number: str = "+16175550142", line: str = "2") -> tuple[CallbackId, ContactId]:
    """Somebody is to be called back; the callback, and the contact whose page has the record."""
    callback = centre.asks_for_callback(number, line)
    row = centre.application.look(lambda transaction: callbacks.get(transaction.tx, callback))
    assert row is not None
    return callback, row.contact_id


def writes(client: FlaskClient, contact: ContactId, **answers: str) -> TestResponse:
    """Somebody fills in these places, by the script; `was_...`: what stood there."""
    return press(client, f"/threads/{contact}/record", script=True, **_form(answers))


def saves(client: FlaskClient, contact: ContactId, **answers: str) -> TestResponse:
    """The same by the button, without a script."""
    return press(client, f"/threads/{contact}/record", **_form(answers))


def _form(answers: dict[str, str]) -> dict[str, Any]:
    return {f"was-{name[4:]}" if name.startswith("was_") else name: value for name, value in answers.items()}


def test_an_answer_is_kept_as_it_is_given(centre: Centre) -> None:
    """In any order, one at a time; everybody of the admissions side reads it, and it is audited by whom."""
    _, contact = owed(centre)
    ana = centre.signed_in(ANA)
    said = writes(ana, contact, medicines="methadone 80 mg").json
    assert said == {
        "said": "",
        "good": True,
        "kept": {"medicines": "methadone 80 mg"},
        "others": {},
        "record": contact,
        "version": 1,
    }
    assert writes(ana, contact, wants="detox", was_wants="").json["kept"] == {"wants": "detox"}  # type: ignore[index]
    assert writes(ana, contact, wants="detox today", was_wants="detox").json["good"]  # type: ignore[index]
    page = centre.signed_in(BEN).get(f"/threads/{contact}").text
    assert "methadone 80 mg</textarea>" in page
    assert "detox today</textarea>" in page
    told = centre.audited()
    assert told.count("changed record") == 1, "once in five minutes"
    assert told.count("viewed record") == 1
    centre.clock.pass_by(timedelta(minutes=6))
    writes(ana, contact, wants="", was_wants="detox today")
    assert centre.audited().count("changed record") == 2


def test_two_who_write_in_different_places_lose_nothing(centre: Centre) -> None:
    """Each sends what they changed."""
    _, contact = owed(centre)
    writes(centre.signed_in(ANA), contact, wants="detox")
    said = writes(centre.signed_in(BEN), contact, access="wheelchair").json
    assert said is not None
    assert said["good"]
    page = centre.signed_in(ANA).get(f"/threads/{contact}").text
    assert "detox</textarea>" in page
    assert "wheelchair</textarea>" in page


def test_two_who_write_in_the_same_place_are_told(centre: Centre) -> None:
    """Neither is written over: who comes second is told what stands there, and may choose; both stay readable."""
    _, contact = owed(centre)
    ana, ben = centre.signed_in(ANA), centre.signed_in(BEN)
    writes(ana, contact, last_use="heroin, 8 this morning")
    said = writes(ben, contact, last_use="fentanyl, 9", was_last_use="").json
    assert said == {
        "said": "",
        "good": False,
        "kept": {"last_use": "heroin, 8 this morning"},
        "others": {"last_use": {"who": ANA, "words": "“heroin, 8 this morning”"}},
        "record": contact,
        "version": 1,
    }
    chosen = writes(ben, contact, last_use="fentanyl, 9", was_last_use="heroin, 8 this morning").json
    assert chosen is not None
    assert chosen["good"]
    page = ben.get(f"/threads/{contact}").text
    assert "fentanyl, 9</textarea>" in page
    assert "Before: “heroin, 8 this morning” (Ana Lima). Now: Ben Ortiz." in page


def test_without_a_script_what_was_typed_stands_in_the_form_again(centre: Centre) -> None:
    """The whole form is sent; what nobody else wrote is kept, what somebody else wrote is told."""
    _, contact = owed(centre)
    ana, ben = centre.signed_in(ANA), centre.signed_in(BEN)
    writes(ana, contact, wants="detox")
    response = saves(ben, contact, wants="a bed", was_wants="", access="none", was_access="")
    assert response.status_code == 409
    assert "a bed</textarea>" in response.text
    assert "Ana Lima wrote “detox” meanwhile. What you typed is not kept yet" in response.text
    assert 'name="was-wants" value="detox"' in response.text
    again = saves(ben, contact, wants="a bed", was_wants="detox")
    assert again.status_code == 303
    page = ben.get(f"/threads/{contact}").text
    assert "a bed</textarea>" in page
    assert ">none</textarea>" in page


def test_what_can_be_no_answer_is_refused(centre: Centre) -> None:
    """And nothing of it is kept."""
    _, contact = owed(centre)
    ana = centre.signed_in(ANA)
    for wrong in ({"pregnant": "certainly"}, {"wants": "x" * 501}):
        said = writes(ana, contact, **wrong).json
        assert said is not None
        assert not said["good"]
    assert "changed record" not in centre.audited()


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ({"sedating": "yes"}, "risk of alcohol or sedative withdrawal"),
        ({"pregnant": "yes"}, "pregnant, or may be"),
        ({"injects": "yes"}, "injects"),
    ],
)
def test_a_risk_brings_their_callback_forward_and_says_so(
    centre: Centre, answer: dict[str, str], why: str
) -> None:
    """On the board, with the reason for those who may read the record; and taken back when it isn't so."""
    owed(centre, "+16175550150")
    centre.clock.pass_by(timedelta(minutes=1))
    callback, contact = owed(centre, "+16175550151")
    ana = centre.signed_in(ANA)
    assert _order(centre)[0] != callback
    said = writes(ana, contact, **answer).json
    assert said is not None
    assert said["said"] == f"Their callback comes first now: {why}."
    assert _order(centre)[0] == callback
    assert f"Comes first: {why}" in ana.get("/board").text
    admin = centre.signed_in(ADAM).get("/board").text
    assert "Comes first" in admin
    assert why not in admin
    (field,) = answer
    writes(ana, contact, **{field: "no", f"was_{field}": "yes"})
    assert _order(centre)[0] != callback


def _order(centre: Centre) -> list[CallbackId]:
    shown = centre.application.look(lambda transaction: board(transaction, centre.people[ANA]))
    return [one.callback for one in shown.callbacks]


def test_how_they_are_insured_changes_no_order(centre: Centre) -> None:
    """Three wait; whatever is written down of how they are insured, they are called as before."""
    waiting = []
    for nth in range(3):
        waiting.append(owed(centre, f"+1617555015{nth}"))
        centre.clock.pass_by(timedelta(minutes=1))
    ana, order = centre.signed_in(ANA), _order(centre)
    was = dict.fromkeys(range(3), "")
    payers = CHOICES[RecordField.INSURANCE]
    for shift in range(len(payers)):
        for nth, (_, contact) in enumerate(waiting):
            payer = payers[(shift + 2 * nth) % len(payers)]
            said = writes(ana, contact, insurance=payer, was_insurance=was[nth]).json
            assert said is not None
            assert (said["good"], said["said"]) == (True, "")
            was[nth] = payer
        assert _order(centre) == order
    rows = centre.application.look(lambda transaction: callbacks.all_open(transaction.tx))
    assert not any(row.callback.raised for row in rows)


def test_what_was_learned_before_somebody_is_to_be_called_again_counts(centre: Centre) -> None:
    """They were put through, and asked to be called later: that callback comes first from the beginning."""
    contact = talked(centre)
    ana = centre.signed_in(ANA)
    writes(ana, contact, pregnant="yes")
    press(
        ana,
        f"/board/callers/{contact}/outcome",
        script=True,
        outcome="call_later",
        was="",
        later="2026-03-02T15:30",
    )
    (row,) = centre.application.look(lambda transaction: callbacks.all_open(transaction.tx))
    assert row.callback.raised


_HIDDEN = 'id="danger" data-warns data-keeps="hidden" hidden>'
"""The warning is on the page for the script, which shows it as soon as such an answer is given."""


@pytest.mark.parametrize(
    "answer", [{"suicide": "yes"}, {"safe_at_home": "no"}, {"breathing_or_heart": "yes"}]
)
def test_an_answer_of_danger_offers_the_emergency_which_pages_a_clinician(
    centre: Centre, answer: dict[str, str]
) -> None:
    """At once, on the page; pressed twice it is one emergency."""
    _, contact = owed(centre)
    ana = centre.signed_in(ANA)
    assert _HIDDEN in ana.get(f"/threads/{contact}").text
    writes(ana, contact, **answer)
    told = ana.get(f"/threads/{contact}/live").text
    assert "Emergency: page a clinician now" in told
    assert _HIDDEN not in told
    for _ in range(2):
        said = press(ana, f"/threads/{contact}/emergency", script=True).json
        assert said is not None
        assert "Clinicians are paged now" in said["said"]
    rows = centre.application.look(lambda transaction: escalations.all_open(transaction.tx))
    (opened,) = [row for row in rows if row.escalation.subject is Subject.EMERGENCY]
    assert opened.escalation.ringing == {centre.people[CHLOE]}
    assert "raise emergency" in centre.audited()


@pytest.mark.parametrize(
    ("name", "reads", "may_write"),
    [(ANA, True, True), (EVE, True, True), (CHLOE, False, False), (ADAM, False, False)],
)
def test_the_record_is_the_admissions_sides(centre: Centre, name: str, reads: bool, may_write: bool) -> None:
    """Read and written by those who have that right, and refused to others."""
    _, contact = owed(centre)
    writes(centre.signed_in(ANA), contact, wants="a bed by the sea")
    client = centre.signed_in(name)
    assert ("a bed by the sea" in client.get(f"/threads/{contact}").text) is reads
    assert (writes(client, contact, access="none").status_code == 200) is may_write
    assert (press(client, f"/threads/{contact}/emergency", script=True).status_code == 200) is may_write


def test_a_trainee_reads_it_and_writes_nothing(centre: Centre) -> None:
    """The places are there, without a form."""
    _, contact = owed(centre)
    writes(centre.signed_in(ANA), contact, wants="a bed by the sea")
    centre.add_person("Tam Vo", frozenset({Role.TRAINEE}))
    client = centre.signed_in("Tam Vo")
    press(client, f"/threads/{contact}/reason", reason="learning")
    page = client.get(f"/threads/{contact}").text
    assert "a bed by the sea" in page
    assert "data-record " not in page
    assert writes(client, contact, access="none").status_code == 403


def test_whoever_has_the_callback_fills_it_in(centre: Centre) -> None:
    """A clinician who was rung for it, because no coordinator took it."""
    callback, contact = owed(centre)
    client = centre.signed_in(CHLOE)
    centre.claims(CHLOE, callback)
    assert client.get(f"/threads/{contact}").status_code == 200
    assert writes(client, contact, wants="detox").status_code == 200
    assert f'href="/threads/{contact}"' in client.get("/board").text


def test_the_other_side_does_not_read_a_clinical_page_by_it(centre: Centre) -> None:
    """The record of an emergency is on its page, which coordinators may not open."""
    urgent, calm = thread(centre, DANGER, "+16175550182"), thread(centre, WORDS, "+16175550181")
    ana = centre.signed_in(ANA)
    assert writes(ana, urgent, wants="x").status_code == 403
    assert writes(ana, calm, wants="x").status_code == 200


def test_it_is_the_same_record_on_the_pages_of_what_came_of_it(centre: Centre) -> None:
    """The call with which they asked, and our call back."""
    callback, contact = owed(centre)
    ana = centre.signed_in(ANA)
    writes(ana, contact, wants="detox by Friday")
    centre.claims(ANA, callback)
    row = centre.application.look(lambda transaction: callbacks.get(transaction.tx, callback))
    assert row is not None
    dialled = centre.application.change(
        lambda transaction: ringing_back.dial_caller(transaction, callbacks.get(transaction.tx, callback))  # type: ignore[arg-type]
    )
    assert dialled.call_contact_id is not None
    page = ana.get(f"/threads/{dialled.call_contact_id}").text
    assert "detox by Friday</textarea>" in page


def test_an_age_under_18_marks_them_for_everybody_and_one_of_18_takes_the_mark_off(centre: Centre) -> None:
    """On the card and above the case, with what it means for who may be told; an age is a number."""
    _, contact = owed(centre)
    ana = centre.signed_in(ANA)
    assert "May be a minor" not in ana.get("/board").text
    assert writes(ana, contact, age="sixteen").json == {
        "said": "Not kept: the age is a whole number of years, such as 16. Or leave it empty.",
        "good": False,
    }
    assert writes(ana, contact, age="16").json["kept"] == {"age": "16"}  # type: ignore[index]
    page = ana.get(f"/threads/{contact}").text
    assert 'name="age" inputmode="numeric" maxlength="3" size="4" autocomplete="off" value="16"' in page
    assert "MAY BE A MINOR" in page
    assert "no parent or anybody else may be told that they asked (42 CFR 2.14)" in page
    assert "May be a minor" in ana.get("/board").text
    writes(ana, contact, age="18", was_age="16")
    assert "May be a minor" not in ana.get("/board").text
    assert "MAY BE A MINOR" not in ana.get(f"/threads/{contact}").text
