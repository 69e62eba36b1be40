"""A staff phone is somebody also when nothing is open for it: late answers, and calls from it."""

from __future__ import annotations

import pytest

from hotline.simulator import Behaviour
from tests.operations.texting import answers_to, writes
from tests.stories.records import callbacks_of, emergencies
from tests.stories.world import CLEO, World


@pytest.fixture
def taken(world: World) -> World:
    """Mia's emergency has been taken by Dev; Cleo was paged for it too."""
    world.mia.calls().presses("1")
    world.cleo.reads("Code")
    world.dev.answers().presses("1").meets(world.mia)
    world.passes(5)
    return world


@pytest.mark.parametrize("words", ["1", "2", "DONE", "ok", "on my way", "1 please", "yes", "3"])
def test_a_late_answer_is_told_who_took_it(taken: World, words: str) -> None:
    """And makes nobody a caller."""
    assert "was taken by Dev" in (writes(taken.cleo, words) or "")
    assert len(emergencies(taken)) == 1
    assert callbacks_of(taken) == []


@pytest.mark.parametrize("words", ["1", "2", "DONE", "ok"])
def test_an_answer_hours_after_it_was_closed_is_told_that_nothing_waits(taken: World, words: str) -> None:
    """A day long; after that the telephone is a caller's like any other."""
    taken.mia.hangs_up()
    taken.dev.hears("Is this emergency closed").presses("1")
    taken.leaps(minutes=20 * 60)
    assert "nothing is waiting for you" in (writes(taken.cleo, words) or "")
    assert emergencies(taken) == []
    taken.leaps(minutes=5 * 60)
    assert "nothing is waiting" not in (writes(taken.cleo, words) or "")


def test_a_danger_of_their_own_is_still_one(taken: World) -> None:
    """Staff may need help too, and nothing blocks that."""
    assert (writes(taken.cleo, "help my son won't wake up") or "").startswith("Call 911 now.")
    assert len(emergencies(taken)) == 2


def test_a_clinician_who_missed_the_page_and_dials_back_is_rung_for_it(world: World) -> None:
    """A caller's number can be forged: 1 is answered with a call to the verified phone, and 1 there connects."""
    world.phones(Behaviour.IGNORES, *world.staff)
    world.mia.calls().presses("1")
    world.until(lambda: world.cleo.rings, within=12)
    world.until(lambda: not world.cleo.rings, within=60)
    world.cleo.calls().hears("An emergency waits for you").presses("1").hears("Please hang up")
    world.until(lambda: not world.cleo.in_call, within=15)
    world.phones(Behaviour.RINGS, world.cleo)
    world.until(lambda: world.cleo.rings, within=40)
    world.cleo.answers(within=30).hears("Emergency waiting").presses("1").meets(world.mia)
    assert len(emergencies(world)) == 1


@pytest.mark.parametrize("key", ["2", None])
def test_whoever_wants_something_else_is_a_caller(world: World, key: str | None) -> None:
    """The 911 sentence and the menu, with any other key or none."""
    world.phones(Behaviour.IGNORES, *world.staff)
    world.mia.calls().presses("1")
    world.until(lambda: world.cleo.rings, within=12)
    world.until(lambda: not world.cleo.rings, within=60)
    world.cleo.calls().hears("An emergency waits for you")
    if key is not None:
        world.cleo.presses(key)
    world.cleo.hears("9-1-1", within=20).presses("1")
    assert len(emergencies(world)) == 2


def test_nobody_is_rung_for_themselves(world: World) -> None:
    """A coordinator who tries the line from her own phone isn't called for her own call, nor for what she is owed."""
    world.ana.calls().presses("2")
    world.until(lambda: world.ben.rings, within=12)
    world.passes(90)
    assert not world.calls_to("+16175550101")


def test_a_clinician_s_own_emergency_rings_the_others_only(world: World) -> None:
    """Not by text either."""
    before = len(answers_to(world.cleo))
    writes(world.cleo, "he is not breathing")
    world.passes(90)
    assert world.calls_to(CLEO) == []
    assert not any("emergency waiting" in text for text in answers_to(world.cleo)[before:])
    assert world.dev.has_read("emergency waiting")
