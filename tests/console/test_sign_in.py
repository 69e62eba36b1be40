"""Signing in and out, and how long it lasts."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient

from hotline.model import Role
from hotline.store import staff
from tests.console.centre import PASSWORD, Centre, open_centre, press, sign_in, token

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
TOUCHED = {"X-Board": "1", "X-Touched": "1"}
POLL = {"X-Board": "1"}


@pytest.mark.parametrize("who", ["Ana Lima", " ana  LIMA ", "+16175550201", "(617) 555-0201", "617 555 0201"])
def test_a_name_or_a_phone_however_it_is_written_opens_the_board(centre: Centre, who: str) -> None:
    """Straight to the board."""
    client = centre.someone()
    response = sign_in(client, who)
    assert (response.status_code, response.location) == (303, "/board")
    assert client.get("/board").status_code == 200
    assert client.get("/sign-in").location == "/board"
    assert client.get("/").location == "/board"


def test_nobody_learns_from_a_refusal_whether_an_account_exists(centre: Centre) -> None:
    """Wrong password, unknown name, no longer on the staff, no password yet: the same answer, word for word."""
    centre.change_person("Ben Ortiz", active=False)
    centre.change_person("Chloe Baptiste", password_hash=None)
    tries = [
        ("Ana Lima", "wrong"),
        ("Zoe Nobody", PASSWORD),
        ("Ben Ortiz", PASSWORD),
        ("Chloe Baptiste", PASSWORD),
    ]
    answers = set()
    for who, password in tries:
        client = centre.someone()
        response = sign_in(client, who, password)
        assert response.status_code == 401
        assert client.get("/board").status_code == 303
        plain = re.sub(r'name="csrf_token" value="[^"]+"', "", response.text)
        answers.add(plain.replace(who, "WHO"))
    assert len(answers) == 1
    assert centre.audited() == ["sign in refused"] * 4


def test_what_was_typed_comes_back_harmless(centre: Centre) -> None:
    """The name, never the password."""
    text = sign_in(centre.someone(), '"><script>alert(1)</script>', "hunter2hunter2").text
    assert "<script>alert" not in text
    assert "hunter2hunter2" not in text


@pytest.mark.parametrize(
    ("wanted", "got"),
    [
        ("/board", "/board"),
        ("/board?x=1", "/board?x=1"),
        ("//evil.example", "/board"),
        ("/\\evil.example", "/board"),
        ("https://evil.example", "/board"),
        ("javascript:alert(1)", "/board"),
        ("/board\r\nX-Evil: 1", "/board"),
        ("/board\n", "/board"),
        ("/ /evil.example", "/board"),
        ("evil.example", "/board"),
        ("/@evil.example", "/board"),
        ("", "/board"),
    ],
)
def test_after_sign_in_nobody_is_sent_elsewhere(centre: Centre, wanted: str, got: str) -> None:
    """Whatever the link said."""
    client = centre.someone()
    form = {"csrf_token": token(client, "/sign-in"), "who": "Ana Lima", "password": PASSWORD}
    response = client.post("/sign-in", query_string={"next": wanted}, data=form)
    assert (response.status_code, response.location) == (303, got)


def test_a_stranger_is_asked_in_and_brought_back(centre: Centre) -> None:
    """To the page that they wanted."""
    client = centre.someone()
    response = client.get("/board")
    assert response.location == "/sign-in?next=/board"
    assert sign_in(client, "Ana Lima", onward="?next=/board").location == "/board"


def test_the_sixth_wrong_try_of_a_minute_waits_even_with_the_right_password(centre: Centre) -> None:
    """From one address; kindly, and with what still works."""
    for number in range(5):
        assert sign_in(centre.someone(), f"Somebody {number}", "wrong").status_code == 401
    response = sign_in(centre.someone(), "Ana Lima")
    assert response.status_code == 429
    assert "Please wait a minute" in response.text
    assert "phones still ring" in response.text


def test_one_account_tried_from_many_addresses_waits_too(centre: Centre) -> None:
    """Other accounts don't."""
    for number in range(5):
        assert _try_from(centre.someone(), f"10.0.0.{number}", "Ana Lima", "wrong") == 401
    assert _try_from(centre.someone(), "10.0.0.9", " ANA lima", PASSWORD) == 429
    assert _try_from(centre.someone(), "10.0.0.9", "Ben Ortiz", PASSWORD) == 303


def _try_from(client: FlaskClient, address: str, who: str, password: str) -> int:
    form = {"csrf_token": token(client, "/sign-in"), "who": who, "password": password}
    return client.post("/sign-in", data=form, environ_base={"REMOTE_ADDR": address}).status_code


def test_a_whole_shift_may_sign_in_from_one_address(centre: Centre) -> None:
    """Only failures are counted."""
    for _ in range(7):
        centre.signed_in("Ana Lima")


@pytest.mark.parametrize(
    ("base", "name"), [("http://127.0.0.1", "hotline"), ("https://h.example", "__Host-hotline")]
)
def test_cookies_are_out_of_reach(tmp_path: Path, base: str, name: str) -> None:
    """Of scripts, of other sites and, wherever there is https, of the wire."""
    centre = open_centre(tmp_path, PUBLIC_BASE_URL=base)
    client = centre.app.test_client()
    page = client.get("/sign-in", base_url=base)
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found is not None
    form = {"csrf_token": found[1], "who": "Ana Lima", "password": PASSWORD}
    cookies = client.post("/sign-in", base_url=base, data=form).headers.getlist("Set-Cookie")
    assert sorted(cookie.split("=")[0] for cookie in cookies) == [name, f"{name}_touched"]
    for cookie in cookies:
        flags = set(cookie.split("; ")[1:])
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= flags
        assert ("Secure" in flags) == base.startswith("https")
        assert not any(flag.startswith("Domain") for flag in flags)
    assert client.get("/board", base_url=base).status_code == 200
    centre.house.database.dispose()


def test_a_board_that_nobody_touches_signs_itself_out(centre: Centre) -> None:
    """Its own polling keeps nobody signed in."""
    client = centre.signed_in("Ana Lima")
    for _ in range(14):
        centre.clock.pass_by(MINUTE)
        assert client.get("/board/live", headers=POLL).status_code == 200
    centre.clock.pass_by(59 * SECOND)
    assert client.get("/board/live", headers=POLL).headers["X-Idle-Left"] == "1"
    centre.clock.pass_by(SECOND)
    assert client.get("/board/live", headers=POLL).status_code == 401
    assert client.get("/board").status_code == 303


def test_a_touch_keeps_somebody_signed_in_but_not_beyond_the_longest_shift(centre: Centre) -> None:
    """A moved pointer that the board reports, with or without anything new on it."""
    client = centre.signed_in("Ana Lima")
    etag = client.get("/board/live", headers=POLL).headers["ETag"]
    for _ in range(83):
        centre.clock.pass_by(10 * MINUTE)
        etag = client.get("/board/live", headers={**TOUCHED, "If-None-Match": etag}).headers["ETag"]
    centre.clock.pass_by(10 * MINUTE)
    assert client.get("/board/live", headers=TOUCHED).status_code == 401


def test_a_touch_counts_when_nothing_is_new(centre: Centre) -> None:
    """304 renews as well."""
    client = centre.signed_in("Ana Lima")
    centre.clock.pass_by(MINUTE)
    etag = client.get("/board/live", headers=POLL).headers["ETag"]
    centre.clock.pass_by(30 * SECOND)
    response = client.get("/board/live", headers={**TOUCHED, "If-None-Match": etag})
    assert response.status_code == 304
    assert response.headers["X-Idle-Left"] == "900"
    centre.clock.pass_by(14 * MINUTE)
    assert client.get("/board/live", headers=POLL).status_code == 200


@pytest.mark.parametrize("different", [{"session_epoch": 1}, {"active": False}, {"roles": frozenset[Role]()}])
def test_whoever_loses_their_account_loses_the_board_at_once(
    centre: Centre, different: dict[str, object]
) -> None:
    """An old ETag doesn't help."""
    client = centre.signed_in("Ana Lima")
    etag = client.get("/board/live", headers=POLL).headers["ETag"]
    centre.change_person("Ana Lima", **different)
    refused = 403 if "roles" in different else 401
    assert client.get("/board/live", headers={**POLL, "If-None-Match": etag}).status_code == refused
    assert client.get("/board").status_code in (303, 403)


def test_signing_out_is_signing_out(centre: Centre) -> None:
    """A late answer to the board's polling doesn't bring the session back."""
    client = centre.signed_in("Ana Lima")
    late = client.get_cookie("hotline_touched")
    assert press(client, "/sign-out").location == "/sign-in?bye=1"
    assert client.get_cookie("hotline_touched") is None
    assert late is not None
    client.set_cookie("hotline_touched", late.value)
    assert client.get("/board").status_code == 303
    assert centre.audited() == ["sign in", "viewed board", "sign out"]


def test_a_forged_or_foreign_touch_is_none(centre: Centre) -> None:
    """Neither another session's nor nonsense."""
    ana, ben = centre.signed_in("Ana Lima"), centre.signed_in("Ben Ortiz")
    foreign = ben.get_cookie("hotline_touched")
    assert foreign is not None
    for value in (foreign.value, "nonsense", ""):
        ana.set_cookie("hotline_touched", value)
        assert ana.get("/board").status_code == 303


def test_a_session_begins_anew_at_sign_in(centre: Centre) -> None:
    """Nothing of what was in the browser before is kept: neither its token nor another's session."""
    client = centre.someone()
    before = token(client, "/sign-in")
    sign_in(client, "Ana Lima")
    old = client.post("/sign-out", data={"csrf_token": before})
    assert old.status_code == 400


def test_a_weak_hash_is_strengthened_at_sign_in(centre: Centre) -> None:
    """Once, and the password still works."""
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    centre.change_person("Ana Lima", password_hash=weak)
    centre.signed_in("Ana Lima")
    row = centre.house.look(lambda desk: staff.get(desk.tx, centre.people["Ana Lima"]))
    assert row is not None
    assert row.password_hash not in (None, weak)
    centre.signed_in("Ana Lima")
