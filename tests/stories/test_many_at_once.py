"""More than one caller: nobody is forgotten, nobody is rung twice for the same one, emergencies come first."""

from datetime import timedelta

import pytest

from hotline.callbacks.callback import CallbackStatus
from hotline.model import Line, Outcome
from hotline.simulator import Behaviour
from tests.stories.conftest import Building
from tests.stories.people import Person
from tests.stories.records import callbacks_of, emergencies, the_callback
from tests.stories.test_called_back import NEUTRAL, owe
from tests.stories.world import CENTRE, MIA, World

QUICK = CENTRE + '[waits]\nlive_answer = "0s"\n'


@pytest.fixture
def quick(building: Building) -> World:
    """A centre in which nobody holds."""
    return building(centre=QUICK)


def noa(world: World) -> Person:
    """Another caller."""
    return world.person("+16175550143", label="Noa")


def kim(world: World) -> Person:
    """A third one."""
    return world.person("+16175550144", label="Kim")


def asks(caller: Person, key: str) -> None:
    """They ask for a call, and hang up."""
    caller.calls().presses(key).hears("will call you").hangs_up()


def test_each_coordinator_gets_another_caller(quick: World) -> None:
    """Two are owed a call, two coordinators are free: each talks with one of them."""
    quick.phones(Behaviour.OFF, quick.sue)
    asks(quick.mia, "2")
    asks(noa(quick), "2")
    quick.ana.answers().presses("1")
    quick.ben.answers(within=60).presses("1")
    quick.mia.answers().presses("1")
    noa(quick).answers().presses("1")
    theirs = {MIA, noa(quick).phone.number}
    quick.until(lambda: quick.ana.phone.talking_with | quick.ben.phone.talking_with == theirs, within=10)
    assert len(quick.ana.phone.talking_with) == 1
    quick.mia.hangs_up()
    noa(quick).hangs_up()
    quick.passes(30)
    assert [row.callback.status for row in callbacks_of(quick)] != []


def test_a_person_comes_before_family(quick: World) -> None:
    """One coordinator, two who wait: the more pressing one is rung first, the other one next."""
    quick.phones(Behaviour.OFF, quick.ana, quick.ben, quick.sue)
    asks(noa(quick), "3")
    asks(quick.mia, "0")
    quick.passes(minutes=2)
    quick.phones(Behaviour.RINGS, quick.ana)
    quick.ana.answers(within=120).presses("1").hears("A person call back")
    quick.mia.answers().presses("1").meets(quick.ana)
    quick.passes(30)
    quick.mia.hangs_up()
    quick.ana.hears("How did it end").presses("1")
    quick.until(lambda: not quick.ana.in_call)
    quick.ana.answers(within=120).presses("1").hears("Family call back")
    noa(quick).answers().presses("1").meets(quick.ana)


def test_who_calls_while_the_only_coordinator_talks_is_owed_a_call(world: World) -> None:
    """They hold, are promised a call, and are rung as soon as she is free."""
    world.phones(Behaviour.OFF, world.ben, world.sue)
    world.mia.calls().presses("2")
    world.ana.answers().presses("1").meets(world.mia)
    noa(world).calls().presses("2").hears("A coordinator will call you back", within=90).hangs_up()
    world.passes(20)
    assert world.ana.talks_with(world.mia)
    world.mia.hangs_up()
    world.ana.hears("How did it end").presses("1")
    world.until(lambda: not world.ana.in_call)
    world.ana.answers(within=60).presses("1")
    noa(world).answers().presses("1").meets(world.ana)


def test_they_call_us_while_we_call_them(quick: World) -> None:
    """Nobody dials who is on the line with us: Ana hears why, and they are rung when they have hung up."""
    owe(quick)
    quick.ana.answers()
    quick.mia.calls().hears("For treatment")
    quick.ana.presses("1").hears("They are calling us right now", within=30)
    quick.mia.presses("2").hears("A coordinator will call you back").hangs_up()
    quick.until(lambda: not quick.ana.in_call)
    quick.ana.answers(within=60).presses("1")
    quick.mia.answers().hears(NEUTRAL).presses("1").meets(quick.ana)
    assert the_callback(quick).callback.repeats == 1


def test_they_call_while_ana_waits_for_them_and_get_her(world: World) -> None:
    """Called again in the minutes after an attempt in vain, and answered live: the callback is kept."""
    world.phones(Behaviour.OFF, world.ben, world.sue, world.ana)
    world.mia.calls().presses("2").hears("A coordinator will call you back", within=90).hangs_up()
    world.phones(Behaviour.RINGS, world.ana)
    world.phones(Behaviour.IGNORES, world.mia)
    world.ana.answers(within=120).presses("1").hears("They did not answer", within=60)
    world.until(lambda: not world.ana.in_call)
    world.mia.calls().presses("2")
    world.ana.answers(within=40).presses("1").meets(world.mia)
    world.passes(30)
    world.mia.hangs_up()
    world.passes(5)
    assert the_callback(world).callback.outcome is Outcome.REACHED


def test_an_emergency_rings_even_those_who_talk(world: World) -> None:
    """The clinician who is busy is asked by text; the others' phones ring; each emergency has its own human."""
    world.mia.calls().presses("1")
    world.cleo.answers().presses("1").meets(world.mia)
    noa(world).calls().presses("1").hears("Please hang up now")
    world.dev.answers().presses("1").meets(noa(world))
    assert world.cleo.talks_with(world.mia)
    assert len({row.escalation.accepted_by for row in emergencies(world)}) == 2


def test_an_emergency_while_the_same_caller_is_owed_a_call(quick: World) -> None:
    """Asked for treatment, then called again with an emergency and hung up: that has a callback of its own."""
    quick.phones(Behaviour.OFF, *quick.staff)
    asks(quick.mia, "2")
    quick.passes(30)
    quick.mia.calls().presses("1").hears("Put the phone on speaker", within=20)
    quick.mia.hangs_up()
    quick.passes(2)
    asked, owed = sorted((row.callback for row in callbacks_of(quick)), key=lambda one: one.opened_at)
    assert (asked.line, asked.is_open) == (Line.ADMISSIONS, True)
    assert (owed.line, owed.status) == (Line.EMERGENCY, CallbackStatus.WAITING)
    assert owed.due_at is not None
    assert owed.due_at - quick.clock.now <= timedelta(minutes=2)
    quick.phones(Behaviour.RINGS, quick.cleo)
    quick.cleo.answers(within=60).presses("1").hears("They hung up")
    quick.mia.answers(within=150).presses("1").meets(quick.cleo)


def test_an_emergency_while_ana_calls_them(quick: World) -> None:
    """Ana's call to Mia is under way when Mia calls with an emergency: clinicians are rung all the same."""
    owe(quick)
    quick.ana.answers()
    quick.mia.calls().presses("1").hears("Please hang up now")
    quick.ana.presses("1")
    quick.cleo.answers().presses("1").meets(quick.mia)


@pytest.mark.both_databases
def test_three_are_owed_and_all_are_called(quick: World) -> None:
    """One coordinator works them off, one after the other; each is called once and closed."""
    quick.phones(Behaviour.OFF, quick.ben, quick.sue)
    callers = [quick.mia, noa(quick), kim(quick)]
    for caller in callers:
        asks(caller, "2")
    for _ in callers:
        quick.ana.answers(within=120).presses("1")
        quick.until(lambda: any(caller.rings for caller in callers), within=10)
        caller = next(caller for caller in callers if caller.rings)
        caller.answers().presses("1").meets(quick.ana)
        quick.passes(21)
        caller.hangs_up()
        quick.ana.hears("How did it end").presses("1").hears("Saved")
        quick.until(lambda: not quick.ana.in_call)
    assert all(row.callback.outcome is Outcome.REACHED for row in callbacks_of(quick))
    assert [len(quick.calls_to(caller.phone.number)) for caller in callers] == [1, 1, 1]
