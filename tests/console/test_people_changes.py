"""Who looks after people changes their names, roles and languages on the page People."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hotline.model import AuditAction, Language, Role, StaffId
from hotline.store.people import audit as trail
from hotline.store.people import schedules, staff
from hotline.store.people.staff import StaffRow
from tests.console.centre import Centre, press, token
from tests.console.test_second_step import is_in, said


def changes(client: FlaskClient, who: str, **given: str | list[str]) -> TestResponse:
    """Sends the form of the page People as it would be sent, but for what is given."""
    form: dict[str, str | list[str]] = {
        "name": "Ana Lima",
        "roles": ["coordinator"],
        "languages": ["en", "pt"],
    }
    return client.post(
        f"/people/{who}/change", data={"csrf_token": token(client, "/people"), **form, **given}
    )


def test_a_name_a_role_and_languages_are_changed_on_the_page(centre: Centre) -> None:
    """Each is in the audit trail; with another role they sign in anew, with another name they don't."""
    eve, hers, who = centre.signed_in("Eve Stone"), centre.signed_in("Ana Lima"), centre.people["Ana Lima"]
    assert changes(eve, who, name="  Ana  Souza ").location == "/people"
    assert "Ana Souza is changed." in said(eve.get("/people"))
    assert is_in(hers)
    changes(eve, who, name="Ana Souza", roles=["coordinator", "supervisor"], languages=["es", "en"])
    assert "Ana Souza is changed, and signs in anew." in said(eve.get("/people"))
    assert not is_in(hers)
    row = centre.application.look(lambda transaction: staff.get(transaction.tx, StaffId(who)))
    assert row is not None
    assert (row.name, row.roles) == ("Ana Souza", frozenset({Role.COORDINATOR, Role.SUPERVISOR}))
    assert row.languages == (Language.EN, Language.ES)
    with centre.application.database.read() as tx:
        kept = [(one.action, one.staff_id) for one in trail.find(tx, trail.AuditFilter(), 50)]
    by = centre.people["Eve Stone"]
    for action in (AuditAction.RENAMED, AuditAction.ROLES_CHANGED, AuditAction.LANGUAGES_CHANGED):
        assert (action, by) in kept


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"name": " "}, "A name has 1 to 80 letters."),
        ({"name": "Ben Ortiz"}, "Somebody else on the staff has that name."),
        ({"roles": []}, "Say at least one role."),
        ({"roles": ["trainee", "clinician"]}, "A trainee only looks on"),
        ({"languages": []}, "Say at least one language"),
        ({}, "Nothing of Ana Lima is changed."),
    ],
)
def test_what_nobody_can_be_is_refused_and_nothing_is_changed(
    centre: Centre, given: dict[str, str | list[str]], why: str
) -> None:
    """With what to do; whoever is signed in stays so."""
    eve, hers, who = centre.signed_in("Eve Stone"), centre.signed_in("Ana Lima"), centre.people["Ana Lima"]

    def now() -> StaffRow | None:
        return centre.application.look(lambda transaction: staff.get(transaction.tx, StaffId(who)))

    before = now()
    assert before is not None
    same = {"languages": [one.value for one in before.languages]}
    changes(eve, who, **{**same, **given})
    assert why in said(eve.get("/people"))
    assert now() == before
    assert is_in(hers)


def test_who_becomes_a_trainee_leaves_holes_and_the_page_names_them(centre: Centre) -> None:
    """A trainee is never rung: whoever changed it looks for somebody else at once. In a second change nothing is
    lost."""
    eve, who = centre.signed_in("Eve Stone"), centre.people["Ana Lima"]
    kept = centre.application.change(lambda transaction: schedules.every(transaction.tx))
    names = [one.name for one in kept if who in one.named]
    assert names
    changes(eve, who, name="Ana Lima", roles=["trainee"])
    assert f"somebody else is needed on {', '.join(names)}." in said(eve.get("/people"))
    changes(eve, who, name="Ana Souza", roles=["trainee"])
    assert "somebody else is needed" not in said(eve.get("/people"))


def test_only_an_admin_makes_an_admin(centre: Centre) -> None:
    """An admin has the settings: whoever could make one would have them, too."""
    who = centre.people["Ana Lima"]
    assert changes(centre.signed_in("Eve Stone"), who, roles=["admin"]).status_code == 403
    assert 'value="admin"' not in centre.signed_in("Eve Stone").get("/people").text
    assert changes(centre.signed_in("Eve Stone"), who, roles=["owner"]).status_code == 400
    adam = centre.signed_in("Adam Cole")
    assert changes(adam, who, roles=["admin"]).status_code == 303
    assert "signs in anew" in said(adam.get("/people"))
    assert changes(centre.signed_in("Eve Stone"), centre.people["Adam Cole"]).status_code == 403


def test_somebody_is_added_as_by_the_staff_file(centre: Centre) -> None:
    """With name, phone, roles and languages, by the same rules; they are invited then, and their phone is verified."""
    eve = centre.signed_in("Eve Stone")
    form = {
        "name": "Nia Park",
        "phone": "(617) 555-0190",
        "roles": ["coordinator"],
        "languages": ["en", "es"],
    }
    form["csrf_token"] = token(eve, "/people")
    answer = eve.post("/people/add", data=form, headers={"X-Board": "1"})
    assert answer.json == {
        "said": "Nia Park is on the staff. Invite them, and have their phone verified.",
        "good": True,
    }
    row = centre.application.look(lambda transaction: staff.by_name(transaction.tx, "Nia Park"))
    assert row is not None
    assert (row.phone.e164, row.verified, row.active) == ("+16175550190", False, True)
    assert "added" in centre.audited()
    for wrong in ({}, {"name": "Mia Park", "phone": "12"}, {"name": "Mia Park", "roles": []}):
        told = eve.post("/people/add", data={**form, **wrong}, headers={"X-Board": "1"})
        assert told.json is not None
        assert told.json["good"] is False
    assert eve.post("/people/add", data={**form, "roles": ["nurse"]}).status_code == 400
    again = eve.post("/people/add", data=form)
    assert (again.status_code, "Somebody else on the staff has that name" in again.text) == (422, True)
    assert eve.post("/people/add", data={**form, "name": "Al", "roles": ["admin"]}).status_code == 403


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"languages": []}, "Say at least one language that they speak."),
        ({"roles": []}, "Say at least one role."),
        ({"roles": ["trainee", "clinician"]}, "A trainee only looks on: name no other role beside it."),
        ({"name": " "}, "A name has 1 to 80 letters."),
        ({"phone": "x"}, "That is no telephone number: write it with its area code, such as (617) 555-0101."),
        ({"phone": "911"}, "That is an emergency number: give them a phone of their own."),
        (
            {"phone": "+442071838750"},
            "That is outside of the countries that this line rings: whoever runs the server",
        ),
        (
            {"phone": "Ana's", "roles": []},
            "That is Ana Lima's phone. If it is the same person, use Change beside their name; if Ana Lima has left, "
            "put them off the staff first; if they share it, give each a phone of their own. Say at least one role.",
        ),
    ],
)
def test_what_stands_against_somebody_new_is_said_in_the_words_of_the_page(
    centre: Centre, wrong: dict[str, object], said: str
) -> None:
    """Nobody who looks after people has to know how a staff file is written."""
    eve = centre.signed_in("Eve Stone")
    if wrong.get("phone") == "Ana's":
        ana = centre.application.look(lambda transaction: staff.by_name(transaction.tx, "Ana Lima"))
        assert ana is not None
        wrong = {**wrong, "phone": ana.phone.e164}
    form = {
        "name": "Nia Park",
        "phone": "(617) 555-0190",
        "roles": ["coordinator"],
        "languages": ["en"],
        **wrong,
    }
    form["csrf_token"] = token(eve, "/people")
    answer = eve.post("/people/add", data=form, headers={"X-Board": "1"}).json or {}
    assert answer["said"].startswith(said)
    assert not answer["good"]


def test_whoever_has_left_is_put_off_and_may_come_back(centre: Centre) -> None:
    """Signed out at once, with nothing of theirs; nobody does it to themselves."""
    ana, eve = centre.signed_in("Ana Lima"), centre.signed_in("Eve Stone")
    callback = centre.asks_for_callback()
    centre.claims("Ana Lima", callback)
    address = f"/people/{centre.people['Ana Lima']}/put-off"
    answer = press(eve, address, script=True)
    assert answer.json is not None
    assert "signed out everywhere, and is not rung any more" in answer.json["said"]
    assert ana.get("/board").status_code == 303
    assert "deactivated" in centre.audited()
    page = eve.get("/people").text
    assert "Off the staff" in page
    own = press(eve, f"/people/{centre.people['Eve Stone']}/put-off", script=True)
    assert own.json == {"said": "For yourself, see Your account.", "good": False}
    assert press(eve, f"/people/{centre.people['Adam Cole']}/put-off").status_code == 403
    press(eve, f"/people/{centre.people['Ana Lima']}/put-on")
    assert "Off the staff" not in eve.get("/people").text
    assert ana.get("/board").status_code == 303


@pytest.mark.parametrize(
    ("password", "said"),
    [
        (
            True,
            "Ana Lima is on the staff again. They sign in with the password they had: reset it if it is lost.",
        ),
        (False, "Ana Lima is on the staff again. They need a link to sign in: invite them."),
    ],
)
def test_whoever_comes_back_is_told_of_with_how_they_sign_in(
    centre: Centre, password: bool, said: str
) -> None:
    """As their card says it, and with the button that is there."""
    centre.change_person("Ana Lima", active=False, **({} if password else {"password_hash": None}))
    eve = centre.signed_in("Eve Stone")
    answer = press(eve, f"/people/{centre.people['Ana Lima']}/put-on", script=True)
    assert (answer.json or {})["said"] == said
    card = eve.get("/people").text.split(f'id="person-{centre.people["Ana Lima"]}"')[1].split("</li>")[0]
    assert ("Reset the password…" in card, "Invite…" in card) == (password, not password)
    if password:
        assert centre.signed_in("Ana Lima").get("/board").status_code == 200
