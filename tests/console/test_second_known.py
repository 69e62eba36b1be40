"""Two who must know, on the board: who is asked, who knows, and a button for whoever does."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from hotline.model import EscalationId, Role, TimelineWord
from hotline.operations import roster
from hotline.store.cases import escalations, timeline
from tests.console.centre import Centre, press

TWO: dict[str, Any] = {
    "policy": [
        {
            "subject": subject,
            "acknowledge": 2,
            "rung": [
                {"who": ["schedule:clinicians"], "how": ["call"], "wait": "30s"},
                {"who": ["everyone"], "how": ["call", "text"], "wait": "30s"},
            ],
        }
        for subject in ("emergency", "thread")
    ]
}


@pytest.fixture
def two(centre: Centre) -> Centre:
    """Two must know of an emergency, and of a text."""
    centre.application.change(lambda transaction: roster.load(transaction.tx, TWO, transaction.now))
    return centre


def text(client: FlaskClient) -> str:
    """The board, in one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get("/board").text))


def pressed(client: FlaskClient, escalation: EscalationId, what: str) -> dict[str, Any]:
    answer = press(client, f"/board/escalations/{escalation}/{what}", script=True)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json or {}
    return found


@pytest.mark.parametrize("kind", ["emergency", "text"])
def test_whoever_knows_it_says_so_on_the_board_and_it_stays_whose_it_is(two: Centre, kind: str) -> None:
    """Only others than the one who has it are offered that; a second click says that two know already."""
    if kind == "emergency":
        two.calls_in("+16175550188", "1")
    else:
        two.texts("xyzzy the parking lot")
    escalation = two.escalation()
    ana, ben = two.signed_in("Ana Lima"), two.signed_in("Ben Ortiz")
    assert "/know" not in ana.get("/board").text
    pressed(ana, escalation, "accept")
    assert "A second person must know of it" in text(ana)
    assert f"/board/escalations/{escalation}/know" not in ana.get("/board").text
    assert f"/board/escalations/{escalation}/know" in ben.get("/board").text
    assert pressed(ben, escalation, "know") == {
        "said": "You know it. It stays whose it is, and nobody else is asked.",
        "good": True,
    }
    assert "Ana Lima has it. Ben Ortiz knows of it, too." in text(ben)
    assert "/know" not in ben.get("/board").text
    assert pressed(two.signed_in("Eve Stone"), escalation, "know")["said"] == "Two know of it already."
    row = two.application.look(lambda transaction: escalations.get(transaction.tx, escalation))
    assert row is not None
    assert row.escalation.accepted_by == two.people["Ana Lima"]
    happened = two.application.look(lambda transaction: timeline.of(transaction.tx, escalation_id=escalation))
    assert {TimelineWord.SECOND_ASKED, TimelineWord.SECOND_KNOWS} <= {one.what for one in happened}
    assert any("acknowledged" in one for one in two.audited())


def test_what_asks_a_second_is_no_emergency_of_its_own(two: Centre) -> None:
    """One card, one count; nobody can accept it, hand it over or close it."""
    two.calls_in("+16175550188", "1")
    escalation, ana = two.escalation(), two.signed_in("Ana Lima")
    pressed(ana, escalation, "accept")
    (asks,) = two.application.look(
        lambda transaction: [row for row in escalations.all_open(transaction.tx) if row.second_of]
    )
    assert ana.get("/board").text.count('data-emergency="') == 1
    assert not pressed(two.signed_in("Eve Stone"), asks.escalation.id, "accept")["good"]
    assert not pressed(two.signed_in("Eve Stone"), asks.escalation.id, "know")["good"]
    assert asks.escalation.next_at is not None
    assert asks.escalation.next_at > two.clock() + timedelta(seconds=5)


def test_who_looks_on_is_no_second(two: Centre) -> None:
    """A trainee sees it, and is offered no button; what they post is refused."""
    two.add_person("Tom Young", frozenset({Role.TRAINEE}))
    two.calls_in("+16175550188", "1")
    escalation = two.escalation()
    pressed(two.signed_in("Ana Lima"), escalation, "accept")
    tom = two.signed_in("Tom Young")
    assert "A second person must know of it" in text(tom)
    assert "/know" not in tom.get("/board").text
    assert press(tom, f"/board/escalations/{escalation}/know", script=True).status_code == 403
