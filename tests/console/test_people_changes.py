"""Who looks after people changes their names, roles and languages on the page People."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hotline.model import AuditAction, Language, Role, StaffId
from hotline.store.people import audit as trail
from hotline.store.people import staff
from hotline.store.people.staff import StaffRow
from tests.console.centre import Centre, token
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
