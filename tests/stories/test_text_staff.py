"""Telephones of the staff: answers to pages, and people who may need help too."""

from __future__ import annotations

import pytest

from tests.operations.texting import MENU, SAFE, UNCLEAR, writes
from tests.stories.records import callbacks_of, emergencies
from tests.stories.world import World


def test_staff_may_need_help_too(world: World) -> None:
    """A telephone of the staff that nothing pages is a caller's like any other."""
    assert (writes(world.ana, "hi") or "").startswith(MENU)
    assert SAFE in (writes(world.ana, "2") or "")
    assert "You are in line" in (writes(world.ana, "4") or "")
    assert len(callbacks_of(world)) == 1


def test_a_clinician_s_own_emergency_is_one(world: World) -> None:
    """Her 1 opens it, and coming twice it doesn't accept it for her."""
    world.sim.faults.every_webhook_twice = True
    writes(world.cleo, "1")
    world.cleo.reads("Call 911 now.")
    (running,) = emergencies(world)
    assert running.escalation.accepted_by is None
    assert world.dev.rings


@pytest.mark.parametrize("words", ["help my son won't wake up", "I want to die", "he is not breathing 1"])
def test_emergency_words_of_somebody_who_is_paged_are_their_own(world: World, words: str) -> None:
    """They are never taken for an answer to the page."""
    writes(world.mia, UNCLEAR)
    world.ana.reads("A text needs a person")
    writes(world.ana, words)
    assert len(emergencies(world)) == 1
    assert world.board().threads[0].accepted_by is None


def test_stop_from_a_paged_telephone_accepts_nothing(world: World) -> None:
    """It opts the telephone out; the thread still waits, and the next one is asked."""
    writes(world.mia, UNCLEAR)
    world.ana.reads("A text needs a person")
    writes(world.ana, "STOP")
    assert world.board().threads[0].accepted_by is None
    assert "your phone rings now" in (writes(world.ben, "1") or "")


@pytest.mark.parametrize(
    "words", ["what is this?", "on my way home", "10", "1 moment please", "DONE for today"]
)
def test_other_words_from_a_paged_telephone_accept_nothing(world: World, words: str) -> None:
    """Only 1, the reference, 2 and DONE are about the page."""
    writes(world.mia, UNCLEAR)
    world.ana.reads("A text needs a person")
    writes(world.ana, words)
    assert all(thread.accepted_by is None for thread in world.board().threads)


def test_2_passes_the_page_on(world: World) -> None:
    """And isn't a caller's choice then. Their own phone rings on: a text proves nobody."""
    writes(world.mia, "1")
    world.cleo.reads("emergency waiting")
    assert "passed on" in (writes(world.cleo, "2") or "")
    assert world.cleo.rings
    assert world.dev.rings
    assert callbacks_of(world) == []


@pytest.mark.parametrize("words", ["1", "on it"])
def test_a_late_1_takes_what_still_waits_though_others_are_asked_by_now(world: World, words: str) -> None:
    """It went on to others, and nobody has it: "nothing is waiting" would be read as that it is done."""
    writes(world.mia, UNCLEAR)
    world.ana.reads("A text needs a person")
    assert "passed on" in (writes(world.ana, "2") or "")
    world.passes(5)
    assert world.board().threads[0].accepted_by is None
    assert "waiting for you" in (writes(world.ana, "what was it?") or "")
    assert "your phone rings now" in (writes(world.ana, words) or "")
    world.ana.answers().presses("1")
    assert world.board().threads[0].accepted_by == "Ana Lima"
