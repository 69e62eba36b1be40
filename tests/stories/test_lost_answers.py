"""Hotline is so slow that the carrier waits no longer: what it then answers reaches nobody, and leaves once more."""

from __future__ import annotations

import pytest

from tests.stories.test_taken_up import EVERYTHING, look
from tests.stories.world import World

IN_DANGER = "my friend took too many pills, he is not breathing"


def slowly(world: World, words: str) -> None:
    """Mia writes this; it is read and answered, each time after the carrier has given up."""
    look(world)
    world.sim.faults.late(kind="sms", times=EVERYTHING)
    world.mia.texts(words)
    world.passes(40)
    world.sim.faults.clear()


@pytest.mark.both_databases
def test_what_the_carrier_threw_away_leaves_by_itself_once(world: World) -> None:
    """Of an emergency, too: the record said that she had read it."""
    slowly(world, IN_DANGER)
    assert not world.mia.has_read("911")
    look(world)
    assert not world.mia.has_read("911"), "somebody may still wait for the answer to the request"
    world.passes(10)
    assert look(world).answers == 1
    world.mia.reads("911", within=20)
    for _ in range(3):
        world.passes(60)
        assert look(world).answers == 0
    assert sum("911" in one.body for one in world.mia.phone.inbox) == 1


def test_what_has_arrived_or_was_followed_by_more_is_not_said_again(world: World) -> None:
    """An answer that came late would answer something else than what they wrote last."""
    look(world)
    world.mia.texts("2")
    world.passes(60)
    assert look(world).answers == 0
    slowly(world, "what do you do")
    world.mia.texts("hello?")
    world.passes(60)
    assert look(world).answers == 0


def test_after_ten_minutes_nobody_is_answered_anew(world: World) -> None:
    """The lists could not be read meanwhile."""
    slowly(world, "2")
    before = len(world.mia.phone.inbox)
    world.passes(minutes=11)
    assert look(world).answers == 0
    assert len(world.mia.phone.inbox) == before
