"""Several callers hold: whoever is free is rung for the first of them, and whoever was cut off comes first."""

import pytest

from hotline.simulator import Behaviour
from tests.stories.people import Person
from tests.stories.world import World

ALONE = "The other person has left the call"


@pytest.fixture(autouse=True)
def only_ben(world: World) -> None:
    """One coordinator; nobody else is rung for callers who hold."""
    world.phones(Behaviour.OFF, world.ana, world.sue)


def noa(world: World) -> Person:
    """Another caller."""
    return world.person("+16175550143", label="Noa")


def kim(world: World) -> Person:
    """A third one."""
    return world.person("+16175550144", label="Kim")


def holds(caller: Person) -> None:
    """They ask for treatment, and wait."""
    caller.calls().presses("2").hears("getting a person")


def with_ben(world: World) -> None:
    """Mia and Ben talk."""
    holds(world.mia)
    world.ben.answers().presses("1").meets(world.mia)
    world.passes(25)


def test_whoever_waits_longest_is_next_as_soon_as_ben_is_free(world: World) -> None:
    """Two hold while he talks. When he has said how it ended, his phone rings for the first of them."""
    with_ben(world)
    holds(noa(world))
    world.passes(7)
    holds(kim(world))
    world.mia.hangs_up()
    world.ben.hears("How did it end").presses("1").hears("Saved")
    world.until(lambda: not world.ben.in_call)
    world.ben.answers(within=5).presses("1").meets(noa(world))
    assert not kim(world).phone.talking_with


def test_nobody_is_rung_who_is_saying_how_it_ended(world: World) -> None:
    """His telephone is in use: it would be busy, and Noa would wait for the next round."""
    with_ben(world)
    holds(noa(world))
    before = len(world.calls_to(world.ben.phone.number))
    world.mia.hangs_up()
    world.ben.hears("How did it end")
    world.passes(5)
    assert len(world.calls_to(world.ben.phone.number)) == before
    world.ben.presses("1")
    world.ben.answers(within=8).presses("1").meets(noa(world))


def test_whoever_is_cut_off_goes_back_to_the_front(world: World) -> None:
    """Noa has held for a while when Ben's line drops. Mia is told, stays, and is the one with whom he talks next."""
    with_ben(world)
    holds(noa(world))
    world.passes(5)
    world.ben.hangs_up()
    world.mia.hears(ALONE)
    assert not world.ben.rings
    world.mia.hears("getting a person")
    world.ben.answers(within=5).presses("1").meets(world.mia)
    assert not noa(world).phone.talking_with


def test_whoever_is_cut_off_and_hangs_up_keeps_nobody_waiting(world: World) -> None:
    """Mia was done: Ben's phone rings for Noa at once."""
    with_ben(world)
    holds(noa(world))
    world.ben.hangs_up()
    world.mia.hears(ALONE).hangs_up()
    world.ben.answers(within=5).presses("1").meets(noa(world))


def test_at_the_front_even_when_somebody_has_waited_longer_altogether(world: World) -> None:
    """Noa began to hold before Mia ever called; Mia was cut off all the same, and is first."""
    holds(noa(world))
    world.ben.answers().presses("2")
    world.until(lambda: not world.ben.in_call)
    with_ben(world)
    world.ben.hangs_up()
    world.mia.hears(ALONE).hears("getting a person")
    world.ben.answers(within=5).presses("1").meets(world.mia)


def test_ben_is_gone_and_ana_comes_back(world: World) -> None:
    """Ben's telephone is dead. The first who can be rung is rung for Mia, not for Noa."""
    with_ben(world)
    holds(noa(world))
    world.ben.hangs_up()
    world.phones(Behaviour.OFF, world.ben)
    world.phones(Behaviour.RINGS, world.ana)
    world.mia.hears("getting a person", within=40)
    world.ana.answers(within=40).presses("1").meets(world.mia)


def test_whoever_declined_is_not_rung_again_at_once(world: World) -> None:
    """A free phone is not one that has just been declined: the next round comes in its own time."""
    holds(world.mia)
    world.ben.answers().presses("2")
    world.until(lambda: not world.ben.in_call)
    world.passes(10)
    assert not world.ben.rings
    world.ben.answers(within=40).presses("1").meets(world.mia)


def test_a_phone_that_rang_in_vain_for_the_first_rings_for_the_second(world: World) -> None:
    """Ben declines Mia, for whatever reason. Nothing is kept for her meanwhile: Noa's turn."""
    holds(world.mia)
    holds(noa(world))
    world.ben.answers().presses("2")
    world.ben.answers(within=10).presses("1").meets(noa(world))


def test_an_emergency_waits_for_no_hold(world: World) -> None:
    """Whoever holds, the emergency's phones ring in the same second."""
    with_ben(world)
    holds(noa(world))
    kim(world).calls().presses("1")
    world.until(lambda: all(one.rings for one in world.clinicians), within=3)
