"""Whoever opens a case that isn't theirs is asked why, kindly; nobody is kept from an emergency by that."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hotline.model import ContactId, Role
from hotline.operations.console import coordinator
from hotline.store.looking_back import look_reasons
from hotline.store.traffic import messages
from tests.console.centre import Centre, press, token
from tests.console.test_admissions_record import owed
from tests.console.test_sides import DANGER, WORDS, thread

ANA, BEN, CHLOE, EVE = "Ana Lima", "Ben Ortiz", "Chloe Baptiste", "Eve Stone"
ASKED = "This case is not one of yours"


def closed_long_ago(centre: Centre, by: str = ANA) -> ContactId:
    """A text that somebody dealt with two days ago."""
    contact = thread(centre, WORDS, "+16175550181")
    escalation = centre.escalation()
    centre.application.change(lambda t: coordinator.accept(t, escalation, centre.people[by]))
    centre.application.change(lambda t: coordinator.close(t, escalation, centre.people[by]))
    centre.clock.pass_by(timedelta(days=2))
    return contact


def opens(client: FlaskClient, contact: ContactId) -> TestResponse:
    """Open the case."""
    return client.get(f"/threads/{contact}")


def test_whoever_is_on_opens_what_goes_on_without_a_question(centre: Centre) -> None:
    """It is their work."""
    contact = thread(centre, WORDS, "+16175550181")
    for name in (ANA, BEN, EVE):
        page = opens(centre.signed_in(name), contact)
        assert WORDS in page.text
        assert ASKED not in page.text


def test_whoever_had_it_opens_it_without_a_question(centre: Centre) -> None:
    """However long ago."""
    contact = closed_long_ago(centre)
    assert WORDS in opens(centre.signed_in(ANA), contact).text


def test_whoever_had_nothing_to_do_with_it_is_asked_first(centre: Centre) -> None:
    """And sees nothing of it, nor is it said that they did; then they say why, and it opens."""
    contact = closed_long_ago(centre)
    client = centre.signed_in(BEN)
    page = opens(client, contact)
    assert (page.status_code, ASKED in page.text, WORDS in page.text) == (200, True, False)
    assert "viewed thread" not in centre.audited()
    live = client.get(f"/threads/{contact}/live", headers={"X-Board": "1"})
    assert (live.status_code, WORDS in live.text) == (403, False)
    given = press(client, f"/threads/{contact}/reason", reason="complaint", words="their brother called")
    assert given.location == f"/threads/{contact}"
    assert WORDS in opens(client, contact).text
    assert centre.audited()[-2:] == ["reason given complaint", "viewed thread"]
    (kept,) = centre.application.look(lambda t: look_reasons.about(t.tx, [contact]))
    assert (kept.by, kept.reason, kept.words) == (centre.people[BEN], "complaint", "their brother called")


def test_looking_once_makes_it_nobody_s_own(centre: Centre) -> None:
    """A reason holds for a shift, and is asked again on the next."""
    contact = closed_long_ago(centre)
    press(centre.signed_in(BEN), f"/threads/{contact}/reason", reason="review")
    assert WORDS in opens(centre.signed_in(BEN), contact).text
    centre.clock.pass_by(timedelta(hours=12))
    assert ASKED in opens(centre.signed_in(BEN), contact).text
    assert ASKED in opens(centre.signed_in(EVE), contact).text


@pytest.mark.parametrize(
    ("reason", "words"), [("", ""), ("nonsense", ""), ("other", " "), ("review", "x" * 301)]
)
def test_what_is_no_reason_is_asked_again(centre: Centre, reason: str, words: str) -> None:
    """With what to do."""
    contact = closed_long_ago(centre)
    client = centre.signed_in(BEN)
    page = press(client, f"/threads/{contact}/reason", reason=reason, words=words)
    assert (page.status_code, "Choose what fits best" in page.text) == (422, True)
    assert ASKED in opens(client, contact).text


def test_something_else_in_words_is_a_reason(centre: Centre) -> None:
    """Their own."""
    contact = closed_long_ago(centre)
    client = centre.signed_in(BEN)
    press(client, f"/threads/{contact}/reason", reason="other", words="the court asks")
    assert WORDS in opens(client, contact).text


def test_nobody_is_kept_from_an_emergency(centre: Centre) -> None:
    """Also whoever isn't on: it is on the screen at once, and why is asked beside it, until it is said."""
    contact = thread(centre, DANGER, "+16175550182")
    centre.add_person("Cleo Grant", frozenset({Role.CLINICIAN}))
    client = centre.signed_in("Cleo Grant")
    page = opens(client, contact)
    assert DANGER in page.text
    assert "You look at an emergency that is not yours" in page.text
    assert "viewed thread" in centre.audited()
    press(client, f"/threads/{contact}/reason", reason="helping")
    page = opens(client, contact)
    assert DANGER in page.text
    assert "not yours" not in page.text


def test_whoever_is_on_for_emergencies_is_asked_nothing(centre: Centre) -> None:
    """In an emergency that goes on."""
    contact = thread(centre, DANGER, "+16175550182")
    assert "not yours" not in opens(centre.signed_in(CHLOE), contact).text


def test_another_side_s_case_takes_no_reason(centre: Centre) -> None:
    """A reason opens nothing that a role doesn't."""
    contact = closed_long_ago(centre)
    client = centre.signed_in(CHLOE)
    assert opens(client, contact).status_code == 403
    assert press(client, f"/threads/{contact}/reason", reason="review").status_code == 403
    assert press(client, "/threads/nobody/reason", reason="review").status_code == 404


def test_a_call_that_is_owed_is_the_duty_s(centre: Centre) -> None:
    """Until a day after it is over."""
    callback, contact = owed(centre)
    centre.clock.pass_by(timedelta(days=3))
    assert ASKED not in opens(centre.signed_in(BEN), contact).text
    centre.claims(ANA, callback)
    assert ASKED not in opens(centre.signed_in(BEN), contact).text


def written_on(centre: Centre, contact: ContactId) -> list[str]:
    """The address of everything that is done on the page of a case."""
    rules = [one.rule for one in centre.app.url_map.iter_rules() if "POST" in (one.methods or ())]
    own = [one for one in rules if one.startswith("/threads/") and not one.endswith("/reason")]
    assert len(own) > 10
    return [
        re.sub(r"<[^>]+>", "1", one.replace("<contact_id>", contact).replace("<message_id>", "x"))
        for one in own
    ]


def test_nothing_is_written_on_it_before_a_reason_is_given(centre: Centre) -> None:
    """Not by a form, nor by the page's script: no note and no judgement opens a case, whatever it says."""
    contact = closed_long_ago(centre)
    client = centre.signed_in(BEN)
    words = {"csrf_token": token(client, "/board"), "key": "k1", "words": "x"}
    words |= {
        "note": ".",
        "was": "emergency",
        "answers": "no",
        "step": "back",
        "substances": "x",
        "safe": "yes",
    }
    before = centre.audited()
    for address in written_on(centre, contact):
        if "listening" in address:
            continue  # only for whoever talks with them now
        page = client.post(address, data=words)
        assert (page.status_code, ASKED in page.text) == (200, True), address
        told = client.post(address, data=words, headers={"X-Board": "1"})
        assert told.status_code == 403, address
        assert told.json is not None
        assert "open its page anew and say why" in told.json["said"]
    assert centre.audited() == before
    assert ASKED in opens(client, contact).text


def test_what_somebody_writes_down_makes_it_nobody_s_own(centre: Centre) -> None:
    """A note, a judgement and an answer are kept while their reason holds; then it is asked again."""
    contact = closed_long_ago(centre)
    client = centre.signed_in(BEN)
    press(client, f"/threads/{contact}/reason", reason="review")
    message = centre.application.look(lambda t: messages.of_contact(t.tx, contact))[0].id
    press(client, f"/threads/{contact}/note", note="asked about Tuesday")
    press(client, f"/threads/{contact}/messages/{message}/was", was="no_emergency")
    press(client, f"/threads/{contact}/record", substances="alcohol")
    assert {"note", "was no emergency", "changed record"} <= set(centre.audited())
    centre.clock.pass_by(timedelta(hours=12))
    assert ASKED in opens(centre.signed_in(BEN), contact).text


def test_another_case_is_not_seen_by_merging(centre: Centre) -> None:
    """What merging would do tells of both: for the one that isn't theirs they say why first, and go on from there."""
    old, new = closed_long_ago(centre), thread(centre, WORDS, "+16175550182")
    client = centre.signed_in(BEN)
    asked_for = f"/threads/{new}/merge?other={old}"
    page = client.get(asked_for)
    assert ASKED in page.text
    onward = re.search(r'name="onward" value="([^"]+)"', page.text)
    assert onward is not None
    assert onward[1] == asked_for
    given = press(client, f"/threads/{old}/reason", reason="review", onward=onward[1])
    assert given.location == asked_for
    assert "Is this one person?" in client.get(given.location).text
    elsewhere = press(client, f"/threads/{old}/reason", reason="review", onward="https://example.org/")
    assert elsewhere.location == f"/threads/{old}"
