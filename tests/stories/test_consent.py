"""Consent, in every combination: what a telephone hears, what a box keeps, what a screen shows, and nothing more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from hotline.callbacks.callback import CallbackStatus
from hotline.simulator import Behaviour
from tests.stories.conftest import Building
from tests.stories.people import Person
from tests.stories.records import the_callback
from tests.stories.safe_contact import (
    BUSINESS,
    ELSE_KEY,
    MESSAGE,
    NEUTRAL,
    TEXT,
    discreet_texts,
    heard,
    kept_text,
    mia_is_dialled,
    owing,
)
from tests.stories.world import MIA, World

THANKS = "No message, thank you. I will try again."


@dataclass(frozen=True)
class Telephone:
    """What becomes of our call there."""

    name: str
    behaviour: Behaviour
    taken_for: str = ""
    """By the carrier, if not for what it is."""
    does: Callable[[Person], object] = lambda mia: None
    """What whoever picks up does."""
    leaves: bool = False
    """A message can be left."""
    reached: bool = False
    """Somebody else has it in the hand, or the message was left: no text."""


def picks_up(mia: Person) -> None:
    mia.answers()


def hangs_up(mia: Person) -> None:
    mia.answers().hangs_up()


def says_hello(mia: Person) -> None:
    mia.answers().says("hello? who is this?")


def is_somebody_else(mia: Person) -> None:
    mia.answers().presses("3")


BOX, RINGS = Behaviour.VOICEMAIL, Behaviour.RINGS
A_BOX = Telephone("a box", BOX, leaves=True)
NOBODY = Telephone("nobody there", Behaviour.IGNORES)
BUSY = Telephone("a busy line", Behaviour.BUSY)
SILENT = Telephone("somebody silent", RINGS, does=picks_up)
SOMEBODY_ELSE = Telephone("somebody else", RINGS, does=is_somebody_else, reached=True)
MISTAKEN = (
    Telephone("a box taken for a person", BOX, "human"),
    Telephone("a machine of the future", BOX, "machine_end_hologram"),
    Telephone("somebody taken for a machine", RINGS, "machine_end_silence", picks_up, leaves=True),
)
OTHERS = (
    Telephone("somebody who talks", RINGS, does=says_hello),
    Telephone("somebody who hangs up", RINGS, does=hangs_up),
)
CASES = [
    *((True, True, one) for one in (A_BOX, NOBODY, BUSY, SILENT, SOMEBODY_ELSE, *MISTAKEN, *OTHERS)),
    *((False, False, one) for one in (A_BOX, NOBODY, SILENT, SOMEBODY_ELSE)),
    *((True, False, one) for one in (A_BOX, BUSY)),
    *((False, True, one) for one in (A_BOX, NOBODY)),
]
"""Message, text, telephone. Every other combination is in `tests/operations`, without the telephone."""


@pytest.mark.parametrize(("message", "text", "telephone"), CASES, ids=lambda one: getattr(one, "name", one))
def test_nothing_is_left_or_sent_without_a_yes(
    building: Building, message: bool, text: bool, telephone: Telephone
) -> None:
    """The attempt fails; what was said, kept and sent is exactly what was allowed, and it is tried again."""
    world = owing(building, message=message, text=text)
    mia = world.mia
    mia.phone.behaviour, mia.phone.after = telephone.behaviour, 4
    mia.phone.detected_as = telephone.taken_for
    mia_is_dialled(world)
    telephone.does(mia)
    world.until(lambda: the_callback(world).callback.status is CallbackStatus.WAITING, within=90)
    world.passes(10)

    left = message and telephone.leaves
    spoken = {BUSINESS, NEUTRAL, ELSE_KEY, *([THANKS] if telephone.reached else [])}
    assert heard(world) <= spoken | ({MESSAGE} if left else set())
    assert [one.text for one in mia.phone.heard].count(MESSAGE) == int(left)
    assert mia.phone.recorded.count(MESSAGE) == int(left and telephone.behaviour is BOX)
    wanted = text and not left and not telephone.reached
    assert discreet_texts(world) == ([TEXT] if wanted else [])
    assert (kept_text(world) is not None) is wanted
    assert asked_for_detection(world), "nobody waits: at the beep our machine falls silent"
    owed = the_callback(world).callback
    assert owed.due_at is not None
    assert owed.due_at > world.clock.now + timedelta(minutes=4)


def asked_for_detection(world: World) -> bool:
    """Whether the carrier was asked to look for a machine on any call at all."""
    asked = [one.params for one in world.sim.rest_requests if "MachineDetection" in one.params]
    return any(form["To"] == [MIA] for form in asked)
