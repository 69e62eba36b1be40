"""Status callbacks come in any order, several times, late or never: every story ends in the same state."""

from collections.abc import Callable

import pytest

from hotline.simulator import Behaviour
from tests.stories.conftest import Building
from tests.stories.records import ending
from tests.stories.test_answered_live import mia_holds
from tests.stories.world import CENTRE, World

Befalls = Callable[[World], object]
QUICK = CENTRE + '[waits]\nlive_answer = "0s"\n'


def answered_live(world: World) -> None:
    """Rung together, both press 1, one talks, and says by key how it ended."""
    mia_holds(world)
    world.ana.answers()
    world.ben.answers()
    world.ana.phone.presses("1")
    world.ben.phone.presses("1")
    world.ana.meets(world.mia)
    world.passes(30)
    world.mia.hangs_up()
    world.ana.hears("How did it end").presses("1").hears("Saved")


def asked(world: World) -> None:
    """Asked for a call, and hung up; only Ana can be reached."""
    world.phones(Behaviour.OFF, world.ben, world.sue)
    world.mia.calls().presses("2").hears("A coordinator will call you back").presses("4").hears("message")
    world.mia.hangs_up()
    world.ana.answers(within=200).presses("1")


def called_back(world: World) -> None:
    """Asked for, rung, talked, closed by key."""
    asked(world)
    world.mia.answers().presses("1").meets(world.ana)
    world.passes(30)
    world.mia.hangs_up()
    world.ana.hears("How did it end").presses("2").hears("Saved")


def nobody_answers(world: World) -> None:
    """Asked for, rung in vain, in line again."""
    world.phones(Behaviour.IGNORES, world.mia)
    asked(world)
    world.passes(minutes=6)


def emergency(world: World) -> None:
    """One phone off, one declines, one talks, and closes it by key."""
    world.phones(Behaviour.OFF, world.cleo)
    world.mia.calls().presses("1")
    world.dev.answers().presses("2")
    world.eva.answers().presses("1").meets(world.mia)
    world.passes(30)
    world.mia.hangs_up()
    world.eva.hears("Is this emergency closed").presses("1").hears("Saved")


STORIES: dict[str, tuple[Befalls, str]] = {
    "answered live": (answered_live, CENTRE),
    "called back": (called_back, QUICK),
    "nobody answers": (nobody_answers, QUICK),
    "emergency": (emergency, CENTRE),
}

BEFALLS: dict[str, Befalls] = {
    "shuffled": lambda world: world.sim.faults.reorder(seed=1, spread=6),
    "three times each": lambda world: world.sim.faults.duplicate(2, kind="status", times=10_000),
    "never": lambda world: world.sim.faults.lose(kind="status", times=10_000),
}


def told(building: Building, story: str, befalls: Befalls) -> list[object]:
    """Let the story happen, everybody hang up, and everything settle; how it ended."""
    happens, centre = STORIES[story]
    world = building(centre=centre)
    befalls(world)
    happens(world)
    for person in (world.mia, *world.staff):
        person.leaves()
    world.passes(minutes=5)
    return ending(world)


@pytest.mark.parametrize("story", STORIES)
def test_every_order_of_the_news_ends_in_one_state(building: Building, story: str) -> None:
    """Contacts, callbacks and escalations end as they do when all is told once, in order and at once."""
    undisturbed = told(building, story, lambda world: None)
    for name, befalls in BEFALLS.items():
        assert told(building, story, befalls) == undisturbed, name
