"""Floods: one number can't keep the line, or a coordinator, from others; and is never cut off from help."""

from __future__ import annotations

import pytest

from hotline.model import Outcome
from tests.stories.conftest import Building
from tests.stories.records import emergencies, last_outcome
from tests.stories.world import ANA, CENTRE, MIA, World

FLOODS = CENTRE + "[floods]\ncalls_per_hour = 4\ncalls_at_once = 2\n"


@pytest.fixture
def world(building: Building) -> World:
    """Low caps, to reach them soon."""
    return building(centre=FLOODS)


def calls_and_hangs_up(world: World, times: int) -> None:
    for _ in range(times):
        world.mia.calls().hears("9-1-1").hangs_up()


def test_a_number_that_calls_too_often_is_told_so_and_may_again_later(world: World) -> None:
    """The fifth call within the hour; an hour later the menu is there again."""
    calls_and_hangs_up(world, 3)
    world.mia.calls().hears("For treatment, press 2").hangs_up()
    world.mia.calls().hears("9-1-1").hears("For an emergency, press 1").presses("2").presses("2").presses("2")
    world.passes(5)
    assert last_outcome(world) is Outcome.BLOCKED
    world.passes(minutes=61)
    world.mia.calls().hears("For treatment, press 2")


def test_key_1_and_emergency_words_work_above_every_cap(world: World) -> None:
    """Whoever calls the tenth time may be in danger the tenth time."""
    calls_and_hangs_up(world, 9)
    world.mia.calls().hears("For an emergency, press 1").presses("1")
    world.until(lambda: world.cleo.rings, within=2)
    world.cleo.answers().presses("1").meets(world.mia)
    assert len(emergencies(world)) == 1


def test_who_has_an_open_emergency_is_put_to_it_above_every_cap(world: World) -> None:
    """Their further calls go straight to it: no menu, and no list."""
    world.mia.calls().hears("9-1-1").presses("1").hangs_up()
    for _ in range(6):
        world.mia.calls()
        assert not world.mia.phone.captions[-1].startswith("We can't take")
        world.mia.hangs_up()
    assert len(emergencies(world)) == 1
    world.cleo.answers(within=60).presses("1")


def test_so_many_calls_at_once_and_no_more(world: World) -> None:
    """Two handsets behind one number talk to us; the third hears how to reach the emergency line."""
    handsets = [world.person(f"+1617555016{n}") for n in range(3)]
    for handset in handsets[:2]:
        handset.calls(shown_as=MIA).hears("For treatment, press 2")
    handsets[2].calls(shown_as=MIA).hears("For an emergency, press 1. We can't take")
    handsets[0].hangs_up()
    handsets[2].hangs_up()
    world.passes(2)
    handsets[2].calls(shown_as=MIA).hears("For treatment, press 2")


def test_withheld_numbers_are_not_counted_together(world: World) -> None:
    """They share nothing but their silence."""
    for n in range(6):
        one = world.person(f"+1617555016{n}")
        one.calls(withheld=True).hears("For treatment, press 2")


def test_staff_may_call_as_often_as_they_like(world: World) -> None:
    """Ana tries the line out."""
    ana = world.person(ANA)
    for _ in range(6):
        ana.calls().hears("For treatment, press 2").hangs_up()
