"""Story 7: every webhook sent twice, concurrently and later, changes nothing more and gets the same answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hotline.simulator import Behaviour
from tests.operations.end_state import EndState, differences, end_state
from tests.stories.conftest import Building
from tests.stories.world import Person, World

Story = Callable[[World], None]


def call(world: World) -> None:
    """Treatment, answered live by Ben, closed by key."""
    world.phones(Behaviour.OFF, world.sue)
    world.mia.calls().hears("9-1-1").presses("7").hears("that key didn't work").presses("2").hears(
        "getting a person"
    )
    world.ben.answers().hears("A caller is waiting").presses("1").hears("Admissions").meets(world.mia)
    world.passes(30)
    world.mia.hangs_up()
    world.ben.hears("How did it end").presses("1").hears("Saved")
    world.passes(5)


def emergency(world: World) -> None:
    """The first phone is off, the second one's owner declines, the third one's accepts."""
    world.phones(Behaviour.OFF, world.cleo)
    world.mia.calls().hears("9-1-1").presses("1").hears("dial 9-1-1")
    world.dev.answers().presses("2").hears("The next person")
    world.eva.answers().presses("1").hears("Emergency").meets(world.mia)
    world.passes(30)
    world.mia.hangs_up()
    world.eva.hears("Is this emergency closed").presses("1").hears("Saved")
    world.passes(10)


def emergency_dropped(world: World) -> None:
    """The caller hangs up before the 911 words are over; a voicemail box, a box that is silent, then Dev."""
    world.phones(Behaviour.VOICEMAIL, world.cleo)
    world.phones(Behaviour.IGNORES, world.eva)
    world.mia.calls().presses("1")
    world.mia.hangs_up()
    world.dev.answers(within=60).presses("1")
    world.mia.answers(within=60).hears("We are calling you back").presses("1").meets(world.dev)
    world.passes(30)
    world.dev.phone.presses("*")
    world.dev.hears("Clinician, press 1").presses("9").hears("Is this emergency closed").presses("1").hears(
        "Saved"
    )
    world.mia.leaves()
    world.passes(30)


def callback(world: World) -> None:
    """Nobody accepts; the dialogue; Ana calls back; the caller presses 1."""
    world.phones(Behaviour.OFF, world.ben, world.sue)
    world.phones(Behaviour.VOICEMAIL, world.ana)
    world.mia.calls().presses("2").hears("A coordinator will call you back", within=120).presses("5")
    world.mia.hears("Type the number").presses("6175550142#").hears("We will call").presses("4")
    world.mia.hears("message").presses("4").hears("text").presses("5")
    world.mia.hears("as soon as we can").presses("4").hears("You are in line").hears("Thank you")
    world.mia.leaves()
    world.phones(Behaviour.RINGS, world.ana)
    world.ana.answers(within=180).hears("A call back is due").presses("1").hears("Admissions call back")
    world.mia.answers(within=30).hears("You asked for a call").presses("1").meets(world.ana)
    world.passes(30)
    world.mia.hangs_up()
    world.ana.hears("How did it end").presses("3").hears("Saved")
    world.passes(5)


def _by_text(world: World) -> Person:
    """Kim's text, which Ana takes by text, and closes by text."""
    kim = world.person("+16175550144", label="Kim")
    kim.texts("is the side door open").reads("A person will read")
    world.ana.reads("A text needs a person").texts("1").reads("your phone rings now")
    world.ana.answers().presses("1").hears("The text is yours").leaves()
    world.passes(5)
    world.ana.texts("DONE").reads("to close")
    world.ana.answers(within=30).presses("1").hears("It is closed")
    return kim


def texts(world: World) -> None:
    """The menu, a callback by text, an emergency by text, a thread that a person reads, and an opt-out."""
    world.phones(Behaviour.OFF, world.ben, world.sue, world.dev, world.eva)
    world.mia.texts("hi").reads("Reply 1 emergency").texts("2").reads("Is it safe").texts("4").reads(
        "You are in line"
    )
    world.ana.answers(within=60).presses("1")
    world.mia.answers(within=30).hears("You asked for a call").presses("1").meets(world.ana)
    world.passes(30)
    world.mia.hangs_up()
    world.ana.hears("How did it end").presses("1").hears("Saved")
    noa = world.person("+16175550143", label="Noa")
    noa.texts("my brother won't wake up").reads("Call 911 now")
    world.cleo.answers().presses("1")
    noa.answers(within=30).hears("We are calling you back").presses("1").meets(world.cleo)
    world.passes(30)
    noa.hangs_up()
    world.cleo.hears("Is this emergency closed").presses("1").hears("Saved")
    _by_text(world).texts("STOP")
    world.passes(10)


def failsafe(world: World) -> None:
    """Our answers get lost, and the carrier comes by the fallback address."""
    world.phones(Behaviour.OFF, world.sue)
    world.sim.faults.unreachable("voice", "/twilio/voice/turn", times=6)
    world.mia.calls().hears("9-1-1").presses("2").hears("getting a person", within=60)
    world.ana.answers().presses("1").meets(world.mia)
    world.passes(30)
    world.mia.hangs_up()
    world.ana.hears("How did it end").presses("1").hears("Saved")
    world.passes(5)


STORIES: list[Story] = [call, emergency, emergency_dropped, callback, texts, failsafe]


def side_by_side_and_much_later(world: World) -> None:
    world.sim.faults.every_webhook_twice = world.sim.faults.concurrently = True
    world.sim.faults.duplicate_later(47, times=10_000)


def five_times_and_a_little_later(world: World) -> None:
    world.sim.faults.every_webhook_twice = True
    for kind in ("voice", "sms"):
        world.sim.faults.duplicate(4, kind=kind, times=10_000)
    world.sim.faults.duplicate_later(2, times=10_000)


def thread(world: World) -> None:
    """A text that somebody on the staff takes by text, and closes by text."""
    world.phones(Behaviour.OFF, world.ben, world.sue, world.dev, world.eva)
    _by_text(world)
    world.passes(60)


EVERYTHING = [
    *((story, side_by_side_and_much_later) for story in STORIES),
    *((story, five_times_and_a_little_later) for story in (call, emergency_dropped, failsafe)),
]


@pytest.fixture(scope="module")
def undisturbed() -> dict[str, EndState]:
    """How each story ends when nothing befalls it; told once."""
    return {}


@pytest.mark.parametrize(("story", "befalls"), EVERYTHING, ids=lambda one: one.__name__)
def test_repeats_change_nothing(
    building: Building, undisturbed: dict[str, EndState], story: Story, befalls: Story
) -> None:
    """The story ends as it ends undisturbed, row for row and ring for ring; every repeat is answered alike."""
    if story.__name__ not in undisturbed:
        undisturbed[story.__name__] = _end(building(), story)
    disturbed = building()
    befalls(disturbed)
    assert differences(undisturbed[story.__name__], _end(disturbed, story)) == []


def _end(world: World, story: Story) -> EndState:
    story(world)
    world.passes(60)
    return end_state(world)


@pytest.mark.both_databases
def test_what_staff_write_counts_once_though_it_comes_twice_at_once(building: Building) -> None:
    """Two processes hear it in the same moment: one claim of it, and one call that asks whether it is to be closed."""
    undisturbed = _end(building(), thread)
    disturbed = building()
    side_by_side_and_much_later(disturbed)
    assert differences(undisturbed, _end(disturbed, thread)) == []
