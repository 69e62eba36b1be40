"""The second step of signing in: six digits of an app, recovery codes, and the account page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pyotp
import pytest
import segno
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hotline.operations.people import members
from hotline.operations.sign_in import inviting, second_proof
from hotline.operations.transaction import Transaction
from hotline.settings.centre import SecondStep
from hotline.store.people import second_factors, staff
from tests.console.centre import PASSWORD, Centre, open_centre, press, sign_in, token
from tests.console.links import chooses, link_for, opens

STEP = timedelta(seconds=30)
NEW = "a wholly different one"


@pytest.fixture
def required(tmp_path: Path) -> Iterator[Centre]:
    """A centre that asks everybody for it; two tries are free."""
    table = {"second_step": SecondStep.REQUIRED, "sign_in_limit": "2/minute"}
    opened = open_centre(tmp_path, table)
    yield opened
    opened.application.database.dispose()


def switched_on(centre: Centre, name: str = "Ana Lima") -> tuple[pyotp.TOTP, list[str]]:
    """Somebody has it; their app, and their recovery codes. The clock has gone on, so that a new code shows."""
    who = centre.people[name]
    secret = centre.application.change(lambda transaction: second_proof.begin(transaction, who)).secret
    app = pyotp.TOTP(secret)
    given = app.at(centre.clock())
    codes = centre.application.change(lambda transaction: second_proof.confirm(transaction, who, given))
    assert codes is not None
    centre.clock.pass_by(STEP)
    return app, list(codes)


def types(client: FlaskClient, code: str, onward: str = "") -> TestResponse:
    """Fill in the second form and send it."""
    form = {"csrf_token": token(client, "/sign-in/second"), "code": code}
    return client.post(f"/sign-in/second{onward}", data=form)


def is_in(client: FlaskClient) -> bool:
    """Whether the board shows."""
    return client.get("/board").status_code == 200


def said(response: TestResponse) -> str:
    """The words of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).split())


def test_a_password_alone_opens_nothing_and_the_six_digits_open_what_was_wanted(centre: Centre) -> None:
    """Spaces or not, as apps show them."""
    app, _ = switched_on(centre)
    client = centre.someone()
    response = sign_in(client, "Ana Lima", onward="?next=/deliveries")
    assert response.location == "/sign-in/second?next=/deliveries"
    assert not is_in(client)
    assert client.get("/account").status_code == 303
    code = app.at(centre.clock())
    response = types(client, f"{code[:3]} {code[3:]}", "?next=/deliveries")
    assert (response.status_code, response.location) == (303, "/deliveries")
    assert is_in(client)
    assert "sign in app" in centre.audited()


def squares(drawn: str) -> set[tuple[int, int]]:
    """The dark squares of a picture, by row and column: of its path, in which a line is a row of them."""
    x = y = 0.0
    found: set[tuple[int, int]] = set()
    for step, first, second in re.findall(r"([Mmh])(-?[\d.]+)(?: ?(-?[\d.]+))?", drawn):
        if step == "h":
            found |= {(int(y), int(x) + n) for n in range(int(first))}
            x += float(first)
        else:
            x, y = (0.0, 0.0) if step == "M" else (x, y)
            x, y = x + float(first), y + float(second)
    return found


def test_the_picture_holds_the_secret_that_stands_beside_it_and_whose_it_is(centre: Centre) -> None:
    """Square by square: an app that reads it shows the codes of this account, under its name and the line's."""
    client = centre.signed_in("Ana Lima")
    press(client, "/account/second-step/begin", password=PASSWORD)
    page = client.get("/account").text
    (shown,) = re.findall(r'<code class="secret">([A-Z2-7 ]+)</code>', page)
    (drawn,) = re.findall(r'class="qrline"[^>]* d="([^"]+)"', page)
    line, secret = quote(centre.application.settings.centre.line.name), shown.replace(" ", "")
    assert len(secret) >= 32
    said = f"otpauth://totp/{line}:Ana%20Lima?secret={secret}&issuer={line}"
    expected = enumerate(segno.make(said, error="m").matrix_iter(border=4))
    assert squares(drawn) == {(row, at) for row, line in expected for at, dark in enumerate(line) if dark}


@pytest.mark.parametrize(("late", "opens"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_telephone_s_clock_may_be_half_a_minute_off_and_no_more(
    centre: Centre, late: int, opens: bool
) -> None:
    """Early or late."""
    app, _ = switched_on(centre)
    centre.clock.pass_by(3 * STEP)
    client = centre.someone()
    sign_in(client, "Ana Lima")
    assert types(client, app.at(centre.clock() + late * STEP)).status_code == (303 if opens else 401)
    assert is_in(client) is opens


def test_a_code_that_somebody_has_seen_is_worth_nothing_once_it_was_used(centre: Centre) -> None:
    """Nor an earlier one; the next one is."""
    app, _ = switched_on(centre)
    seen = app.at(centre.clock())
    first, second = centre.someone(), centre.someone()
    sign_in(first, "Ana Lima")
    sign_in(second, "Ana Lima")
    assert types(first, seen).status_code == 303
    refused = types(second, seen)
    assert refused.status_code == 401
    assert "was used already" in refused.text
    assert types(second, app.at(centre.clock() - STEP)).status_code == 401
    assert types(second, app.at(centre.clock() + STEP)).status_code == 303


@pytest.mark.parametrize("code", ["", "000000", "12345", "1234567", "abcdef", "٠١٢٣٤٥", "2" * 40, "é" * 6])
def test_a_wrong_code_lets_nobody_in_and_says_what_to_look_at(centre: Centre, code: str) -> None:
    """Whatever was typed; it is in the audit trail as theirs."""
    app, _ = switched_on(centre)
    if code == app.at(centre.clock()):
        pytest.skip("one in a million")
    client = centre.someone()
    sign_in(client, "Ana Lima")
    response = types(client, code)
    assert response.status_code == 401
    assert "clock is right" in response.text
    assert not is_in(client)
    assert "second proof refused" in centre.audited()


def test_a_recovery_code_opens_once_however_it_is_typed(centre: Centre) -> None:
    """And the account page says how many are left."""
    _, codes = switched_on(centre)
    assert len(set(codes)) == second_proof.CODES == 8
    client, again = centre.someone(), centre.someone()
    sign_in(client, "Ana Lima")
    assert types(client, codes[0].lower().replace("-", " ")).status_code == 303
    assert "7 recovery codes are left" in said(client.get("/account"))
    assert "Signed in by password and a recovery code" in said(client.get("/account"))
    sign_in(again, "Ana Lima")
    assert types(again, codes[0]).status_code == 401
    assert types(again, codes[1]).status_code == 303


def test_what_is_kept_opens_nothing(centre: Centre) -> None:
    """The secret is sealed, of the codes there are hashes."""
    app, codes = switched_on(centre)
    centre.application.database.dispose()
    kept = centre.database_file.read_bytes()
    wal = centre.database_file.with_name(centre.database_file.name + "-wal")
    kept += wal.read_bytes() if wal.exists() else b""
    for secret in (app.secret, *codes, *(one.replace("-", "") for one in codes)):
        assert secret.encode() not in kept


def test_guesses_are_slowed_down_and_a_stranger_uses_none_of_them_up(required: Centre) -> None:
    """Two are free here; who doesn't know the password can't try at all."""
    app, _ = switched_on(required)
    stranger = required.someone()
    for _ in range(4):
        data = {"csrf_token": token(stranger, "/sign-in"), "code": "123456"}
        assert stranger.post("/sign-in/second", data=data).location == "/sign-in?over=1"
    client = required.someone()
    sign_in(client, "Ana Lima")
    assert [types(client, "000000").status_code for _ in range(2)] == [401, 401]
    waits = types(client, app.at(required.clock()))
    assert (waits.status_code, "Retry-After" in waits.headers) == (429, True)
    required.clock.pass_by(timedelta(minutes=2))
    assert types(client, app.at(required.clock())).status_code == 303


@pytest.mark.parametrize("change", ["ten minutes", "another password", "off the staff"])
def test_halfway_ends(centre: Centre, change: str) -> None:
    """With time, with another password, and with the account: back to the start, which says why."""
    app, _ = switched_on(centre)
    client = centre.someone()
    sign_in(client, "Ana Lima")
    page = token(client, "/sign-in/second")
    match change:
        case "ten minutes":
            centre.clock.pass_by(timedelta(minutes=10))
        case "another password":
            centre.change_person("Ana Lima", session_epoch=7)
        case _:
            centre.change_person("Ana Lima", active=False)
    code = app.at(centre.clock())
    response = client.post("/sign-in/second", data={"csrf_token": page, "code": code})
    assert response.location == "/sign-in?over=1"
    assert client.get("/sign-in/second").location == "/sign-in?over=1"
    assert not is_in(client)


def test_a_one_time_code_for_a_new_password_is_no_way_around_it(centre: Centre) -> None:
    """Whoever was given it by an administrator has the phone, or asks to have the second step switched off."""
    app, _ = switched_on(centre)

    link = link_for(centre, "Ana Lima", inviting.reset)
    client = centre.someone()
    opens(client, link.code)
    assert chooses(client, NEW).location == "/sign-in/second"
    assert not is_in(client)
    assert types(client, app.at(centre.clock())).status_code == 303
    assert is_in(client)


# --- where it must be ----------------------------------------------------------------------------------------------


def test_where_it_must_be_it_is_set_up_at_the_door(required: Centre) -> None:
    """Picture and letters, then the codes, this once, and from there to where they wanted to go."""
    client = required.someone()
    assert sign_in(client, "Eve Stone").location == "/sign-in/second"
    assert not is_in(client)
    page = client.get("/sign-in/second")
    assert "Set up the second step" in page.text
    assert "<svg" in page.text
    secret = re.search(r'class="secret">([^<]+)<', page.text)
    assert secret is not None
    app = pyotp.TOTP(secret[1].replace(" ", ""))
    assert types(client, "000000").status_code == 401
    assert not is_in(client)
    done = types(client, app.at(required.clock()))
    assert done.status_code == 200
    codes = re.findall(r"<li><code>([^<]+)</code>", done.text)
    assert len(codes) == second_proof.CODES
    assert 'href="/board"' in done.text
    assert is_in(client)
    later = required.someone()
    required.clock.pass_by(STEP)
    sign_in(later, "Eve Stone")
    assert "recovery code" in client.get("/account").text
    assert "open the authenticator app" in said(later.get("/sign-in/second"))
    assert types(later, codes[3]).status_code == 303


def test_where_it_must_be_nobody_switches_it_off_for_themselves(required: Centre) -> None:
    """Not even with their password."""
    switched_on(required)
    client = required.signed_in("Ana Lima")
    assert "Switch it off" not in client.get("/account").text
    refused = press(client, "/account/second-step/end", password=PASSWORD)
    assert refused.status_code == 422
    assert "asks everybody" in said(refused)


# --- one's account -------------------------------------------------------------------------------------------------


def test_somebody_switches_it_on_and_off_again(centre: Centre) -> None:
    """Each with their password; other browsers are signed out when it goes on."""
    client, elsewhere = centre.signed_in("Ana Lima"), centre.signed_in("Ana Lima")
    assert press(client, "/account/second-step/begin", password="wrong").status_code == 422
    assert "<svg" not in client.get("/account").text
    assert press(client, "/account/second-step/begin", password=PASSWORD).location == "/account"
    page = client.get("/account")
    secret = re.search(r'class="secret">([^<]+)<', page.text)
    assert secret is not None
    assert "Signed in 2" in said(page)
    app = pyotp.TOTP(secret[1].replace(" ", ""))
    assert press(client, "/account/second-step/confirm", code="123").status_code == 422
    done = press(client, "/account/second-step/confirm", code=app.at(centre.clock()))
    assert done.text.count("<li><code>") == second_proof.CODES
    assert is_in(client)
    assert not is_in(elsewhere)
    assert "Second step on" in said(client.get("/account"))
    new = press(client, "/account/second-step/codes", password=PASSWORD)
    assert new.text.count("<li><code>") == second_proof.CODES
    assert press(client, "/account/second-step/end", password="wrong").status_code == 422
    assert press(client, "/account/second-step/end", password=PASSWORD).location == "/account"
    assert sign_in(centre.someone(), "Ana Lima").location == "/board"


def test_new_recovery_codes_end_the_old_ones(centre: Centre) -> None:
    """All of them."""
    _, old = switched_on(centre)
    press(centre.signed_in("Ana Lima"), "/account/second-step/codes", password=PASSWORD)
    client = centre.someone()
    sign_in(client, "Ana Lima")
    assert types(client, old[5]).status_code == 401


def test_a_page_left_open_is_nobody_s_way_in(centre: Centre) -> None:
    """A secret that waits is forgotten after a quarter of an hour."""
    client = centre.signed_in("Ana Lima")
    press(client, "/account/second-step/begin", password=PASSWORD)
    who = centre.people["Ana Lima"]
    row = centre.application.look(lambda transaction: second_factors.get(transaction.tx, who))
    assert row is not None
    centre.clock.pass_by(timedelta(minutes=14))
    client.get("/account")
    centre.clock.pass_by(timedelta(minutes=1))
    code = pyotp.TOTP(row.secret).at(centre.clock())
    assert press(client, "/account/second-step/confirm", code=code).status_code == 422
    assert "<svg" not in client.get("/account").text


def test_somebody_chooses_another_password_and_is_signed_out_elsewhere(centre: Centre) -> None:
    """What is wrong is said, and nothing is changed."""
    client, elsewhere = centre.signed_in("Ana Lima"), centre.signed_in("Ana Lima")
    for given, status, words in (
        ({"new": NEW, "again": NEW, "password": "wrong"}, 422, "not your password"),
        ({"new": "short", "again": "short", "password": PASSWORD}, 422, "at least 12"),
        ({"new": NEW, "again": "another one yet", "password": PASSWORD}, 422, "not the same"),
    ):
        refused = press(client, "/account/password", script=False, **given)
        assert (refused.status_code, words in said(refused)) == (status, True)
    assert sign_in(centre.someone(), "Ana Lima").location == "/board"
    done = press(client, "/account/password", new=NEW, again=NEW, password=PASSWORD)
    assert done.location == "/account"
    assert is_in(client)
    assert not is_in(elsewhere)
    assert sign_in(centre.someone(), "Ana Lima").status_code == 401
    assert sign_in(centre.someone(), "Ana Lima", NEW).location == "/board"


def test_the_account_page_tells_where_one_is_signed_in_and_what_was_tried(centre: Centre) -> None:
    """Nobody else's, and a wrong password is seen."""
    sign_in(centre.someone(), "Ana Lima", "wrong")
    sign_in(centre.someone(), "Ben Ortiz", "wrong")
    client, elsewhere = centre.someone(), centre.signed_in("Ana Lima")
    sign_in(client, "Ana Lima")
    page = said(client.get("/account"))
    assert "This browser: since" in page
    assert page.count("Another browser: since") == 1
    assert page.count("A wrong password, refused") == 1
    assert press(client, "/account/sign-out-elsewhere").location == "/account"
    assert "signed out everywhere else" in said(client.get("/account"))
    assert is_in(client)
    assert not is_in(elsewhere)


def test_whoever_leaves_takes_it_along(centre: Centre) -> None:
    """Neither secret nor codes stay."""
    switched_on(centre)
    who = centre.people["Ana Lima"]

    def leave(transaction: Transaction) -> tuple[object, int]:
        row = staff.get(transaction.tx, who)
        assert row is not None
        members.remove(transaction, row)
        return second_factors.get(transaction.tx, who), second_factors.codes_left(transaction.tx, who)

    assert centre.application.change(leave) == (None, 0)
