"""Signing in and out, and how long it lasts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient

from hotline.console.sign_in import tries
from hotline.console.sign_in.tries import Backoff
from hotline.model import PhoneNumber, Role
from hotline.operations.transaction import Transaction
from hotline.store.people import staff
from tests.console.centre import PASSWORD, Centre, open_centre, press, sign_in, token

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
TOUCHED = {"X-Board": "1", "X-Touched": "1"}
POLL = {"X-Board": "1"}
STRICT = {"sign_in_limit": "1/minute"}


@pytest.fixture
def strict(tmp_path: Path) -> Iterator[Centre]:
    """A centre in which one failure is free, ten from everywhere: checking a password takes its time, in tests too."""
    opened = open_centre(tmp_path, STRICT)
    yield opened
    opened.application.database.dispose()


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
    """For one account from one address; kindly, with when to try again, and with what still works."""
    for _ in range(5):
        assert sign_in(centre.someone(), "Ana Lima", "wrong").status_code == 401
    response = sign_in(centre.someone(), "Ana Lima")
    assert response.status_code == 429
    assert response.headers["Retry-After"] == "60"
    assert "Please wait a minute" in response.text
    assert "phones still ring" in response.text
    assert sign_in(centre.someone(), "Ben Ortiz").status_code == 303
    centre.clock.pass_by(MINUTE)
    assert sign_in(centre.someone(), "Ana Lima").status_code == 303


def test_each_failure_more_makes_the_next_try_wait_longer(centre: Centre) -> None:
    """Twice as long, up to a quarter of an hour; its page says how long."""
    for _ in range(5):
        sign_in(centre.someone(), "Ana Lima", "wrong")
    waited = []
    for _ in range(3):
        refused = sign_in(centre.someone(), "Ana Lima")
        waited.append(int(refused.headers["Retry-After"]))
        centre.clock.pass_by(waited[-1] * SECOND)
        assert sign_in(centre.someone(), "Ana Lima", "wrong").status_code == 401
    assert waited == [60, 120, 240]
    assert "Please wait 8 minutes" in sign_in(centre.someone(), "Ana Lima").text


def test_a_name_and_its_phone_are_one_account(centre: Centre) -> None:
    """However it is written: nobody gets twice as many tries."""
    for who in ("Ana Lima", "+16175550201", "(617) 555-0201", " ana  LIMA", "617 555 0201"):
        assert sign_in(centre.someone(), who, "wrong").status_code == 401
    assert sign_in(centre.someone(), "+16175550201", "wrong").status_code == 429


def test_a_stranger_who_guesses_elsewhere_doesn_t_keep_her_out(centre: Centre) -> None:
    """Not even on a device that she has never used."""
    for _ in range(6):
        try_from(centre.someone(), "203.0.113.7", "Ana Lima", "wrong")
    assert try_from(centre.someone(), "10.0.0.9", " ANA lima", PASSWORD) == 303


def test_many_strangers_keep_nobody_out(strict: Centre) -> None:
    """Guesses from everywhere, and from her own address: on a device that she has used she signs in as ever, and on a
    new one from wherever nobody has guessed; from there the guesses of her own address count."""
    centre = strict
    hers, colleague = centre.signed_in("Ana Lima"), centre.signed_in("Ben Ortiz")
    press(hers, "/sign-out")
    press(colleague, "/sign-out")
    for number in range(10):
        try_from(centre.someone(), f"10.0.{number}.1", "Ana Lima", "wrong")
        try_from(centre.someone(), "127.0.0.1", f"Somebody {number}", "wrong")
    for browser in (centre.someone(), colleague):
        assert try_from(browser, "127.0.0.1", "Ana Lima", PASSWORD) == 429
    assert try_from(centre.someone(), "10.0.3.1", "Ana Lima", PASSWORD) == 429
    assert try_from(centre.someone(), "203.0.113.7", "Ana Lima", PASSWORD) == 303


def test_guesses_from_hundreds_of_addresses_wait_all_the_same(strict: Centre) -> None:
    """A first try from each would else be a guess without a limit."""

    def waits(transaction: Transaction, number: int) -> bool:
        made = tries.attempt("secret", Backoff.read("1/minute"), "p0", f"10.1.{number}.1", None)
        return tries.take(transaction, made) > timedelta(0)

    waited = [strict.application.change(partial(waits, number=number)) for number in range(101)]
    assert waited == [False] * 100 + [True]


def test_her_own_device_signs_in_whatever_strangers_do(strict: Centre) -> None:
    """However many there are."""
    centre = strict
    hers = centre.signed_in("Ana Lima")
    press(hers, "/sign-out")
    for number in range(10):
        try_from(centre.someone(), f"10.0.{number}.1", "Ana Lima", "wrong")
        try_from(centre.someone(), "127.0.0.1", f"Somebody {number}", "wrong")
    assert try_from(hers, "127.0.0.1", "Ana Lima", PASSWORD) == 303


def test_a_device_that_is_known_has_a_limit_of_its_own(centre: Centre) -> None:
    """Whoever has stolen one guesses no faster than anybody else."""
    hers = centre.signed_in("Ana Lima")
    press(hers, "/sign-out")
    statuses = [try_from(hers, "127.0.0.1", "Ana Lima", "wrong") for _ in range(7)]
    assert statuses == [401] * 5 + [429] * 2


@pytest.mark.parametrize("cookie", ["nonsense", "", "WyJ4IixbInAwIl1d.c2ln"])
def test_a_device_can_t_be_made_up(centre: Centre, cookie: str) -> None:
    """An unsigned one is none."""
    for _ in range(5):
        sign_in(centre.someone(), "Ana Lima", "wrong")
    client = centre.someone()
    client.set_cookie("hotline_device", cookie)
    assert sign_in(client, "Ana Lima").status_code == 429


def try_from(client: FlaskClient, address: str, who: str, password: str, forwarded: str = "") -> int:
    form = {"csrf_token": token(client, "/sign-in"), "who": who, "password": password}
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return client.post(
        "/sign-in", data=form, headers=headers, environ_base={"REMOTE_ADDR": address}
    ).status_code


def test_behind_a_proxy_that_is_trusted_the_caller_s_own_address_counts(tmp_path: Path) -> None:
    """A stranger there doesn't use up what others behind the same proxy have."""
    centre = open_centre(tmp_path, {**STRICT, "trusted_proxies": ("10.0.0.0/8",)})
    for number in range(10):
        try_from(centre.someone(), "10.1.1.1", f"Somebody {number}", "wrong", "203.0.113.7")
    assert try_from(centre.someone(), "10.1.1.1", "Ana Lima", PASSWORD, "203.0.113.7") == 429
    assert try_from(centre.someone(), "10.1.1.1", "Ana Lima", PASSWORD, "198.51.100.4") == 303
    centre.application.database.dispose()


def test_what_somebody_says_of_their_address_is_not_believed(centre: Centre) -> None:
    """Without a trusted proxy, it is the connection that counts."""
    statuses = [
        try_from(centre.someone(), "203.0.113.7", "Ana Lima", "wrong", f"198.51.100.{number}")
        for number in range(6)
    ]
    assert statuses[-1] == 429


def test_a_whole_shift_may_sign_in_at_once_and_leaves_no_trace_of_tries(strict: Centre) -> None:
    """What was right never counted."""
    for _ in range(3):
        for name in ("Ana Lima", "Ben Ortiz", "Chloe Baptiste", "Eve Stone", "Adam Cole"):
            assert sign_in(strict.someone(), name).status_code == 303


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
    assert sorted(cookie.split("=")[0] for cookie in cookies) == [name, f"{name}_device"]
    for cookie in cookies:
        flags = set(cookie.split("; ")[1:])
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= flags
        assert ("Secure" in flags) == base.startswith("https")
        assert not any(flag.startswith("Domain") for flag in flags)
    assert client.get("/board", base_url=base).status_code == 200
    centre.application.database.dispose()


def test_a_board_that_nobody_touches_is_locked(centre: Centre) -> None:
    """Its own polling keeps no page open."""
    client = centre.signed_in("Ana Lima")
    for _ in range(14):
        centre.clock.pass_by(MINUTE)
        assert client.get("/board/live", headers=POLL).status_code == 200
    centre.clock.pass_by(59 * SECOND)
    assert client.get("/board/live", headers=POLL).headers["X-Idle-Left"] == "1"
    centre.clock.pass_by(SECOND)
    assert client.get("/board/live", headers=POLL).headers["X-Locked"] == "1"
    assert "X-Locked" in client.get("/board").headers


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


ENDS: dict[str, dict[str, object]] = {
    "reset": {"session_epoch": 1},
    "off the staff": {"active": False},
    "other roles": {"roles": frozenset({Role.SUPERVISOR})},
    "no roles": {"roles": frozenset[Role]()},
}


@pytest.mark.parametrize("different", ENDS.values(), ids=ENDS)
def test_whoever_loses_their_account_loses_the_board_at_once(
    centre: Centre, different: dict[str, object]
) -> None:
    """An old ETag doesn't help, and neither does being put back: every session of theirs has ended."""
    client, other = centre.signed_in("Ana Lima"), centre.signed_in("Ben Ortiz")
    etag = client.get("/board/live", headers=POLL).headers["ETag"]
    centre.change_person("Ana Lima", **different)
    assert client.get("/board/live", headers={**POLL, "If-None-Match": etag}).status_code == 401
    centre.change_person("Ana Lima", active=True, roles=frozenset({Role.COORDINATOR}))
    assert client.get("/board").status_code == 303
    assert other.get("/board").status_code == 200


def test_another_name_or_phone_ends_no_session(centre: Centre) -> None:
    """Nobody is thrown off the board in the middle of a call for that."""
    client = centre.signed_in("Ana Lima")
    centre.change_person("Ana Lima", phone=PhoneNumber("+16175550299"), verified=False)
    assert client.get("/board").status_code == 200


def test_a_copied_cookie_is_worth_nothing_after_signing_out(centre: Centre) -> None:
    """In no browser, and neither does a late answer to the board's polling bring the session back."""
    client, thief = centre.someone(), centre.someone()
    sign_in(client, "Ana Lima")
    copied = client.get_cookie("hotline")
    assert copied is not None
    thief.set_cookie("hotline", copied.value)
    assert thief.get("/board").status_code == 200
    assert press(client, "/sign-out").location == "/sign-in?bye=1"
    assert thief.get("/board").status_code == 303
    assert thief.get("/board/live", headers=TOUCHED).status_code == 401
    assert centre.audited() == ["sign in", "viewed board", "sign out"]


def test_signing_in_again_ends_the_session_that_the_browser_had(centre: Centre) -> None:
    """And its copies with it."""
    client, thief = centre.signed_in("Ana Lima"), centre.someone()
    copied = client.get_cookie("hotline")
    assert copied is not None
    thief.set_cookie("hotline", copied.value)
    form = {"csrf_token": token(client, "/board"), "who": "Ana Lima", "password": PASSWORD}
    assert client.post("/sign-in", data=form).status_code == 303
    assert client.get("/board").status_code == 200
    assert thief.get("/board").status_code == 303


def test_the_database_holds_nothing_that_could_be_a_cookie(centre: Centre) -> None:
    """A hash of it: whoever reads a backup is signed in nowhere."""
    client = centre.signed_in("Ana Lima")
    held = client.get_cookie("hotline")
    assert held is not None
    with client.session_transaction() as session:
        secret = session["sid"]
    assert secret.encode() not in centre.database_file.read_bytes()
    wal = centre.database_file.with_name(centre.database_file.name + "-wal")
    assert secret.encode() not in wal.read_bytes()


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
    assert sign_in(centre.someone(), "Ana Lima").status_code == 303
    row = centre.application.look(lambda transaction: staff.get(transaction.tx, centre.people["Ana Lima"]))
    assert row is not None
    assert row.password_hash not in (None, weak)
    assert sign_in(centre.someone(), "Ana Lima").status_code == 303
