"""One order for everybody's attention: emergency, live caller, overdue callback, due callback, text."""

from __future__ import annotations

from typing import Any

from hotline.simulator import Behaviour
from tests.stories.centre import STAFF
from tests.stories.conftest import Building
from tests.stories.people import Person
from tests.stories.records import callbacks_of
from tests.stories.world import World

QUICK_SECOND_RUNG: dict[str, Any] = {
    **STAFF,
    "policy": [
        {
            "subject": "emergency",
            "pause": "0s",
            "rung": [
                {"who": ["schedule:clinicians"], "how": ["call"], "wait": "10s"},
                {"who": ["schedule:clinicians", "schedule:coordinators"], "how": ["call"], "wait": "30s"},
            ],
        }
    ],
}


def kim(world: World) -> Person:
    """Another caller."""
    return world.person("+16175550144", label="Kim")


def wants_a_call(world: World, who: Person) -> None:
    """They ask for treatment, and hang up: the phones ring for their callback."""
    who.calls().presses("2").hears("getting a person").hangs_up()
    world.until(lambda: not world.ana.rings, within=5)
    world.until(lambda: world.ana.rings, within=10)


def only_ana(world: World) -> None:
    """The other coordinator and the supervisor are away."""
    world.phones(Behaviour.OFF, world.ben, world.sue)


def test_a_ring_for_a_callback_is_called_off_for_an_emergency(building: Building) -> None:
    """Ana's phone rings for a callback when the emergency's second rung is reached: it rings for the emergency now."""
    world = building(document=QUICK_SECOND_RUNG)
    only_ana(world)
    world.phones(Behaviour.IGNORES, *world.clinicians)
    wants_a_call(world, kim(world))
    world.mia.calls().presses("1")
    world.passes(10)
    world.ana.answers(within=10).hears("Emergency waiting").presses("1").meets(world.mia)
    assert callbacks_of(world)[0].callback.is_open


def test_somebody_who_hears_of_a_callback_is_told_to_pick_up_again(building: Building) -> None:
    """Ana has picked up and pressed nothing: she hears why, and her phone rings anew."""
    world = building(document=QUICK_SECOND_RUNG)
    only_ana(world)
    world.phones(Behaviour.IGNORES, *world.clinicians)
    world.mia.calls().presses("1")
    world.passes(3)
    kim(world).calls().presses("2").hears("getting a person")
    world.ana.answers().hears("A caller is waiting")
    world.ana.hears("for something more pressing", within=15)
    world.until(lambda: not world.ana.in_call)
    world.ana.answers(within=15).hears("Emergency waiting").presses("1").meets(world.mia)


def test_nobody_on_the_line_loses_somebody_to_an_emergency_that_nobody_can_call(building: Building) -> None:
    """Mia withheld her number and has hung up: Ana, who has picked up for Kim, gets Kim."""
    world = building(document=QUICK_SECOND_RUNG)
    only_ana(world)
    world.phones(Behaviour.IGNORES, *world.clinicians)
    world.mia.calls(withheld=True).presses("1").hangs_up()
    kim(world).calls().presses("2").hears("getting a person")
    world.ana.answers(within=10).hears("A caller is waiting")
    world.passes(9)
    assert world.ana.in_call
    world.ana.presses("1").meets(kim(world))


def test_no_callback_is_offered_while_an_emergency_waits(world: World) -> None:
    """Coordinators are on its second rung: they are rung for it at once then, and were rung for nothing less before."""
    only_ana(world)
    world.phones(Behaviour.IGNORES, *world.clinicians)
    world.mia.calls().presses("1")
    kim(world).calls().presses("2").hears("getting a person").hangs_up()
    world.until(lambda: not world.ana.rings, within=5)
    world.passes(10)
    assert not world.ana.rings
    world.ana.answers(within=30).hears("Emergency waiting").presses("1").meets(world.mia)


def test_a_ring_for_a_callback_is_called_off_for_a_live_caller(world: World) -> None:
    """Kim isn't there; Mia is, and holds."""
    only_ana(world)
    wants_a_call(world, kim(world))
    world.mia.calls().presses("2").hears("getting a person")
    world.passes(4)
    world.ana.answers(within=8).hears("A caller is waiting").presses("1").meets(world.mia)


def test_the_callback_is_rung_for_again_when_she_is_free(world: World) -> None:
    """It was called off, not declined: no pause, and nothing is lost."""
    test_a_ring_for_a_callback_is_called_off_for_a_live_caller(world)
    world.passes(30)
    world.mia.hangs_up()
    world.ana.hears("How did it end").presses("1").hears("Saved")
    world.until(lambda: not world.ana.in_call)
    world.ana.answers(within=15).hears("A call back is due")


def test_whoever_is_free_again_is_rung_for_the_live_caller_before_any_callback(world: World) -> None:
    """Ana's phone rings in vain for Mia when Ben is done with his talk; a callback is due. His phone rings for Mia."""
    world.phones(Behaviour.OFF, world.ana, world.sue)
    noa = world.person("+16175550143", label="Noa")
    noa.calls().presses("2")
    world.ben.answers().presses("1").meets(noa)
    kim(world).calls().presses("2").hears("getting a person").hangs_up()
    world.passes(25)
    world.phones(Behaviour.IGNORES, world.ana)
    world.mia.calls().presses("2").hears("getting a person")
    world.until(lambda: world.ana.rings)
    noa.hangs_up()
    world.ben.hears("How did it end").presses("1").hears("Saved")
    world.until(lambda: not world.ben.in_call)
    assert world.ana.rings
    world.ben.answers(within=8).hears("A caller is waiting").presses("1").meets(world.mia)


def test_a_text_never_takes_a_phone(world: World) -> None:
    """A callback's ring goes on while a text waits for somebody to read it."""
    only_ana(world)
    wants_a_call(world, kim(world))
    before = len(world.calls_to(world.ana.phone.number))
    world.mia.texts("I have a question about my cousin and something else")
    world.passes(10)
    assert len(world.calls_to(world.ana.phone.number)) == before
