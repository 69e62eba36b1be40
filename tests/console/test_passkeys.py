"""Passkeys: alone, as a second step, before a locked page; and everything that must not open anything."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hotline.operations.sign_in import inviting, passkey_proof
from hotline.settings.centre import SecondStep
from tests.console.authenticator import PRESENT, Authenticator
from tests.console.centre import PASSWORD, Centre, open_centre, press, sign_in, token
from tests.console.links import link_for
from tests.console.test_second_step import is_in, said, switched_on, types

POLL = {"X-Board": "1"}
IDLE = timedelta(minutes=15)
HERE = "http://localhost:8000"


@pytest.fixture
def centre(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """A centre whose address has a name."""
    file = tmp_path_factory.getbasetemp() / "centre.db"
    opened = open_centre(tmp_path, file=file, PUBLIC_BASE_URL=HERE)
    yield opened
    opened.application.database.dispose()


@pytest.fixture
def required(tmp_path: Path) -> Iterator[Centre]:
    """One that asks everybody for a second step."""
    opened = open_centre(tmp_path, {"second_step": SecondStep.REQUIRED}, PUBLIC_BASE_URL=HERE)
    yield opened
    opened.application.database.dispose()


def asks(client: FlaskClient, where: str, **form: str) -> TestResponse:
    """What the page's script asks before the device signs."""
    page = "/account" if where.startswith("/account") else "/board" if "unlock" in where else "/sign-in"
    data = {"csrf_token": token(client, page), **form}
    return client.post(f"{where}/options", data=data, headers=POLL)


def options(answer: TestResponse) -> dict[str, Any]:
    """What is to be signed."""
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = json.loads(answer.text)
    return found


def registers(client: FlaskClient, device: Authenticator, called: str = "My phone") -> TestResponse:
    """Make a passkey on one's account page."""
    asked = options(asks(client, "/account/passkeys", name=called, password=PASSWORD))
    return answers(client, "/account/passkeys", device.makes(asked))


def answers(client: FlaskClient, where: str, answer: str, *, script: bool = False) -> TestResponse:
    """Send what the device has signed."""
    page = "/account" if where.startswith("/account") else "/board" if "unlock" in where else "/sign-in"
    data = {"csrf_token": token(client, page), "answer": answer}
    return client.post(where, data=data, headers=POLL if script else {})


def shows(client: FlaskClient, device: Authenticator, where: str = "/sign-in/passkey") -> TestResponse:
    """Use a passkey."""
    return answers(client, where, device.shows(options(asks(client, where))), script="unlock" in where)


@pytest.fixture
def phone(centre: Centre) -> Authenticator:
    """Ana's phone, which keeps a passkey of hers."""
    device = Authenticator()
    done = registers(centre.signed_in("Ana Lima"), device)
    assert "recovery codes" in done.text
    return device


# --- what it opens -----------------------------------------------------------------------------------------------


def test_a_passkey_signs_in_alone(centre: Centre, phone: Authenticator) -> None:
    """The account page names it, and says when it was used last; so does the history."""
    client = centre.someone()
    assert shows(client, phone).location == "/board"
    assert is_in(client)
    page = said(client.get("/account"))
    assert "My phone · since" in page
    assert "last used" in page
    assert "Signed in by passkey" in page
    assert "sign in passkey" in centre.audited()


def test_after_a_password_it_is_the_second_step_and_a_recovery_code_stands_in_for_it(centre: Centre) -> None:
    """Its owner needs no app."""
    device, hers = Authenticator(), centre.signed_in("Ana Lima")
    codes = registers(hers, device).text.split("<li><code>")[1:]
    code = codes[0].partition("<")[0]
    first, second = centre.someone(), centre.someone()
    for client in (first, second):
        assert sign_in(client, "Ana Lima").location == "/sign-in/second"
        assert "Use your passkey" in client.get("/sign-in/second").text
        assert not is_in(client)
    assert shows(first, device).location == "/board"
    assert is_in(first)
    assert types(second, code).status_code == 303
    assert is_in(second)
    assert "Signed in by password and passkey" in said(first.get("/account"))


def test_a_colleague_s_passkey_is_nobody_else_s_second_step(centre: Centre, phone: Authenticator) -> None:
    """Not even with one of one's own; and alone it signs in its owner, and nobody else."""
    device = Authenticator()
    registers(centre.signed_in("Ben Ortiz"), device)
    client = centre.someone()
    sign_in(client, "Ana Lima")
    assert shows(client, device).status_code == 401
    assert not is_in(client)
    other = centre.someone()
    shows(other, device)
    assert "Ben Ortiz" in other.get("/account").text


def test_it_unlocks_a_page_in_place_for_its_owner_alone(centre: Centre, phone: Authenticator) -> None:
    """Whoever passes by with a passkey of their own unlocks nothing."""
    bens = Authenticator()
    registers(centre.signed_in("Ben Ortiz"), bens)
    client = centre.signed_in("Ana Lima")
    client.get("/board")
    centre.clock.pass_by(IDLE)
    assert "Unlock with your passkey" in client.get("/board").text
    refused = shows(client, bens, "/unlock/passkey")
    assert (refused.status_code, refused.json["good"]) == (403, False)  # type: ignore[index]
    assert client.get("/board/live", headers=POLL).headers["X-Locked"] == "1"
    assert shows(client, phone, "/unlock/passkey").json == {"said": "Unlocked.", "good": True}
    assert "X-Locked" not in client.get("/board/live", headers=POLL).headers
    assert "Unlock with your passkey" not in centre.signed_in("Eve Stone").get("/board").text


def test_whoever_has_none_is_told_so(centre: Centre) -> None:
    """At the lock, where the page asks for one of theirs."""
    client = centre.signed_in("Eve Stone")
    assert asks(client, "/unlock/passkey").status_code == 404
    stranger = centre.someone()
    for where in ("/unlock/passkey", "/unlock/passkey/options"):
        assert stranger.post(where, data={"csrf_token": token(stranger, "/sign-in")}).location == "/sign-in"


# --- what opens nothing ------------------------------------------------------------------------------------------


def _not_verified(device: Authenticator) -> None:
    device.flags = PRESENT


def _not_there(device: Authenticator) -> None:
    device.flags = 0


def _on_another_page(device: Authenticator) -> None:
    device.origin = "http://localhost.evil.example"


def _for_another_site(device: Authenticator) -> None:
    device.rp_id = "evil.example"


def _with_another_key(device: Authenticator) -> None:
    device.key = Authenticator().key


def _not_known(device: Authenticator) -> None:
    device.credential = b"x" * 32


@pytest.mark.parametrize(
    "spoilt",
    [_not_verified, _not_there, _on_another_page, _for_another_site, _with_another_key, _not_known],
)
def test_an_answer_that_isn_t_wholly_right_opens_nothing(
    centre: Centre, phone: Authenticator, spoilt: Callable[[Authenticator], None]
) -> None:
    """And the next right one does."""
    client, right = centre.someone(), replace(phone)
    spoilt(phone)
    refused = shows(client, phone)
    assert (refused.status_code, "did not prove" in said(refused)) == (401, True)
    assert not is_in(client)
    right.count = phone.count
    assert shows(client, right).status_code == 303


@pytest.mark.parametrize("answer", ["", "{", "[]", "null", '{"id": 7}', '{"id": "x"}', "x" * 20_000])
def test_garbage_opens_nothing_and_breaks_nothing(centre: Centre, answer: str) -> None:
    """Whatever is sent in place of an answer."""
    client = centre.someone()
    asks(client, "/sign-in/passkey")
    assert answers(client, "/sign-in/passkey", answer).status_code == 401
    hers = centre.signed_in("Ana Lima")
    asks(hers, "/account/passkeys", name="x", password=PASSWORD)
    assert answers(hers, "/account/passkeys", answer).status_code == 422


@pytest.mark.parametrize("part", ["authenticatorData", "clientDataJSON", "signature"])
@pytest.mark.parametrize("value", ["", "AAAA", "é", 7, None, "oQ" * 40])
def test_a_known_passkey_s_garbage_opens_nothing_either(
    centre: Centre, phone: Authenticator, part: str, value: object
) -> None:
    """Part by part."""
    client = centre.someone()
    answer = json.loads(phone.shows(options(asks(client, "/sign-in/passkey"))))
    answer["response"][part] = value
    assert answers(client, "/sign-in/passkey", json.dumps(answer)).status_code == 401


def test_an_answer_is_taken_once_in_time_and_in_its_own_browser(centre: Centre, phone: Authenticator) -> None:
    """Also where the browser's cookie was copied before."""
    client, thief, late = centre.someone(), centre.someone(), centre.someone()
    answer = phone.shows(options(asks(client, "/sign-in/passkey")))
    page = {"csrf_token": token(client, "/sign-in"), "answer": answer}
    copied = client.get_cookie("hotline")
    assert copied is not None
    assert answers(centre.someone(), "/sign-in/passkey", answer).status_code == 401
    thief.set_cookie("hotline", copied.value)
    assert client.post("/sign-in/passkey", data=page).status_code == 303
    assert thief.post("/sign-in/passkey", data=page).status_code == 401
    assert not is_in(thief)
    answer = phone.shows(options(asks(late, "/sign-in/passkey")))
    centre.clock.pass_by(passkey_proof.LASTS)
    assert answers(late, "/sign-in/passkey", answer).status_code == 401


def test_what_was_asked_for_one_thing_does_no_other(centre: Centre, phone: Authenticator) -> None:
    """An answer for the lock signs nobody in, and what was asked first is gone with what was asked next."""
    client = centre.signed_in("Ana Lima")
    client.get("/board")
    centre.clock.pass_by(IDLE)
    answer = phone.shows(options(asks(client, "/unlock/passkey")))
    assert answers(client, "/sign-in/passkey", answer).status_code == 401
    assert answers(client, "/unlock/passkey", answer, script=True).status_code == 403
    first = options(asks(client, "/unlock/passkey"))
    asks(client, "/unlock/passkey")
    assert answers(client, "/unlock/passkey", phone.shows(first), script=True).status_code == 403


def test_a_passkey_that_was_copied_opens_nothing_from_then_on(centre: Centre, phone: Authenticator) -> None:
    """Its count went backwards: it is refused, so is whoever has the original, and its owner reads why."""
    client = centre.someone()
    for _ in range(3):
        assert shows(centre.someone(), phone).status_code == 303
    phone.count = 1
    refused = shows(client, phone)
    assert (refused.status_code, "may have a copy" in said(refused)) == (401, True)
    phone.count = 50
    refused = shows(client, phone)
    assert (refused.status_code, "opens nothing any more" in said(refused)) == (401, True)
    assert "passkey copied" in centre.audited()
    hers = centre.signed_in("Ana Lima")
    assert "Remove it, and tell your supervisor" in said(hers.get("/account"))
    assert "Unlock with your passkey" not in hers.get("/board").text


def test_a_passkey_that_doesn_t_count_goes_on_opening(centre: Centre) -> None:
    """Phones that carry them from device to device always say none."""
    device = Authenticator(counts=False)
    registers(centre.signed_in("Ana Lima"), device)
    for _ in range(2):
        assert shows(centre.someone(), device).status_code == 303


def test_whoever_is_off_the_staff_or_reset_has_none(centre: Centre, phone: Authenticator) -> None:
    """A reset ends them, for any may be somebody else's; recovery codes stay the second step."""
    centre.change_person("Ana Lima", active=False)
    assert shows(centre.someone(), phone).status_code == 401
    centre.change_person("Ana Lima", active=True)
    assert shows(centre.someone(), phone).status_code == 303
    link_for(centre, "Ana Lima", inviting.reset)
    assert shows(centre.someone(), phone).status_code == 401


# --- one's account -------------------------------------------------------------------------------------------------


def test_making_one_asks_for_the_password_and_shows_the_recovery_codes_once(centre: Centre) -> None:
    """The second one brings no new codes."""
    client = centre.signed_in("Ana Lima")
    refused = asks(client, "/account/passkeys", name="x", password="wrong")
    assert refused.status_code == 422
    assert refused.get_json()["said"] == "That is not your password. Nothing was changed."
    assert (
        answers(client, "/account/passkeys", Authenticator().shows({"challenge": "AAAA"})).status_code == 422
    )
    assert registers(client, Authenticator()).text.count("<li><code>") == 8
    assert registers(client, Authenticator(), "  Key   ring ").location == "/account"
    page = said(client.get("/account"))
    assert "Passkeys 2" in page
    assert "Key ring · since" in page
    assert "Second step on" in page


def test_one_device_s_passkey_is_registered_once_and_ten_are_enough(centre: Centre) -> None:
    """The browser is told which there are; so are we."""
    client, device = centre.signed_in("Ana Lima"), Authenticator()
    registers(client, device)
    again = registers(client, device)
    assert (again.status_code, "registered already" in said(again)) == (422, True)
    for _ in range(passkey_proof.AT_MOST - 1):
        registers(client, Authenticator())
    full = asks(client, "/account/passkeys", name="x", password=PASSWORD)
    assert (full.status_code, "remove one" in full.json["said"]) == (422, True)  # type: ignore[index]


def test_a_passkey_that_checks_nobody_is_not_taken(centre: Centre) -> None:
    """Whoever finds it could use it."""
    client = centre.signed_in("Ana Lima")
    assert registers(client, Authenticator(flags=PRESENT)).status_code == 422
    assert registers(client, Authenticator(origin="http://evil.example")).status_code == 422
    assert "Passkeys 0" in said(client.get("/account"))


def test_its_owner_removes_it_with_their_password(centre: Centre, phone: Authenticator) -> None:
    """Without an app or another passkey, the second step is off then."""
    client = centre.signed_in("Ana Lima")
    page = client.get("/account").text
    address = page.partition("/remove")[0].rpartition('"')[2] + "/remove"
    assert press(client, address, password="wrong").status_code == 422
    assert press(centre.signed_in("Ben Ortiz"), address, password=PASSWORD).status_code == 422
    assert press(client, address, password=PASSWORD).location == "/account"
    assert shows(centre.someone(), phone).status_code == 401
    assert press(client, address, password=PASSWORD).status_code == 422
    assert "Second step off" in said(client.get("/account"))
    assert sign_in(centre.someone(), "Ana Lima").location == "/board"


def test_where_a_second_step_must_be_the_last_one_stays(required: Centre) -> None:
    """The app may go while there is a passkey, and the passkey while there is the app."""
    switched_on(required)
    client = required.signed_in("Ana Lima")
    assert "Switch it off" not in client.get("/account").text
    assert registers(client, Authenticator()).location == "/account"
    assert press(client, "/account/second-step/end", password=PASSWORD).location == "/account"
    assert "a passkey is the second step" in said(client.get("/account"))
    address = client.get("/account").text.partition("/remove")[0].rpartition('"')[2] + "/remove"
    refused = press(client, address, password=PASSWORD)
    assert (refused.status_code, "asks everybody" in said(refused)) == (422, True)


def test_beginning_with_the_app_leaves_the_recovery_codes_as_they_are(centre: Centre) -> None:
    """They stand in for the passkey until the app is confirmed."""
    client = centre.signed_in("Ana Lima")
    registers(client, Authenticator())
    press(client, "/account/second-step/begin", password=PASSWORD)
    assert "8 recovery codes are left" in said(client.get("/account"))


def test_at_an_address_that_is_a_number_there_are_none(tmp_path: Path) -> None:
    """Browsers refuse them there; so nothing offers them."""
    centre = open_centre(tmp_path)
    client = centre.signed_in("Ana Lima")
    assert "data-passkey" not in client.get("/sign-in").text + client.get("/account").text
    asked = asks(client, "/account/passkeys", name="x", password=PASSWORD)
    assert (asked.status_code, "address with a name" in asked.json["said"]) == (422, True)  # type: ignore[index]
    centre.application.database.dispose()
