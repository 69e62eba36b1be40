"""Redis is only a wake-up queue: it is absent, flushed or killed at any moment, and every story ends as well as
without.

A few moments are tried each time; with HOTLINE_EVERY_MOMENT=1 in the environment, every single one of each story.
"""

import os
from collections.abc import Callable, Iterable
from datetime import timedelta

import pytest

from tests.stories import (
    test_answered_live,
    test_called_back,
    test_emergency,
    test_emergency_hangup,
    test_family_and_person,
    test_hold_and_hang_up,
)
from tests.stories.conftest import Building
from tests.stories.world import CENTRE, CLEO, World

Story = Callable[[World], None]
QUICK = CENTRE + '[waits]\nlive_answer = "0s"\n'
BACK_AFTER = 8
"""Seconds until a Redis that comes back is there again, empty."""
EVERY_MOMENT = os.environ.get("HOTLINE_EVERY_MOMENT") == "1"


def called_back(world: World) -> None:
    """From the question for the number to the end of the talk."""
    test_called_back.owe(world)
    test_called_back.test_the_promise_is_kept(world)


STORIES: dict[str, tuple[Story, str]] = {
    "answered live": (test_answered_live.test_ben_answers_and_the_others_stop_ringing, CENTRE),
    "called back": (called_back, QUICK),
    "4 while holding": (test_hold_and_hang_up.test_4_while_holding_keeps_the_place, CENTRE),
    "emergency": (test_emergency.test_the_third_clinician_is_with_the_caller, CENTRE),
    "accepted by text": (lambda world: test_emergency.test_accepted_by_text(world, False), CENTRE),
    "hung up": (test_emergency_hangup.test_who_accepts_meanwhile_waits_for_the_call, CENTRE),
    "family": (test_family_and_person.test_family_hears_its_own_words_first, CENTRE),
}
KILLED = list(STORIES) if EVERY_MOMENT else ["answered live", "called back", "emergency", "hung up"]


def told(building: Building, story: str, befalls: Callable[[World], None]) -> int:
    """Let the story happen while this befalls the application at every moment; how many moments it had."""
    happens, centre = STORIES[story]
    world = building(centre=centre)
    world.beat = timedelta(seconds=1)
    world.between = lambda: befalls(world)
    happens(world)
    return world.moments


@pytest.mark.parametrize("story", STORIES)
def test_without_redis(building: Building, story: str) -> None:
    """It was never there."""

    def absent(world: World) -> None:
        world.redis.kill()

    told(building, story, absent)


@pytest.mark.parametrize("story", STORIES)
def test_flushed_between_any_two_moments(building: Building, story: str) -> None:
    """Every hint is lost before a worker sees it."""
    told(building, story, lambda world: world.redis.flush())


def killed_at(moment: int, *, back: bool) -> Callable[[World], None]:
    """SIGKILL at this moment; back, and empty, a few seconds later, or never."""
    since = timedelta(0)

    def befalls(world: World) -> None:
        nonlocal since
        if world.moments == moment:
            world.redis.kill()
            since = timedelta(seconds=world.clock.now.timestamp())
        now = timedelta(seconds=world.clock.now.timestamp())
        if back and not world.redis.is_running and now - since >= timedelta(seconds=BACK_AFTER):
            world.redis.start()

    return befalls


def moments_of(building: Building, story: str, sample: tuple[int, ...]) -> Iterable[int]:
    """The sample; or every moment, if the story is to be told once for each."""
    return range(told(building, story, lambda world: None)) if EVERY_MOMENT else sample


@pytest.mark.parametrize("story", KILLED)
def test_killed_for_good(building: Building, story: str) -> None:
    """From that moment on there is none."""
    for moment in moments_of(building, story, (14,)):
        told(building, story, killed_at(moment, back=False))


@pytest.mark.parametrize("story", KILLED)
def test_killed_and_back(building: Building, story: str) -> None:
    """What was in it is gone; the workers find a new one."""
    for moment in moments_of(building, story, (22,)):
        told(building, story, killed_at(moment, back=True))


def test_an_emergency_page_leaves_within_five_seconds_without_redis(building: Building) -> None:
    """The clock carries it out itself."""
    world = building()
    world.beat = timedelta(seconds=1)
    world.redis.kill()
    world.mia.calls()
    pressed_at = world.clock.now
    world.mia.presses("1")
    world.passes(6)
    texts = [message for message in world.sim.messages if message.to == CLEO]
    left = [world.calls_to(CLEO)[0].created_at, texts[0].created_at]
    assert max(left) - pressed_at <= timedelta(seconds=5)
