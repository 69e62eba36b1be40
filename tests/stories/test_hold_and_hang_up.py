"""Story 3: 4 while holding keeps the place; hanging up, wherever it happens, leaves a callback and never nothing."""

from datetime import timedelta

import pytest

from hotline.model import Line, Outcome, PhoneNumber
from hotline.simulator import Behaviour
from tests.stories.conftest import Building
from tests.stories.records import callbacks_of, contact_of, last_outcome, the_callback
from tests.stories.test_key_1_everywhere import STATES
from tests.stories.world import CENTRE, MIA, World


def holds(world: World) -> None:
    """Mia holds, and nobody picks up."""
    world.phones(Behaviour.IGNORES, *world.staff)
    world.mia.calls().presses("2").hears("getting a person")


def test_4_while_holding_keeps_the_place(world: World) -> None:
    """The dialogue at once, the ringing stops, and the promise counts from when the call began."""
    holds(world)
    called_at = world.clock.now
    world.passes(30)
    world.mia.hears("press 4 for a call back").presses("4").hears(
        "A coordinator will call you back", within=5
    )
    world.until(lambda: not world.ana.rings, within=10)
    world.mia.presses("4").hears("message").presses("4").hears("text").presses("4")
    world.mia.hears("as soon as we can").presses("4").hears("You are in line")
    owed = the_callback(world).callback
    assert abs(owed.promised_at - called_at - timedelta(minutes=15)) <= timedelta(seconds=5)


def test_without_4_the_promise_counts_from_the_dialogue(world: World) -> None:
    """Whoever held for a minute in vain is promised their call from then on."""
    holds(world)
    world.mia.hears("A coordinator will call you back", within=90)
    owed = the_callback(world).callback
    assert abs(owed.promised_at - world.clock.now - timedelta(minutes=15)) <= timedelta(seconds=2)


@pytest.mark.parametrize("seconds", [0, 7, 25, 59])
def test_hanging_up_while_holding_leaves_a_callback(world: World, seconds: int) -> None:
    """To the calling number, with the most discreet settings; and it is rung at once."""
    holds(world)
    world.passes(seconds)
    world.mia.hangs_up()
    world.passes(2)
    assert last_outcome(world) is Outcome.CALLBACK
    owed = the_callback(world)
    assert (owed.number, owed.callback.message_safe, owed.callback.text_safe) == (
        PhoneNumber(MIA),
        False,
        False,
    )
    world.until(lambda: not any(one.rings for one in world.staff), within=30)
    world.phones(Behaviour.RINGS, world.ana)
    world.until(lambda: world.ana.rings, within=100)


IN_THE_DIALOGUE = (
    "which number",
    "typing it",
    "checking it",
    "safe message",
    "safe text",
    "farewell",
    "after a wrong key",
)


@pytest.mark.parametrize("state", IN_THE_DIALOGUE)
def test_hanging_up_at_any_point_after_an_answer_leaves_a_callback(building: Building, state: str) -> None:
    """After 2, after a wrong key, in every question: one callback, to the calling number, due at once."""
    world = building(centre=CENTRE + '[waits]\nlive_answer = "0s"\n')
    world.phones(Behaviour.OFF, world.ben, world.sue)
    STATES[state](world)
    world.mia.hangs_up()
    world.passes(2)
    assert last_outcome(world) is Outcome.CALLBACK
    assert the_callback(world).number == PhoneNumber(MIA)
    world.until(lambda: world.ana.rings, within=10)


@pytest.mark.parametrize("state", ["first words", "menu", "after a silence", "after two"])
def test_hanging_up_before_any_answer_leaves_nothing(world: World, state: str) -> None:
    """Somebody who only listened isn't called: it may not be safe, and they didn't ask."""
    STATES[state](world)
    world.mia.hangs_up()
    world.passes(5)
    assert last_outcome(world) is Outcome.LEFT_EARLY
    assert callbacks_of(world) == []
    assert not world.ana.rings


def test_a_wrong_key_and_a_hang_up_ask_for_a_person(world: World) -> None:
    """They wanted something, and nobody knows what."""
    STATES["after a wrong key"](world)
    world.mia.hangs_up()
    world.passes(2)
    assert the_callback(world).callback.line is Line.PERSON


def test_a_key_whose_webhook_comes_after_the_hang_up_still_counts(world: World) -> None:
    """2 and the red button in one moment."""
    world.mia.calls().hears("For treatment")
    world.mia.phone.presses("2")
    world.mia.phone.hangs_up()
    world.passes(2)
    assert last_outcome(world) is Outcome.CALLBACK
    assert the_callback(world).callback.line is Line.ADMISSIONS


def test_the_callers_end_is_never_heard_of(world: World) -> None:
    """The news of the hang-up is lost: a call that doesn't come round any more is taken for over by the clock."""
    holds(world)
    world.sim.faults.lose(kind="status", times=50)
    world.mia.hangs_up()
    world.passes(minutes=3)
    assert last_outcome(world) is Outcome.CALLBACK
    assert the_callback(world).callback.is_open


@pytest.mark.parametrize("later", [0.3, 0.6, 1.5, 3.0])
def test_whoever_is_a_moment_from_the_room_does_not_wait_in_it_for_a_caller_who_has_left(
    world: World, later: float
) -> None:
    """Their phone is needed: they are asked how it ended, as after a talk."""
    world.phones(Behaviour.OFF, world.ben)
    world.mia.calls().presses("2")
    world.ana.answers().presses("1")
    world.passes(later)
    world.mia.hangs_up()
    world.ana.hears("How did it end", within=20)


@pytest.mark.parametrize("counts_after", ["20s", "1s"])
def test_who_left_before_anybody_was_with_them_was_not_reached_and_is_owed_a_call(
    building: Building, counts_after: str
) -> None:
    """Whatever a talk's length is set to: whoever pressed 1 hears that they are gone, and nobody counts as reached."""
    world = building(f'{CENTRE}[waits]\ntalk_counts_after = "{counts_after}"\n')
    world.phones(Behaviour.OFF, world.ben)
    world.mia.calls().presses("2")
    world.ana.answers().presses("1")
    world.passes(1.5 if counts_after == "1s" else 0.3)
    world.mia.hangs_up()
    world.ana.hears("They have hung up", within=20).hears("How did it end").hangs_up()
    world.passes(3)
    assert (contact_of(world).reached_at, last_outcome(world)) == (None, Outcome.CALLBACK)
    assert the_callback(world).callback.is_open
