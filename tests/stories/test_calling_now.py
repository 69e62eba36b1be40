"""Who hears "we are calling them now" hears the truth: the caller's telephone rings a moment later."""

from __future__ import annotations

from hotline.simulator import Behaviour
from tests.operations.texting import writes
from tests.stories.conftest import Building
from tests.stories.test_person_first import NO_HOLD, owe
from tests.stories.world import MIA, PERSON_FIRST

CALLING = "We are calling them now"


def test_in_an_emergency_the_call_leaves_with_the_key(building: Building) -> None:
    """Nothing but that is said before they are together, and whoever answers finds the clinician there."""
    world = building(centre=PERSON_FIRST)
    writes(world.mia, "1")
    world.cleo.answers().hears("Emergency by text, waiting less than a minute")
    world.cleo.phone.presses("1")
    pressed = world.clock.now
    world.until(lambda: world.calls_to(MIA) != [], within=2)
    assert (world.calls_to(MIA)[0].created_at - pressed).total_seconds() <= 1
    world.cleo.hears(CALLING, within=1)
    assert not world.cleo.has_heard("Attempt")
    world.until(lambda: world.mia.rings, within=4)
    world.mia.answers().meets(world.cleo)


def test_else_it_is_said_last(building: Building) -> None:
    """First what to say to whoever answers, then that they are called; by its end their telephone rings."""
    world = building(centre=NO_HOLD)
    owe(world)
    world.ana.answers().presses("1").hears("Admissions call back").hears("is this a good time?").hears(
        CALLING
    )
    world.until(lambda: world.mia.rings, within=5)


def test_how_long_they_wait_is_no_second(building: Building) -> None:
    """ "Waiting 1 second" tells nobody anything."""
    world = building(centre=NO_HOLD)
    owe(world)
    world.ana.answers().hears("Waiting less than a minute").presses("1").hears("Waiting less than a minute")


def test_nobody_is_paged_anew_while_the_one_who_has_it_waits_for_the_caller(building: Building) -> None:
    """Cleo is in the room and hears Mia's phone ring: nothing lies there untouched."""
    world = building(centre=PERSON_FIRST + '[waits]\nemergency_untouched = "10s"\n')
    world.phones(Behaviour.IGNORES, world.mia)
    writes(world.mia, "1")
    world.cleo.answers().presses("1")
    world.until(lambda: world.mia.rings, within=6)
    calls, texts = len(world.sim.calls), len(world.texts_to(world.cleo.phone.number))
    world.passes(14)
    assert world.mia.rings
    assert len(world.sim.calls) == calls
    assert len(world.texts_to(world.cleo.phone.number)) == texts
