"""On the page of a call whoever has it lets a trainee hear it, once the caller has agreed; nobody else does."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from hotline.model import ContactId, Role
from hotline.operations.staff import listening
from hotline.operations.transaction import Transaction
from hotline.store.cases import listeners
from hotline.store.people import schedules
from tests.console.centre import Centre, press
from tests.console.test_case_page import told
from tests.console.test_live_talks import put_through

ANA, BEN, ZOE = "Ana Lima", "Ben Ortiz", "Zoe Quinn"
LET = "Let Zoe Quinn listen: the caller agrees"


@pytest.fixture
def shadowed(centre: Centre) -> Centre:
    """Zoe learns: she is on with the coordinators, and may listen."""
    centre.add_person(ZOE, frozenset({Role.TRAINEE}))
    centre.change_person(ZOE, listens=True)

    def beside(transaction: Transaction) -> None:
        (theirs,) = [one for one in schedules.every(transaction.tx) if one.name == "coordinators"]
        schedules.put(transaction.tx, replace(theirs, always=(*theirs.always, centre.people[ZOE])))

    centre.application.change(beside)
    return centre


def page(centre: Centre, contact: ContactId, name: str) -> str:
    """The page, in one line."""
    text = centre.signed_in(name).get(f"/threads/{contact}").text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def pressed(centre: Centre, contact: ContactId, name: str, what: str = "") -> dict[str, Any]:
    answer = press(centre.signed_in(name), f"/threads/{contact}/listening{what}", script=True)
    found: dict[str, Any] = answer.json or {}
    return found


def test_only_whoever_has_the_talk_is_offered_it_and_only_while_it_goes_on(shadowed: Centre) -> None:
    """Ana says that the caller agrees; the page says who listens, and the same place ends it."""
    contact = put_through(shadowed)
    assert LET in page(shadowed, contact, ANA)
    assert LET not in page(shadowed, contact, BEN)
    assert pressed(shadowed, contact, ANA)["good"]
    said = page(shadowed, contact, BEN)
    assert "Ana Lima is talking with them. Zoe Quinn listens, or is called to." in said
    assert "Nobody listens any more" not in said
    assert "Nobody listens any more" in page(shadowed, contact, ANA)
    assert pressed(shadowed, contact, ANA, "/end") == {"said": "Nobody listens any more.", "good": True}
    assert LET in page(shadowed, contact, ANA)
    shadowed.hangs_up(contact)
    assert LET not in page(shadowed, contact, ANA)


@pytest.mark.parametrize("what", ["", "/end"])
@pytest.mark.parametrize("name", [BEN, ZOE, "Eve Stone"])
def test_what_others_post_does_nothing(shadowed: Centre, name: str, what: str) -> None:
    """A colleague, a supervisor, the trainee herself: none of them has asked the caller."""
    contact = put_through(shadowed)
    if what:
        pressed(shadowed, contact, ANA)
    before = shadowed.application.look(lambda transaction: listeners.all_there(transaction.tx))
    answer = pressed(shadowed, contact, name, what)
    assert not answer["good"]
    assert ("You are not talking with them." if name != ZOE else "not yours to do") in answer["said"]
    assert shadowed.application.look(lambda transaction: listeners.all_there(transaction.tx)) == before


def test_a_talk_that_is_nobodys_and_one_that_nobody_knows(shadowed: Centre) -> None:
    """Said, and no error."""
    for contact in (ContactId("nothing"), shadowed.calls_in("+16175550143", "2")):
        assert not pressed(shadowed, contact, ANA)["good"]
        assert not pressed(shadowed, contact, ANA, "/end")["good"]


def test_without_a_trainee_beside_them_nothing_is_offered(centre: Centre) -> None:
    """And whoever posts all the same is told why."""
    contact = put_through(centre)
    assert "the caller agrees" not in page(centre, contact, ANA)
    assert pressed(centre, contact, ANA)["said"].startswith("No trainee who may listen is on with you now")


def test_who_let_whom_hear_it_stands_on_the_timeline_and_in_the_trail(shadowed: Centre) -> None:
    """When they came and went, too."""
    contact = put_through(shadowed)
    pressed(shadowed, contact, ANA)

    def comes(transaction: Transaction) -> None:
        (row,) = listeners.all_there(transaction.tx)
        listening.asked(transaction, row.id, "CA" + "8" * 32)
        assert listening.joined(transaction, row.id, "CA" + "8" * 32) == row.room
        assert listening.joined(transaction, row.id, "CA" + "8" * 32) == row.room
        assert listening.joined(transaction, "nothing", "CA" + "8" * 32) is None

    shadowed.application.change(comes)
    pressed(shadowed, contact, ANA, "/end")
    lines = told(shadowed, contact)
    assert "The caller agreed that a trainee listens · Ana Lima" in lines
    assert "Listens, muted · Zoe Quinn" in lines
    assert "Listens no more · Zoe Quinn" in lines
    assert {"let listen", "ended listening"} <= set(shadowed.audited())
