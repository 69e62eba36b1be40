"""One-time links: somebody new gets in, somebody who has lost their password gets in again, and nobody else does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pyotp
import pytest

from hotline.effects import Origin, OriginKind, SendText
from hotline.model import Role
from hotline.operations.people import members
from hotline.operations.sign_in import inviting, second_proof
from hotline.operations.transaction import Transaction
from hotline.settings.centre import SecondStep
from hotline.store.people import second_factors, staff
from hotline.store.traffic import outbox
from tests.console.centre import PASSWORD, Centre, open_centre, press, sign_in, token
from tests.console.links import chooses, link_for, opens
from tests.console.test_second_step import is_in, said, switched_on, types
from tests.console.test_sign_in import try_from

NEW = "seven new random words"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def newcomer(centre: Centre) -> Centre:
    """Ned is on the staff, and has no password."""
    centre.add_person("Ned New", frozenset({Role.COORDINATOR}))
    centre.change_person("Ned New", password_hash=None)
    return centre


def texts_to(centre: Centre, name: str) -> list[str]:
    """What was texted to somebody, in order."""

    def look(transaction: Transaction) -> list[str]:
        about = outbox.about(transaction.tx, Origin(OriginKind.STAFF, centre.people[name]))
        return [one.effect.body for one in about if isinstance(one.effect, SendText)]

    return centre.application.look(look)


# --- an invitation -----------------------------------------------------------------------------------------------


def test_somebody_new_is_invited_and_nobody_else_learns_their_password(newcomer: Centre) -> None:
    """The link is shown once; with it they see who they are, choose a password, and set up the second step."""
    supervisor = newcomer.signed_in("Eve Stone")
    page = press(supervisor, f"/people/{newcomer.people['Ned New']}/invite")
    link = re.search(r'value="(http[^"]+#[^"]+)"', page.text)
    assert link is not None
    assert link[1] not in supervisor.get("/people").text
    assert "not used yet" in said(supervisor.get("/people"))
    client = newcomer.someone()
    address, _, code = link[1].partition("#")
    assert address == "http://127.0.0.1:8000/sign-in/code"
    assert opens(client, code).location == "/sign-in/welcome"
    assert "Ned New" in client.get("/sign-in/welcome").text
    assert chooses(client, NEW).location == "/sign-in/second"
    assert not is_in(client)
    who = newcomer.people["Ned New"]
    newcomer.application.change(lambda transaction: second_proof.begin(transaction, who))
    setup = newcomer.application.look(lambda transaction: second_factors.get(transaction.tx, who))
    assert setup is not None
    done = types(client, pyotp.TOTP(setup.secret).at(newcomer.clock()))
    assert done.text.count("<li><code>") == second_proof.CODES
    assert is_in(client)
    assert sign_in(newcomer.someone(), "Ned New", NEW).location == "/sign-in/second"
    assert "not used yet" not in said(supervisor.get("/people"))


def test_the_second_step_may_wait_where_the_centre_leaves_it_to_everybody(newcomer: Centre) -> None:
    """It is offered, and left with one button; without an invitation nobody has that button."""
    client = newcomer.someone()
    opens(client, link_for(newcomer, "Ned New", inviting.invite).code)
    chooses(client, NEW)
    assert "Not now" in client.get("/sign-in/second").text
    later = {"csrf_token": token(client, "/sign-in/second"), "later": "yes"}
    assert client.post("/sign-in/second", data=later).location == "/board"
    assert is_in(client)
    switched_on(newcomer)
    asked = newcomer.someone()
    sign_in(asked, "Ana Lima")
    refused = asked.post(
        "/sign-in/second", data={"csrf_token": token(asked, "/sign-in/second"), "later": "yes"}
    )
    assert refused.status_code == 401
    assert not is_in(asked)


@pytest.fixture
def required(tmp_path: Path) -> Iterator[Centre]:
    """A centre that asks everybody for the second step."""
    opened = open_centre(tmp_path, {"second_step": SecondStep.REQUIRED})
    yield opened
    opened.application.database.dispose()


def test_where_the_second_step_must_be_it_can_t_wait(required: Centre) -> None:
    """Whatever the form says."""
    required.change_person("Ben Ortiz", password_hash=None)
    client = required.someone()
    opens(client, link_for(required, "Ben Ortiz", inviting.invite).code)
    chooses(client, NEW)
    assert "Not now" not in client.get("/sign-in/second").text
    form = {"csrf_token": token(client, "/sign-in/second"), "later": "yes"}
    assert client.post("/sign-in/second", data=form).status_code == 401
    assert not is_in(client)


def test_whoever_has_a_password_is_not_invited(centre: Centre) -> None:
    """An invitation would end nothing; a reset does, and says so."""
    client = centre.signed_in("Eve Stone")
    refused = press(client, f"/people/{centre.people['Ana Lima']}/invite")
    assert refused.location == "/people"
    assert "reset it" in said(client.get("/people"))
    assert sign_in(centre.someone(), "Ana Lima").location == "/board"


# --- a reset -----------------------------------------------------------------------------------------------------


def test_a_reset_ends_password_and_sessions_and_tells_them(centre: Centre) -> None:
    """By text, with who did it; a link that was not asked for by text isn't in one."""
    before = centre.signed_in("Ana Lima")
    page = press(centre.signed_in("Eve Stone"), f"/people/{centre.people['Ana Lima']}/reset")
    assert "old password has ended" in said(page)
    assert before.get("/board").status_code == 303
    assert sign_in(centre.someone(), "Ana Lima").status_code == 401
    (told,) = texts_to(centre, "Ana Lima")
    assert "Eve Stone has reset your password" in told
    assert "sign-in" not in told


def test_a_link_is_texted_only_to_a_phone_that_is_known_to_be_theirs(centre: Centre) -> None:
    """And then says until when it counts."""
    client = centre.signed_in("Eve Stone")
    who = centre.people["Ana Lima"]
    shown = press(client, f"/people/{who}/reset", text="yes").text
    link = next(one for one in texts_to(centre, "Ana Lima") if "#" in one)
    assert "until Thu 5 Mar 13:00" in link
    assert link.partition("#")[2] in shown
    centre.change_person("Ana Lima", verified=False)
    refused = press(client, f"/people/{who}/reset", text="yes")
    assert refused.location == "/people"
    assert "not verified" in said(client.get("/people"))
    press(client, f"/people/{who}/reset")
    assert len(texts_to(centre, "Ana Lima")) == 2


# --- a link opens once, for one person, for a while ------------------------------------------------------------------


def test_a_link_opens_once_however_its_code_is_typed(centre: Centre) -> None:
    """Looking at it uses nothing up; the password does."""
    link = link_for(centre, "Ana Lima", inviting.reset)
    first, second = centre.someone(), centre.someone()
    assert opens(first, link.code.lower().replace("-", " ")).status_code == 303
    assert opens(second, link.code).status_code == 303
    for given, again, words in (("short", "short", "at least 12"), (NEW, "another one yet", "not the same")):
        refused = chooses(first, given, again)
        assert (refused.status_code, words in said(refused)) == (422, True)
    page = {"csrf_token": token(second, "/sign-in/welcome"), "password": NEW, "again": NEW}
    assert chooses(first, NEW).location == "/board"
    late = second.post("/sign-in/welcome", data=page)
    assert (late.status_code, "used meanwhile" in said(late)) == (401, True)
    assert not is_in(second)
    assert opens(centre.someone(), link.code).status_code == 401
    assert sign_in(centre.someone(), "Ana Lima", NEW).status_code == 303


@pytest.mark.parametrize("code", ["", "XXXX-XXXX-XXXX-XXXX", "é" * 60, "2" * 60])
def test_a_made_up_code_opens_nothing(centre: Centre, code: str) -> None:
    """And is in the audit trail, as nobody's."""
    client = centre.someone()
    refused = opens(client, code)
    assert (refused.status_code, "opens nothing" in said(refused)) == (401, True)
    assert client.get("/sign-in/welcome").location == "/sign-in/code"
    assert client.post("/sign-in/welcome", data={"csrf_token": token(client, "/sign-in")}).status_code == 401
    assert centre.audited() == ["code refused"]


def test_a_link_counts_for_three_days_and_its_page_for_half_an_hour(centre: Centre) -> None:
    """`[console] link_lasts` says otherwise."""
    link = link_for(centre, "Ana Lima", inviting.reset)
    client = centre.someone()
    centre.clock.pass_by(3 * DAY - timedelta(minutes=31))
    opens(client, link.code)
    centre.clock.pass_by(timedelta(minutes=30))
    assert client.get("/sign-in/welcome").location == "/sign-in/code"
    assert opens(client, link.code).status_code == 303
    centre.clock.pass_by(timedelta(minutes=1))
    assert client.get("/sign-in/welcome").location == "/sign-in/code"
    assert opens(client, link.code).status_code == 401


def test_another_link_ends_the_one_before_and_so_does_whoever_revokes_it(centre: Centre) -> None:
    """Also in a browser in which it is open."""
    old, client = link_for(centre, "Ana Lima", inviting.reset), centre.someone()
    opens(client, old.code)
    new = link_for(centre, "Ana Lima", inviting.reset)
    assert client.get("/sign-in/welcome").location == "/sign-in/code"
    assert opens(centre.someone(), old.code).status_code == 401
    assert opens(client, new.code).status_code == 303
    supervisor = centre.signed_in("Eve Stone")
    who = centre.people["Ana Lima"]
    assert press(supervisor, f"/people/{who}/revoke", script=True).json["good"]  # type: ignore[index]
    assert client.get("/sign-in/welcome").location == "/sign-in/code"
    again = press(supervisor, f"/people/{who}/revoke")
    assert again.location == "/people"
    assert "has none" in said(supervisor.get("/people"))


def test_whoever_is_put_off_the_staff_has_no_link_not_even_when_they_come_back(centre: Centre) -> None:
    """And none is made for them."""
    link = link_for(centre, "Ana Lima", inviting.reset)

    def leave(transaction: Transaction) -> None:
        row = staff.get(transaction.tx, centre.people["Ana Lima"])
        assert row is not None
        members.deactivate(transaction, row)

    centre.application.change(leave)
    assert opens(centre.someone(), link.code).status_code == 401
    with pytest.raises(inviting.CannotInvite, match="off the staff"):
        link_for(centre, "Ana Lima", inviting.reset)
    centre.change_person("Ana Lima", active=True)
    assert opens(centre.someone(), link.code).status_code == 401


def test_a_password_that_is_set_otherwise_ends_the_link(centre: Centre) -> None:
    """Somebody remembered theirs, after all, in a browser that was still open; or a command set one."""
    link = link_for(centre, "Ben Ortiz", inviting.break_glass)
    press(centre.signed_in("Ben Ortiz"), "/account/password", new=NEW, again=NEW, password=PASSWORD)
    assert opens(centre.someone(), link.code).status_code == 401


def test_a_link_works_while_strangers_guess(tmp_path: Path) -> None:
    """So a supervisor can always let somebody in on a new device."""
    strict = open_centre(tmp_path, {"sign_in_limit": "1/minute"})
    for number in range(
        101
    ):  # a hundred times the limit: so many keep everybody out who comes from elsewhere
        try_from(strict.someone(), f"10.0.{number}.1", "Ana Lima", "wrong")
    assert try_from(strict.someone(), "10.1.1.1", "Ana Lima", PASSWORD) == 429
    client = strict.someone()
    opens(client, link_for(strict, "Ana Lima", inviting.reset).code)
    assert chooses(client, NEW).location == "/board"
    strict.application.database.dispose()


def test_what_is_kept_of_a_link_opens_nothing(centre: Centre) -> None:
    """A hash; the code itself is nowhere in the database, not even where a text with it waits."""
    press(centre.signed_in("Eve Stone"), f"/people/{centre.people['Ana Lima']}/reset", text="yes")
    code = next(one for one in texts_to(centre, "Ana Lima") if "#" in one).partition("#")[2]
    centre.application.database.dispose()
    wal = centre.database_file.with_name(centre.database_file.name + "-wal")
    kept = centre.database_file.read_bytes() + (wal.read_bytes() if wal.exists() else b"")
    assert code.encode() not in kept
    assert code.replace("-", "").encode() not in kept


def test_a_link_ends_the_session_that_its_browser_had(centre: Centre) -> None:
    """A colleague's board isn't left open behind a newcomer's first sign-in."""
    client, thief = centre.signed_in("Ben Ortiz"), centre.someone()
    copied = client.get_cookie("hotline")
    assert copied is not None
    thief.set_cookie("hotline", copied.value)
    opens(client, link_for(centre, "Ana Lima", inviting.reset).code)
    assert not is_in(thief)
    assert not is_in(client)


# --- the glass ---------------------------------------------------------------------------------------------------


def test_the_glass_is_broken_once_and_nothing_of_theirs_changes(centre: Centre) -> None:
    """In as they are, told by text, asked for their second step; the password goes on as it was."""
    app, _ = switched_on(centre)
    link = link_for(centre, "Ana Lima", inviting.break_glass)
    assert "has made a link that signs in as you" in texts_to(centre, "Ana Lima")[0]
    client = centre.someone()
    opens(client, link.code)
    assert "Sign in once" in client.get("/sign-in/welcome").text
    enters = client.post("/sign-in/welcome", data={"csrf_token": token(client, "/sign-in/welcome")})
    assert enters.location == "/sign-in/second"
    assert types(client, app.at(centre.clock())).status_code == 303
    assert is_in(client)
    assert opens(centre.someone(), link.code).status_code == 401
    assert sign_in(centre.someone(), "Ana Lima").status_code == 303
    centre.clock.pass_by(HOUR)
    late = link_for(centre, "Ana Lima", inviting.break_glass)
    centre.clock.pass_by(HOUR)
    assert opens(centre.someone(), late.code).status_code == 401


# --- by whom -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["change", "invite", "reset", "revoke", "sign-out", "second-step-off"])
def test_a_supervisor_does_nothing_to_an_admin(centre: Centre, act: str) -> None:
    """An admin's account opens the settings: whoever could reset it would have them."""
    admin = centre.people["Adam Cole"]
    assert press(centre.signed_in("Eve Stone"), f"/people/{admin}/{act}").status_code == 403
    assert f"/people/{admin}/{act}" not in centre.signed_in("Eve Stone").get("/people").text
    assert sign_in(centre.someone(), "Adam Cole").location == "/board"


def test_an_admin_lets_in_whomever_and_nobody_does_it_to_themselves(centre: Centre) -> None:
    """Your account asks for your password; a link would not."""
    client = centre.signed_in("Adam Cole")
    assert press(client, f"/people/{centre.people['Eve Stone']}/reset").status_code == 200
    own = press(client, f"/people/{centre.people['Adam Cole']}/reset")
    assert own.location == "/people"
    assert "see Your account" in said(client.get("/people"))
    assert is_in(client)
    assert press(client, "/people/nobody/reset").status_code == 404
    assert client.get("/people/nobody/tried").status_code == 404


def test_a_supervisor_signs_somebody_out_and_switches_a_second_step_off(centre: Centre) -> None:
    """Both said to be done, or that there was nothing to do."""
    switched_on(centre)
    hers, supervisor = centre.signed_in("Ana Lima"), centre.signed_in("Eve Stone")
    who = centre.people["Ana Lima"]
    does = partial(press, supervisor, script=True)
    assert "signed out everywhere" in does(f"/people/{who}/sign-out").json["said"]  # type: ignore[index]
    assert not is_in(hers)
    assert "signed in nowhere" in does(f"/people/{who}/sign-out").json["said"]  # type: ignore[index]
    assert "is off" in does(f"/people/{who}/second-step-off").json["said"]  # type: ignore[index]
    assert any("switched off your second step" in one for one in texts_to(centre, "Ana Lima"))
    assert not does(f"/people/{who}/second-step-off").json["good"]  # type: ignore[index]
    assert sign_in(centre.someone(), "Ana Lima").location == "/board"


def test_what_was_tried_is_seen_by_whoever_looks_after_people(centre: Centre) -> None:
    """When, how, from where, and whether it worked; that somebody looked is kept."""
    firefox = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0; rv:130.0) Gecko/20100101 Firefox/130.0"}
    client = centre.someone()
    form = {"csrf_token": token(client, "/sign-in"), "who": "Ana Lima", "password": "wrong"}
    client.post("/sign-in", data=form, headers=firefox, environ_base={"REMOTE_ADDR": "203.0.113.7"})
    form["password"] = PASSWORD
    client.post("/sign-in", data=form, headers=firefox, environ_base={"REMOTE_ADDR": "203.0.113.7"})
    page = said(centre.signed_in("Eve Stone").get(f"/people/{centre.people['Ana Lima']}/tried"))
    assert "A wrong password, refused · Firefox on Windows, 203.0.113.x" in page
    assert "Signed in by password · Firefox on Windows, 203.0.113.x" in page
    assert "203.0.113.7" not in page
    assert "viewed sign-ins" in centre.audited()
