"""The admissions side, the clinical side, and those who look after people and settings: who sees what was said."""

from __future__ import annotations

import pytest

from hotline.model import ContactId, PhoneNumber
from hotline.operations.console import coordinator
from hotline.store.cases import contacts
from tests.console.centre import Centre

WORDS, DANGER = "can a person read this", "I want to kill myself"


def thread(centre: Centre, words: str, number: str) -> ContactId:
    """Somebody texts; their thread."""
    centre.texts(words, number)
    row = centre.application.look(
        lambda transaction: contacts.open_thread(transaction.tx, PhoneNumber(number))
    )
    assert row is not None
    return row.id


@pytest.mark.parametrize(
    ("name", "admissions", "clinical"),
    [
        ("Ana Lima", 200, 403),
        ("Chloe Baptiste", 403, 200),
        ("Eve Stone", 200, 200),
        ("Adam Cole", 403, 403),
    ],
)
def test_each_side_reads_its_own_threads(centre: Centre, name: str, admissions: int, clinical: int) -> None:
    """A supervisor both, an admin neither; on the page, and in what keeps the page up to date."""
    calm, urgent = thread(centre, WORDS, "+16175550181"), thread(centre, DANGER, "+16175550182")
    client = centre.signed_in(name)
    for contact, expected in ((calm, admissions), (urgent, clinical)):
        assert client.get(f"/threads/{contact}").status_code == expected
        assert client.get(f"/threads/{contact}/live").status_code == expected


def test_whoever_has_accepted_it_reads_it(centre: Centre) -> None:
    """Danger to life outweighs roles: a coordinator, or an admin, who takes an emergency sees what it is."""
    urgent = thread(centre, DANGER, "+16175550182")
    escalation = centre.escalation()
    client = centre.signed_in("Adam Cole")
    assert client.get(f"/threads/{urgent}").status_code == 403
    centre.application.change(
        lambda transaction: coordinator.accept(transaction, escalation, centre.people["Adam Cole"])
    )
    assert DANGER in client.get(f"/threads/{urgent}").text


def test_an_admin_s_board_shows_that_somebody_waits_and_not_who(centre: Centre) -> None:
    """No number, no words, no way to them; a colleague of the admissions side sees them all."""
    centre.asks_for_callback("+16175550142")
    centre.calls_in("+16175550150", keys="1")
    centre.calls_in("+16175550151", keys="2")
    thread(centre, WORDS, "+16175550181")
    admin, ana = (centre.signed_in(name).get("/board").text for name in ("Adam Cole", "Ana Lima"))
    for sign in ("Ending 0142", "Ending 0150", "Ending 0151", "Ending 0181", WORDS):
        assert sign in ana
        assert sign not in admin
    assert "555-01" not in admin
    assert "withheld" not in admin
    assert "Number not shown to you" in admin
    assert "Emergency call" in admin


def test_a_clinician_s_board_has_no_words_of_the_admissions_side(centre: Centre) -> None:
    """Until the text is hers."""
    thread(centre, WORDS, "+16175550181")
    escalation = centre.escalation()
    client = centre.signed_in("Chloe Baptiste")
    assert WORDS not in client.get("/board").text
    centre.application.change(
        lambda transaction: coordinator.accept(transaction, escalation, centre.people["Chloe Baptiste"])
    )
    assert WORDS in client.get("/board").text
