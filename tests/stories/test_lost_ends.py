"""The end of a call is told once, and the news can be lost: the carrier is asked, and nobody is busy for ever."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from hotline.callbacks.callback import CallbackStatus
from hotline.model import Outcome
from hotline.simulator import Behaviour
from tests.operations.outages import goes_by, locked
from tests.stories.conftest import Building
from tests.stories.people import Person
from tests.stories.records import callbacks_of, contact_of, emergencies, the_callback
from tests.stories.world import SHORT, World
from tests.telephony.test_twiml_bin import AtTwilio
from workers.clock import tick


@contextmanager
def web_is_away(world: World) -> Iterator[None]:
    """For three seconds nothing reaches us."""
    world.sim.kernel.web = AtTwilio("")
    yield
    world.passes(3)
    world.sim.kernel.web = world.web


def noa(world: World) -> Person:
    """Another caller."""
    return world.person("+16175550143", label="Noa")


def kim(world: World) -> Person:
    """A third one."""
    return world.person("+16175550144", label="Kim")


def is_rung_back(world: World, caller: Person, by: Person, other: Person) -> None:
    """They asked for a call, get it, and talk."""
    world.phones(Behaviour.OFF, other, world.sue)
    caller.calls().presses("2").hears("getting a person").hangs_up()
    world.until(lambda: not by.rings, within=5)
    by.answers(within=20).presses("1")
    caller.answers(within=20).presses("1").meets(by)
    world.phones(Behaviour.RINGS, other)


def test_two_talks_that_end_while_the_web_is_away(world: World) -> None:
    """Both coordinators are rung within a minute, and both callbacks are done."""
    is_rung_back(world, world.mia, world.ana, world.ben)
    is_rung_back(world, noa(world), world.ben, world.ana)
    world.passes(30)
    with web_is_away(world):
        for person in (world.mia, noa(world), world.ana, world.ben):
            person.leaves()
    kim(world).calls().presses("2").hears("getting a person")
    world.until(lambda: world.ana.rings or world.ben.rings, within=60)
    world.until(lambda: all(not row.callback.is_open for row in callbacks_of(world)[:2]), within=30)
    assert [row.callback.outcome for row in callbacks_of(world)[:2]] == [Outcome.REACHED] * 2
    kim(world).leaves()


def test_with_nobody_waiting_the_carrier_is_asked_within_a_minute(world: World) -> None:
    """A talk goes on for minutes without a word, and is asked after now and then; its lost end is found."""
    is_rung_back(world, world.mia, world.ana, world.ben)
    world.passes(minutes=3)
    assert callbacks_of(world)[0].callback.status is CallbackStatus.TALKING
    with web_is_away(world):
        world.mia.leaves()
        world.ana.leaves()
    world.until(lambda: callbacks_of(world)[0].callback.status is CallbackStatus.CLOSED, within=60)


def test_a_short_talk_is_no_longer_because_its_end_was_lost(world: World) -> None:
    """They had five seconds, and the carrier says so: the caller is still owed a call."""
    world.phones(Behaviour.OFF, world.ben, world.sue)
    world.mia.calls().presses("2")
    world.ana.answers().presses("1").meets(world.mia)
    world.passes(5)
    with web_is_away(world):
        world.mia.leaves()
        world.ana.leaves()
    world.until(lambda: contact_of(world).outcome is not None, within=60)
    assert contact_of(world).outcome is Outcome.CALLBACK


@pytest.mark.both_databases
@pytest.mark.parametrize("called_back", [False, True])
def test_a_short_talk_is_no_longer_because_its_end_was_told_late(
    building: Building, called_back: bool
) -> None:
    """Nothing can be written for a minute, and the end of five seconds' talk is read back after it: a call is owed."""
    world = building(patience=SHORT)
    if called_back:
        is_rung_back(world, world.mia, world.ana, world.ben)
    else:
        world.phones(Behaviour.OFF, world.ben, world.sue)
        world.mia.calls().presses("2")
        world.ana.answers().presses("1").meets(world.mia)
    world.phones(Behaviour.OFF, world.ana, world.ben, world.sue)
    world.passes(5)
    with locked(world.here):
        world.mia.leaves()
        world.ana.leaves()
        goes_by(world, 60)
    world.passes(20)
    assert the_callback(world).callback.is_open
    assert the_callback(world).callback.status is not CallbackStatus.TALKING


def test_a_caller_who_hangs_up_unheard_in_an_emergency_is_rung_back_at_their_time(world: World) -> None:
    """Two minutes after they hung up, and not two minutes after we learned of it."""
    world.phones(Behaviour.IGNORES, *world.staff)
    world.mia.calls().presses("1").hears("Narcan")
    left_at = world.clock.now
    with web_is_away(world):
        world.mia.leaves()
    world.until(lambda: bool(callbacks_of(world)), within=60)
    due_at = callbacks_of(world)[0].callback.due_at
    assert due_at is not None
    assert abs((due_at - left_at).total_seconds() - 120) < 5
    assert emergencies(world)


def test_whom_we_lost_in_an_emergency_is_rung_back_at_once(world: World) -> None:
    """They waited for our next words, which did not come: nobody believes that they hung up to call 911."""
    world.phones(Behaviour.IGNORES, *world.staff)
    world.mia.calls().presses("1").hears("Narcan")
    world.sim.kernel.web = AtTwilio("")
    world.until(lambda: not world.mia.in_call, within=60)
    world.passes(15)
    world.sim.kernel.web = world.web
    world.phones(Behaviour.RINGS, world.cleo)
    world.mia.answers(within=60).hears("We are calling you back").presses("1")
    world.cleo.answers(within=60).presses("1").meets(world.mia)


def test_a_new_process_asks_after_every_call_at_once(world: World) -> None:
    """Whatever ended while nobody was here is known after its first second."""
    is_rung_back(world, world.mia, world.ana, world.ben)
    world.passes(30)
    world.sim.kernel.web = AtTwilio("")
    world.mia.phone.hangs_up()
    world.ana.leaves()
    world.sim.kernel.web = world.web
    tick(world.here, lambda _: None, at_start=True)
    assert callbacks_of(world)[0].callback.status is CallbackStatus.CLOSED


@pytest.mark.parametrize("befalls", ["late", "refused"])
def test_a_carrier_that_does_not_answer_changes_nothing(world: World, befalls: str) -> None:
    """Nobody knows, so nobody is taken for gone: the talk goes on."""
    is_rung_back(world, world.mia, world.ana, world.ben)
    world.sim.faults.fetches_fail(503 if befalls == "refused" else None)
    world.passes(minutes=3)
    assert callbacks_of(world)[0].callback.status is CallbackStatus.TALKING
    assert world.mia.talks_with(world.ana)
    world.sim.faults.clear()


def test_a_redirect_that_finds_no_call_makes_us_ask_at_once(world: World) -> None:
    """Mia's hang-up was lost; Ana presses 1 for her a moment later. She isn't kept waiting for nobody: Mia is rung."""
    world.phones(Behaviour.OFF, world.ben, world.sue)
    world.mia.calls().presses("2").hears("getting a person")
    world.ana.answers()
    world.sim.faults.lose(kind="status", times=1)
    world.mia.hangs_up()
    world.ana.presses("1")
    world.mia.answers(within=10).presses("1").meets(world.ana)
