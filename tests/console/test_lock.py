"""The lock: a page that nobody has touched for a while watches on, without anything of people."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hotline.console.sign_in.passwords import hash_password
from hotline.operations.console import coordinator
from tests.console.centre import PASSWORD, QUICKLY, Centre, press, token

IDLE = timedelta(minutes=15)
POLL = {"X-Board": "1"}
TOUCHED = {**POLL, "X-Touched": "1"}
_LOTS = re.compile(r"[0-9a-f]{16,}|(?<=value=\")[\w.-]{40,}")
"""Ids and tokens, which have any four digits in them now and then."""
SECRETS = ("0142", "0177", "0188", "0123", "pills", "Chloe", "Ben Ortiz", "Eve Stone")
"""Ends of numbers, words of callers, names of staff."""


@pytest.fixture
def full(centre: Centre) -> Centre:
    """Emergencies by text and by telephone, a caller who holds, a callback that somebody has, a text."""
    centre.texts("I took all the pills and I want to die", "+16175550177")
    emergency = centre.escalation()
    chloe = centre.people["Chloe Baptiste"]
    centre.application.change(lambda transaction: coordinator.accept(transaction, emergency, chloe))
    centre.calls_in("+16175550188", "1")
    centre.claims("Ben Ortiz", centre.asks_for_callback("+16175550142"))
    centre.calls_in("+16175550123", "2")
    return centre


def _left(centre: Centre, name: str = "Ana Lima") -> FlaskClient:
    client = centre.signed_in(name)
    assert client.get("/board").status_code == 200
    centre.clock.pass_by(IDLE)
    return client


def _unlock(
    client: FlaskClient, password: str = PASSWORD, *, script: bool = False, back: str = ""
) -> TestResponse:
    data = {"csrf_token": token(client, "/board"), "password": password, "back": back}
    return client.post("/unlock", data=data, headers=POLL if script else {})


@pytest.mark.parametrize("name", ["Ana Lima", "Eve Stone"])
def test_a_locked_board_watches_on_and_holds_nothing_of_people(full: Centre, name: str) -> None:
    """No number, no name, no word, no button; the alarm has what it needs, and waits are counted."""
    open_page = full.signed_in(name).get("/board").text
    assert all(secret in open_page for secret in ("0142", "0188", "Chloe"))
    client = _left(full, name)
    for answer in (client.get("/board/live", headers=POLL), client.get("/board")):
        assert answer.status_code == 200
        page = answer.text.replace(f"Password of {name}", "").replace(f">{name}<span", "")
        page = _LOTS.sub("", page)
        assert [secret for secret in (*SECRETS, name) if secret in page] == []
        assert page.count('data-emergency="open"') == page.count('data-emergency="accepted"') == 1
        assert "/board/callbacks/" not in page
        assert "/board/escalations/" not in page
        assert "<b>2</b> emergencies" in page
        assert answer.headers["X-Locked"] == "1"


def test_a_new_emergency_sounds_on_a_locked_board(centre: Centre) -> None:
    """It appears there like everywhere, and what hasn't changed still costs one tiny query."""
    client = _left(centre)
    first = client.get("/board/live", headers=POLL)
    assert (
        client.get("/board/live", headers={**POLL, "If-None-Match": first.headers["ETag"]}).status_code == 304
    )
    centre.texts("I want to die")
    later = client.get("/board/live", headers={**POLL, "If-None-Match": first.headers["ETag"]})
    assert 'data-emergency="open"' in later.text


def test_what_was_open_is_not_taken_for_what_is_locked(full: Centre) -> None:
    """The same board, in the same minute, has another tag as soon as it is locked; and so back again."""
    client = full.signed_in("Ana Lima")
    full.clock.pass_by(IDLE - timedelta(seconds=1))
    tag = client.get("/board/live", headers=POLL).headers["ETag"]
    full.clock.pass_by(timedelta(seconds=1))
    locked = client.get("/board/live", headers={**POLL, "If-None-Match": tag})
    assert locked.status_code == 200
    _unlock(client, script=True)
    opened = client.get("/board/live", headers={**POLL, "If-None-Match": locked.headers["ETag"]})
    assert "0142" in opened.text


@pytest.mark.parametrize("page", ["/deliveries", "/threads/{}", "/board"])
def test_every_page_is_locked_and_comes_back_to_itself(centre: Centre, page: str) -> None:
    """With nothing of it meanwhile, whether it is loaded anew or asks for its living part."""
    contact = centre.asks_for_callback() and centre.calls_in("+16175550142", "2")
    page = page.format(contact)
    client = _left(centre)
    for answer in (client.get(page), client.get(f"{page}/live", headers=POLL)):
        assert answer.headers["X-Locked"] == "1"
        assert "0142" not in answer.text
        assert 'class="covered"' in answer.text
    assert _unlock(client, back=page).location == page
    assert "X-Locked" not in client.get(page).headers


@pytest.mark.parametrize("given", [TOUCHED, {}])
def test_a_touch_unlocks_nothing_and_no_button_works(full: Centre, given: dict[str, str]) -> None:
    """Whoever passes by can move the pointer; only the password opens the page."""
    client = _left(full)
    assert client.get("/board/live", headers=given).headers["X-Locked"] == "1"
    assert client.get("/board/live", headers=given).headers["X-Locked"] == "1"
    emergency = full.escalation()
    accepted = full.audited().count("accept")
    refused = press(client, f"/board/escalations/{emergency}/accept", script=True)
    assert (refused.status_code, refused.json["good"]) == (423, False)  # type: ignore[index]
    assert press(client, f"/board/escalations/{emergency}/accept").location == "/board"
    assert full.audited().count("accept") == accepted


def test_a_wrong_password_keeps_it_locked_and_counts_like_any_try(centre: Centre) -> None:
    """Five are free; then even the right one waits, and signing in on this device, too."""
    client = _left(centre)
    for number in range(5):
        refused = _unlock(client, "wrong", script=number % 2 == 0)
        assert refused.status_code == (403 if number % 2 == 0 else 303)
    assert _unlock(client, script=True).status_code == 429
    assert _unlock(client).status_code == 429
    assert client.get("/board/live", headers=POLL).headers["X-Locked"] == "1"
    centre.clock.pass_by(timedelta(minutes=1))
    assert _unlock(client, script=True).json == {"said": "Unlocked.", "good": True}
    assert centre.audited()[-1] == "unlock"
    assert centre.audited().count("unlock refused") == 5


def test_a_colleagues_password_opens_nobody_elses_page(centre: Centre) -> None:
    """They sign out and in instead."""
    bens = "a horse of another colour"
    centre.change_person("Ben Ortiz", password_hash=hash_password(bens, QUICKLY))
    client = _left(centre, "Ana Lima")
    assert _unlock(client, bens, script=True).status_code == 403
    assert _unlock(client, script=True).status_code == 200


def test_a_locked_session_still_ends_and_can_be_signed_out(centre: Centre) -> None:
    """After the longest shift there is only the sign-in; and whoever finds it may sign out for her."""
    client = _left(centre)
    gone = centre.signed_in("Ben Ortiz")
    centre.clock.pass_by(timedelta(hours=14))
    assert gone.get("/board/live", headers=POLL).status_code == 401
    assert client.get("/board").location == "/sign-in?next=/board"
    other = _left(centre)
    press(other, "/sign-out")
    assert other.get("/board").status_code == 303
    assert centre.audited()[-1] == "sign out"


def test_without_its_token_the_lock_opens_for_nobody(centre: Centre) -> None:
    """Another site can't send guesses through her browser."""
    client = _left(centre)
    assert client.post("/unlock", data={"password": PASSWORD}).status_code == 400
    assert centre.someone().post("/unlock", data={"password": PASSWORD}).status_code in (303, 400)


def test_nobody_is_sent_elsewhere_by_the_lock(centre: Centre) -> None:
    """Whatever the form says."""
    assert _unlock(_left(centre), back="//evil.example").location == "/board"
