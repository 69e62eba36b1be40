"""A trainee sees what both sides see, and does nothing: their own account, phone and shifts are all that is theirs."""

from __future__ import annotations

import re

import pytest

from hotline.console.console_wiring import needed
from hotline.console.frame.rights import Right
from hotline.model import Role
from tests.console.centre import Centre, press, token
from tests.console.test_sides import DANGER, WORDS, thread

TIA = "Tia Young"
OWN = re.compile(r"/(account|readiness|on-call|threads/<contact_id>/reason|search/find)(/|$)")
"""What they may send: what is their own, why they look, and what they look for."""


@pytest.fixture
def learning(centre: Centre) -> Centre:
    """One of them is there."""
    centre.add_person(TIA, frozenset({Role.TRAINEE}))
    return centre


def test_a_trainee_sends_nothing_but_what_is_their_own(learning: Centre) -> None:
    """Route by route, as the application knows them: whatever is new is closed to them, or is named here."""
    client, rights, shut = learning.signed_in(TIA), needed(learning.app), 0
    data = {"csrf_token": token(client, "/board")}
    for rule in learning.app.url_map.iter_rules():
        if rights.get(rule.endpoint) is None or "POST" not in (rule.methods or ()) or OWN.match(rule.rule):
            continue
        address = re.sub(r"<[^>]+>", "1", rule.rule)
        assert client.post(address, data=data).status_code == 403, rule.rule
        shut += 1
    assert shut > 50
    assert rights["console.note"] is rights["console.judge"] is rights["console.write"] is Right.WRITE


@pytest.mark.parametrize("words", [WORDS, DANGER])
def test_a_trainee_reads_a_case_and_finds_nothing_to_press(learning: Centre, words: str) -> None:
    """Of either side: no box for a note, no judgement, no answer; only why they look, in an emergency."""
    contact = thread(learning, words, "+16175550182")
    client = learning.signed_in(TIA)
    press(client, f"/threads/{contact}/reason", reason="learning")
    page = client.get(f"/threads/{contact}").text.partition('<div id="live"')[2]
    assert words in page
    assert re.findall(r'<form[^>]+action="(/(?:threads|board)[^"]*)"', page) == []
