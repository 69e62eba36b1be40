"""After the talk: how it ended, by key, and what follows from each answer."""

from datetime import timedelta

import pytest

from hotline.callbacks.callback import CallbackStatus
from hotline.model import Outcome
from hotline.simulator import Behaviour
from tests.stories.conftest import Building
from tests.stories.records import callbacks_of, emergencies, last_outcome, the_callback
from tests.stories.world import CENTRE, World

AT_ONCE = CENTRE + '[waits]\nlive_answer = "0s"\n'


def rung_back(world: World, message: str) -> None:
    """Mia is owed a call, and has talked with Ana for half a minute. `message`: her key for whether one is safe."""
    world.phones(Behaviour.OFF, world.ben, world.sue)
    world.mia.calls().presses("2").hears("A coordinator will call you back").presses("4")
    world.mia.hears("message").presses(message).hears("text").presses("5").hangs_up()
    world.ana.answers(within=150).presses("1").hears("We are calling them now")
    world.mia.answers().presses("1").meets(world.ana)
    world.passes(30)
    world.mia.hangs_up()
    world.ana.hears("How did it end")


def live(world: World) -> None:
    """Mia and Ben have talked."""
    world.phones(Behaviour.OFF, world.ana)
    world.mia.calls().presses("2")
    world.ben.answers().presses("1").meets(world.mia)
    world.passes(30)
    world.mia.hangs_up()
    world.ben.hears("How did it end")


CLOSES = {
    "1": Outcome.REACHED,
    "2": Outcome.BOOKED_INTAKE,
    "4": Outcome.DECLINED,
    "5": Outcome.REFERRED,
    "6": Outcome.WRONG_NUMBER,
}
TRIES_AGAIN = {"3": timedelta(hours=1), "7": timedelta(minutes=15), "8": timedelta(minutes=15)}


@pytest.mark.parametrize("key", CLOSES)
def test_a_callback_is_closed_with_what_was_pressed(building: Building, key: str) -> None:
    """Nothing more is owed, and everybody can see why."""
    world = building(centre=AT_ONCE)
    rung_back(world, message="4")
    world.ana.presses(key).hears("Saved")
    world.passes(2)
    closed = the_callback(world).callback
    assert (closed.status, closed.outcome) == (CallbackStatus.CLOSED, CLOSES[key])


@pytest.mark.parametrize("key", TRIES_AGAIN)
def test_a_callback_is_tried_again_in_its_time(building: Building, key: str) -> None:
    """Call later, nobody there, message left: each has its own delay, and none ends the promise."""
    world = building(centre=AT_ONCE)
    rung_back(world, message="4")
    world.ana.presses(key).hears("Saved")
    world.passes(2)
    owed = the_callback(world).callback
    assert owed.status is CallbackStatus.WAITING
    assert owed.due_at is not None
    waits = owed.due_at - world.clock.now
    assert abs(waits - TRIES_AGAIN[key]) < timedelta(seconds=10)


def test_a_message_is_asked_for_only_where_it_is_safe(building: Building) -> None:
    """Mia said no: 8 isn't offered, and is no answer."""
    world = building(centre=AT_ONCE)
    rung_back(world, message="5")
    world.ana.hears("press 7").presses("8").hears("How did it end", within=3).presses("1").hears("Saved")
    assert not world.ana.has_heard("Message left")
    world.passes(2)
    assert the_callback(world).callback.outcome is Outcome.REACHED


def test_9_says_it_again(world: World) -> None:
    """As often as one likes."""
    live(world)
    for _ in range(4):
        world.ben.presses("9").hears("How did it end", within=3)
    world.ben.presses("2").hears("Saved")
    world.passes(2)
    assert last_outcome(world) is Outcome.REACHED


@pytest.mark.parametrize("key", ["1", "2", "4", "5", "6"])
def test_after_a_live_talk_nothing_is_owed(world: World, key: str) -> None:
    """Whatever was pressed that ends it."""
    live(world)
    world.ben.presses(key).hears("Saved")
    world.passes(30)
    assert callbacks_of(world) == []


@pytest.mark.parametrize(("key", "delay"), [("3", timedelta(hours=1)), ("7", timedelta(minutes=15))])
def test_after_a_live_talk_they_are_called_again_if_it_says_so(
    world: World, key: str, delay: timedelta
) -> None:
    """Call later, or nobody was there any more: a promise of its own."""
    live(world)
    world.ben.presses(key).hears("Saved")
    world.passes(2)
    owed = the_callback(world).callback
    assert owed.status is CallbackStatus.WAITING
    assert owed.due_at is not None
    assert abs(owed.due_at - world.clock.now - delay) < timedelta(seconds=10)


def test_silence_is_asked_three_times_and_leaves_it_as_it_is(world: World) -> None:
    """They talked: reached."""
    live(world)
    world.until(lambda: not world.ben.in_call, within=90)
    assert sum("How did it end" in one.text for one in world.ben.phone.heard) == 3
    assert last_outcome(world) is Outcome.REACHED
    assert callbacks_of(world) == []


@pytest.mark.parametrize(("key", "left_open"), [("1", 0), ("2", 1)])
def test_an_emergency_is_closed_or_kept(world: World, key: str, left_open: int) -> None:
    """Only 1 closes it; any other key, or silence, is asked again."""
    world.mia.calls().presses("1")
    world.cleo.answers().presses("1").meets(world.mia)
    world.passes(30)
    world.mia.hangs_up()
    world.cleo.hears("Is this emergency closed").presses("9").hears("Is this emergency closed", within=3)
    world.cleo.presses("5").hears("Is this emergency closed", within=3)
    world.cleo.presses(key).hears("Saved")
    world.passes(2)
    assert len(emergencies(world)) == left_open


def test_an_emergency_about_which_nothing_is_pressed_stays_theirs(world: World) -> None:
    """Nobody but a human closes it, and silence is none."""
    world.mia.calls().presses("1")
    world.cleo.answers().presses("1").meets(world.mia)
    world.passes(30)
    world.mia.hangs_up()
    world.cleo.hears("Is this emergency closed")
    world.until(lambda: not world.cleo.in_call, within=90)
    (kept,) = emergencies(world)
    assert kept.escalation.accepted_by is not None
