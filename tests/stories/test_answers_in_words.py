"""Pages are answered by text in the words that people use; what says something else takes nothing."""

from __future__ import annotations

import pytest

from tests.operations.texting import UNCLEAR, code_of, takes, writes
from tests.stories.records import emergencies
from tests.stories.world import ANA, CLEO, World


@pytest.fixture
def paged(world: World) -> World:
    """A text waits for a person, and Ana and Ben are asked."""
    writes(world.mia, UNCLEAR)
    world.ana.reads("A text needs a person")
    return world


def test_on_it_takes_it_as_a_key_on_the_phone_proves(paged: World) -> None:
    """Until then it is nobody's."""
    assert "your phone rings now" in (writes(paged.ana, "I'll take it") or "")
    assert paged.board().threads[0].accepted_by is None
    paged.ana.answers().presses("1")
    assert paged.board().threads[0].accepted_by == "Ana Lima"


@pytest.mark.parametrize("words", ["voy {code}", "OK, got it! #{code}", "👍 {code}"])
def test_a_code_may_stand_beside_them(paged: World, words: str) -> None:
    assert "your phone rings now" in (writes(paged.ana, words.format(code=code_of(paged.ana))) or "")


def test_who_cant_is_passed_over_at_once(paged: World) -> None:
    """And the others are asked on."""
    assert "passed on" in (writes(paged.ana, "Sorry, can't") or "")
    assert "your phone rings now" in (writes(paged.ben, "sí") or "")


@pytest.mark.parametrize("words", ["yes but I can't", "on it tomorrow", "got it?", "ok no", "thanks"])
def test_what_says_something_else_takes_nothing(paged: World, words: str) -> None:
    """They are told which code waits."""
    assert "waiting for you" in (writes(paged.ana, words) or "")
    assert not paged.ana.rings


def test_words_of_somebody_who_writes_with_a_caller_are_for_the_caller(world: World) -> None:
    """Cleo has one emergency, and another one waits: her "ok" is asked about as words to Mia, and claims nothing."""
    writes(world.mia, "he is not breathing")
    mine = takes(world.cleo, "3")
    writes(world.person("+16175550143"), "my son won't wake up")
    world.cleo.reads("Code ")
    assert "Send to the caller?" in (writes(world.cleo, "ok") or "")
    assert "press 1 on it to send your words" in (writes(world.cleo, f"{mine} ok") or "")
    assert all(row.escalation.coming == frozenset() for row in emergencies(world))


def test_a_page_answered_by_text_after_somebody_else_accepted_it(world: World) -> None:
    """Whoever is late hears who has it, in whichever words they are; it stays where it is."""
    world.mia.calls().presses("1")
    code = code_of(world.dev)
    world.cleo.answers().presses("1").meets(world.mia)
    world.dev.reads("was taken by Cleo")
    for words in (code, f"on it {code}", f"{code} voy"):
        assert f"{code} was taken by Cleo" in (writes(world.dev, words) or "")
    assert "was taken by Cleo" in (writes(world.dev, "on it") or "")
    (row,) = emergencies(world)
    assert row.escalation.accepted_by == world.staff_id(CLEO)
    assert not world.dev.rings


def test_words_when_nothing_waits_make_nobody_a_caller_within_a_day(paged: World) -> None:
    """Ben took it: Ana's late "on it" is answered as staff's."""
    writes(paged.ben, "on it")
    paged.ben.answers().presses("1")
    paged.passes(5)
    assert "was taken by Ben" in (writes(paged.ana, "on it") or "")
    assert paged.staff_id(ANA) not in {row.escalation.accepted_by for row in emergencies(paged)}
