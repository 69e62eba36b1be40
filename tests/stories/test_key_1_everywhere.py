"""Key 1, and emergency words, open the emergency from wherever the call stands."""

from collections.abc import Callable

import pytest

from hotline.model import Outcome
from hotline.simulator import Behaviour
from tests.stories.conftest import Building
from tests.stories.records import contact_of, last_outcome, the_emergency
from tests.stories.world import CENTRE, World

Way = Callable[[World], object]


def dialogue(world: World) -> None:
    """The question for the number (at once, for nobody is waited for here)."""
    world.mia.calls().presses("2").hears("A coordinator will call you back")


def typing(world: World) -> None:
    dialogue(world)
    world.mia.presses("5").hears("Type the number")


def check(world: World) -> None:
    typing(world)
    world.mia.presses("6175550177#").hears("0 1 7 7")


def message(world: World) -> None:
    dialogue(world)
    world.mia.presses("4").hears("safe to leave a message")


def may_text(world: World) -> None:
    message(world)
    world.mia.presses("5").hears("safe to text")


def farewell(world: World) -> None:
    may_text(world)
    world.mia.presses("5").hears("as soon as we can").presses("4").hears("You are in line")


def withheld(world: World) -> None:
    world.mia.calls(withheld=True).presses("2").hears("Your number is hidden")


def after_talk(world: World) -> None:
    """Alone on the line after a talk with a coordinator who was rung for the callback."""
    dialogue(world)
    world.mia.presses("4").hears("message").hangs_up()
    world.ana.answers().presses("1")
    world.mia.answers().presses("1").meets(world.ana)
    world.ana.hangs_up()
    world.mia.hears("The other person has left")


def later_no_input(world: World) -> None:
    world.mia.calls().hears("Are you there", within=30)


def speech_offered(world: World) -> None:
    world.mia.calls().hears("or just say", within=60)


STATES: dict[str, Way] = {
    "first words": lambda world: world.mia.calls(),
    "menu": lambda world: world.mia.calls().hears("For treatment"),
    "after a silence": later_no_input,
    "after two": speech_offered,
    "after a wrong key": lambda world: world.mia.calls().presses("6").hears("didn't work"),
    "which number": dialogue,
    "typing it": typing,
    "checking it": check,
    "safe message": message,
    "safe text": may_text,
    "farewell": farewell,
    "withheld": withheld,
    "after a talk": after_talk,
}


@pytest.fixture
def quick(building: Building) -> World:
    """A centre in which nobody is waited for."""
    world = building(centre=CENTRE + '[waits]\nlive_answer = "0s"\n')
    world.phones(Behaviour.OFF, world.ben, world.sue)
    return world


def is_an_emergency(world: World) -> None:
    """The 911 words, and clinicians' phones in the same moment."""
    world.mia.hears("Please hang up now and dial 9-1-1", within=6)
    assert contact_of(world).outcome is None or contact_of(world).outcome is Outcome.CALLBACK
    assert the_emergency(world).escalation.ringing != frozenset()
    world.until(lambda: world.cleo.rings, within=6)


@pytest.mark.parametrize("state", STATES)
def test_1_is_emergency_in_every_state(quick: World, state: str) -> None:
    """Whatever was asked last."""
    STATES[state](quick)
    quick.mia.presses("1")
    if state in ("typing it", "withheld"):
        # Digits of a number may follow: the line waits for the pound key, or for a silence.
        quick.mia.presses("#")
    is_an_emergency(quick)


@pytest.mark.parametrize("state", [state for state in STATES if "after" not in state or "talk" in state])
def test_emergency_words_are_heard_in_every_state(quick: World, state: str) -> None:
    """However unsure the recogniser is."""
    STATES[state](quick)
    quick.mia.says("he is not breathing", confidence=0.1)
    quick.mia.hears("Please hang up now and dial 9-1-1", within=15)
    assert the_emergency(quick).escalation.ringing != frozenset()


def test_1_while_holding(world: World) -> None:
    """The coordinators' phones stop; the clinicians' ring."""
    world.mia.calls().presses("2").hears("getting a person")
    world.until(lambda: world.ana.rings)
    world.mia.presses("1")
    is_an_emergency(world)
    world.until(lambda: not world.ana.rings, within=10)


def test_1_while_a_coordinator_was_on_the_way(world: World) -> None:
    """Ana's key comes a moment after the caller's 1: she hears that it is over, the emergency goes on."""
    world.mia.calls().presses("2").hears("getting a person")
    world.ana.answers()
    world.mia.phone.presses("1")
    world.ana.phone.presses("1")
    world.passes(1)
    is_an_emergency(world)


def test_1_in_the_guidance_loop_starts_nothing_twice(world: World) -> None:
    """One emergency, and guidance goes on."""
    world.mia.calls().presses("1").hears("Put the phone on speaker", within=20).presses("1")
    world.mia.hears("breath", within=10)
    assert len(world.calls_to(world.cleo.phone.number)) == 1
    the_emergency(world)


def test_suicide_words_get_their_own_words_and_the_same_page(world: World) -> None:
    """988 first, and a clinician."""
    world.mia.calls().says("I want to kill myself", confidence=0.1).hears("call or text 9-8-8", within=15)
    world.until(lambda: world.cleo.rings, within=10)
    world.cleo.answers().presses("1").meets(world.mia)


def test_an_emergency_key_just_before_hanging_up_counts(world: World) -> None:
    """Whichever of the two webhooks comes first."""
    world.mia.calls().hears("For treatment")
    world.mia.phone.presses("1")
    world.mia.phone.hangs_up()
    world.passes(1)
    the_emergency(world)
    assert last_outcome(world) is Outcome.EMERGENCY
