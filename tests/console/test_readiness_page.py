"""Readiness: everybody sees who can't be reached; each sees to their own phone, and supervisors to everybody's."""

from __future__ import annotations

import re
from datetime import timedelta

from flask.testing import FlaskClient

from hotline.model import StaffId
from hotline.store.people import phone_codes
from tests.console.centre import Centre, press
from tests.console.test_on_call_page import text

EVE, ANA = "Eve Stone", "Ana Lima"


def code_of(centre: Centre, who: StaffId) -> str:
    found = centre.application.look(lambda transaction: phone_codes.get(transaction.tx, who))
    assert found is not None
    return found.code


def told(client: FlaskClient, address: str, **form: str) -> str:
    """What the page's script says after a press."""
    return str(press(client, address, script=True, **form).get_json()["said"])


def verifies(client: FlaskClient, who: StaffId, code: str) -> str:
    return told(client, f"/readiness/{who}/verify", code=code)


def test_everybody_sees_who_stands_how_and_can_page_themselves(centre: Centre) -> None:
    """Nobody's number is on it."""
    client = centre.signed_in(ANA)
    page = client.get("/readiness").text
    said = text(page)
    assert "Ana Lima You On now No call of ours has reached this phone in the last two weeks." in said
    assert page.count("Page me now") == 1
    assert "Send a test page<" not in page
    assert "+1617" not in page
    assert not re.search(r"\d{3}-\d{4}", page)
    assert "Your phone rings in a moment" in told(client, f"/readiness/{centre.people[ANA]}/test")
    assert "Being tested" in client.get("/readiness").text


def test_a_code_makes_a_phone_one_that_is_rung(centre: Centre) -> None:
    """A wrong one is told; the right one is in the audit trail."""
    ana = centre.people[ANA]
    centre.change_person(ANA, verified=False)
    client = centre.signed_in(ANA)
    said = text(client.get("/readiness").text)
    assert "The phone is not verified: it is never rung." in said
    assert "Page me now" not in said
    press(client, f"/readiness/{ana}/code", how="text")
    assert "another code" in verifies(client, ana, "abc")
    assert "is verified, and is rung" in verifies(client, ana, code_of(centre, ana))
    assert "Page me now" in client.get("/readiness").text
    assert centre.audited().count("phone verified") == 1


def test_others_phones_are_seen_to_by_whoever_looks_after_people(centre: Centre) -> None:
    """A colleague may not, whatever they post."""
    ben = centre.people["Ben Ortiz"]
    centre.change_person("Ben Ortiz", verified=False)
    for address in ("test", "code", "verify"):
        assert press(centre.signed_in(ANA), f"/readiness/{ben}/{address}").status_code == 403
    eve = centre.signed_in(EVE)
    assert "not verified" in told(eve, f"/readiness/{ben}/test")
    press(eve, f"/readiness/{ben}/code", how="call")
    assert "is verified, and is rung" in verifies(eve, ben, code_of(centre, ben))
    assert "Ben Ortiz is called and texted now" in told(eve, f"/readiness/{ben}/test")


def test_a_code_that_is_too_old_is_told(centre: Centre) -> None:
    centre.change_person(ANA, verified=False)
    client, ana = centre.signed_in(ANA), centre.people[ANA]
    press(client, f"/readiness/{ana}/code", how="text")
    code = code_of(centre, ana)
    centre.clock.pass_by(timedelta(minutes=10))
    assert "No code counts for this phone now" in verifies(client, ana, code)


def test_somebody_who_has_left_is_told_so(centre: Centre) -> None:
    gone = centre.people["Ben Ortiz"]
    centre.change_person("Ben Ortiz", active=False)
    assert "not on the staff any more" in told(centre.signed_in(EVE), f"/readiness/{gone}/test")
