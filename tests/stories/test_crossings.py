"""What crosses: two keys, a redirect and a turn. Nobody is dialled who is on the line, nor pulled out of a talk."""

from __future__ import annotations

import pytest

from hotline.callbacks.callback import CallbackStatus
from hotline.model import Outcome
from hotline.simulator import Behaviour
from tests.stories.conftest import Building
from tests.stories.people import Person
from tests.stories.records import callbacks_of, last_outcome
from tests.stories.world import CENTRE, MIA, World


def only_ana(world: World) -> None:
    """Nobody else can be rung for callers who hold."""
    world.phones(Behaviour.OFF, world.ben, world.sue)


def hears_of_mia(world: World) -> Person:
    """Mia holds, and Ana has picked up and decided nothing yet."""
    only_ana(world)
    world.mia.calls().presses("2").hears("getting a person")
    return world.ana.answers().hears("A caller is waiting")


def never_dialled(world: World) -> bool:
    """Whether no call was placed to Mia."""
    return world.calls_to(MIA) == []


def they_talk_undisturbed(world: World) -> None:
    """Mia and Ana are together, stay so, and it counts."""
    world.ana.meets(world.mia)
    world.passes(25)
    assert world.ana.talks_with(world.mia)
    assert not world.ana.has_heard("How did it end")
    assert not world.ana.has_heard("Clinician, press 1")
    assert never_dialled(world)
    world.mia.hangs_up()
    world.ana.hears("How did it end")
    assert last_outcome(world) is Outcome.REACHED
    assert all(not row.callback.is_open for row in callbacks_of(world))


@pytest.mark.parametrize("late", [0, 1, 4])
@pytest.mark.parametrize("ana_waits", [0, 2])
def test_4_and_1_at_the_same_time(world: World, ana_waits: int, late: int) -> None:
    """Mia asks for a call back while Ana presses 1: Mia is on the line, so they talk; an attempt isn't even begun."""
    hears_of_mia(world)
    world.sim.faults.redirect_late(late, times=2)
    world.mia.phone.presses("4")
    if ana_waits:
        world.passes(ana_waits)
    if world.ana.has_heard("not waiting any more"):
        assert never_dialled(world)
        return
    world.ana.presses("1")
    they_talk_undisturbed(world)


@pytest.mark.both_databases
@pytest.mark.parametrize("late", [0, 4])
def test_4_and_two_who_press_1_for_it(world: World, late: int) -> None:
    """The first has her; the second hears who has, and doesn't stand in their talk."""
    world.phones(Behaviour.OFF, world.sue)
    world.mia.calls().presses("2").hears("getting a person")
    for coordinator in (world.ana, world.ben):
        coordinator.answers().hears("A caller is waiting")
    world.sim.faults.redirect_late(late, times=2)
    world.mia.phone.presses("4")
    world.ana.phone.presses("1")
    world.ben.phone.presses("1")
    world.ben.hears("Ana has taken")
    they_talk_undisturbed(world)


def test_1_when_the_caller_has_begun_to_say_where_to_call(building: Building) -> None:
    """Ringing is over while Ana still listens to what waits: she presses 1, and is with Mia."""
    world = building(centre=CENTRE + '[waits]\nlive_answer = "12s"\n')
    only_ana(world)
    world.mia.calls().presses("2").hears("getting a person")
    world.ana.answers()
    world.sim.faults.redirect_late(30)
    world.mia.hears("A coordinator will call you back", within=30).presses("4").hears("message")
    world.ana.presses("1")
    they_talk_undisturbed(world)


def test_whose_number_is_withheld_is_met_too(building: Building) -> None:
    """There is no callback at all yet; Mia types a number."""
    world = building(centre=CENTRE + '[waits]\nlive_answer = "12s"\n')
    only_ana(world)
    world.mia.calls(withheld=True).presses("2").hears("getting a person")
    world.ana.answers()
    world.sim.faults.redirect_late(30)
    world.mia.hears("Your number is hidden", within=30)
    world.ana.presses("1").meets(world.mia)


def test_whoever_presses_1_for_a_callback_meets_the_caller_who_calls_themselves(world: World) -> None:
    """Ana's phone rings for Mia's callback when Mia calls again for the same: she is fetched, not dialled."""
    only_ana(world)
    world.mia.calls().presses("2").hears("getting a person").hangs_up()
    world.until(lambda: not world.ana.rings, within=5)
    world.ana.answers(within=10).hears("A call back is due")
    world.mia.calls().presses("2").hears("getting a person")
    world.ana.presses("1")
    they_talk_undisturbed(world)


def test_who_calls_about_something_else_is_left_there_and_not_dialled(world: World) -> None:
    """Perhaps it is somebody else. Ana hears why nobody is rung, and the callback stays in line."""
    only_ana(world)
    world.mia.calls().presses("2").hears("getting a person").hangs_up()
    world.until(lambda: not world.ana.rings, within=5)
    world.ana.answers(within=10).hears("A call back is due")
    world.mia.calls()
    world.ana.presses("1").hears("calling us right now")
    assert never_dialled(world)
    owed = callbacks_of(world)[0].callback
    assert (owed.status, owed.attempts) == (CallbackStatus.WAITING, 0)
    world.mia.hangs_up()
    world.ana.answers(within=30).hears("A call back is due").presses("1")
    world.mia.answers().presses("1").meets(world.ana)


@pytest.mark.parametrize("slow", ["", "slow", "slow_answer"])
@pytest.mark.parametrize("late", [0, 0.5, 1, 2, 4, 12])
def test_a_redirect_and_the_callers_own_turn(world: World, late: float, slow: str) -> None:
    """Whichever is first, and however late the other: they talk, and nobody is asked how a talk ended that goes on."""
    hears_of_mia(world)
    if slow:
        getattr(world.sim.faults, slow)(1.5, kind="voice", url_part="/voice/turn/", times=3)
    world.sim.faults.redirect_late(late)
    world.ana.presses("1")
    world.passes(15)
    they_talk_undisturbed(world)


@pytest.mark.parametrize("late", [0, 2, 9])
def test_the_redirect_of_somebody_left_alone_comes_late(world: World, late: float) -> None:
    """Ana's line drops, Mia is told, and holds again; a late redirect only says again what she is hearing."""
    hears_of_mia(world).presses("1").meets(world.mia)
    world.passes(25)
    world.sim.faults.redirect_late(late)
    world.ana.hangs_up()
    world.mia.hears("The other person has left", within=40)
    world.mia.hears("getting a person", within=40)
    world.ana.answers(within=40).presses("1").meets(world.mia)
