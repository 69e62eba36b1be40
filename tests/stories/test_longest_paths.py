"""How long it can take until a human is there, or a promise stands: the slowest caller on every line.

The slowest caller says nothing twice and presses the key at the last moment of the third round. Whoever is on shift
picks up on the second ring. The figures are bounds: a change that makes anybody wait longer must be agreed to here.
"""

from __future__ import annotations

from typing import Any

import pytest

from hotline.simulator import Behaviour
from tests.stories.centre import STAFF
from tests.stories.conftest import Building
from tests.stories.world import World

NOBODY: dict[str, Any] = {
    "staff": STAFF["staff"],
    "schedule": [
        {"name": name, "timezone": "America/New_York", "always": []}
        for name in ("coordinators", "clinicians", "supervisors")
    ],
}


def seconds(world: World, since: float) -> float:
    return world.clock.now.timestamp() - since


def slowest_caller(world: World, key: str) -> float:
    """Calls, and presses the key when the third round of words is almost over; when they called."""
    began = world.clock.now.timestamp()
    world.mia.calls().hears("Are you there", within=30).hears("or just say", within=30)
    world.passes(6)
    if key:
        world.mia.presses(key)
    return began


@pytest.mark.parametrize(
    ("key", "bound"),
    [("1", 62), ("2", 62), ("3", 62), ("0", 62), ("", 70)],
    ids=["1", "2", "3", "0", "silent"],
)
def test_with_everybody_on_shift_a_human_is_there_within(world: World, key: str, bound: float) -> None:
    """Each phone is picked up after six seconds; the caller and a human talk."""
    people = world.clinicians if key == "1" else (world.ana, world.ben)
    began = slowest_caller(world, key)
    world.until(lambda: any(one.rings for one in people), within=10)
    world.passes(6)
    picked = next(one for one in people if one.rings)
    picked.answers().presses("1").meets(world.mia)
    assert seconds(world, began) <= bound


@pytest.mark.parametrize(
    ("key", "bound"), [("2", 55), ("3", 65), ("0", 55), ("", 65)], ids=["2", "3", "0", "silent"]
)
def test_with_nobody_on_shift_a_promise_stands_within(building: Building, key: str, bound: float) -> None:
    """Nobody is rung in vain: the dialogue follows at once, its callback open from its first word."""
    world = building(document=NOBODY)
    began = slowest_caller(world, key)
    world.mia.hears("will call you", within=60)
    assert world.board().callbacks
    assert seconds(world, began) <= bound


def test_with_nobody_on_shift_an_emergency_reaches_the_failsafe_number_within(building: Building) -> None:
    """The caller's own leg dials it: no page can leave, so it doesn't wait for one to be answered."""
    world = building(document=NOBODY)
    world.phones(Behaviour.RINGS, world.failsafe)
    began = slowest_caller(world, "1")
    world.failsafe.answers(within=70).presses("1").meets(world.mia)
    assert seconds(world, began) <= 70
