"""An emergency by text: answered and paged at once, whatever was written before."""

from __future__ import annotations

import pytest

from tests.operations.texting import MENU, writes
from tests.stories.records import emergencies
from tests.stories.world import World


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("1", "Call 911 now. Say where you are."),
        ("one", "Call 911 now."),
        ("my friend od'd and he wont wake up", "Call 911 now."),
        ("STOP he is not breathing", "Call 911 now."),
        ("2. she is turning blue", "Call 911 now."),
        ("I want to die", "You matter. Call or text 988 now"),
    ],
)
def test_an_emergency_is_answered_and_paged_at_once(world: World, words: str, said: str) -> None:
    """S02 or S03, and in the same second text and call to every clinician on call."""
    assert (writes(world.mia, words) or "").startswith(said)
    for clinician in world.clinicians:
        assert clinician.rings
        clinician.reads("emergency waiting")
    assert len(emergencies(world)) == 1


def test_the_clinician_s_key_calls_the_texter(world: World) -> None:
    """They were told that we will call; whoever presses 1 talks with them, and only a human closes it."""
    writes(world.mia, "1")
    world.cleo.answers().hears("Emergency waiting").presses("1")
    world.mia.answers(within=30).hears("You asked for a call. Press 1").presses("1").meets(world.cleo)
    world.passes(30)
    world.mia.hangs_up()
    world.cleo.hears("Is this emergency closed").presses("1").hears("Saved")
    world.passes(10)
    assert emergencies(world) == []
    assert (writes(world.mia, "hi") or "").startswith(MENU)


def test_while_a_clinician_has_it_the_menu_keeps_quiet(world: World) -> None:
    """Nothing but new emergency words gets an answer; those are the same emergency."""
    writes(world.mia, "1")
    assert writes(world.mia, "hello?") is None
    assert writes(world.mia, "2") is None
    assert writes(world.mia, "are you coming") is None
    assert (writes(world.mia, "not breathing now") or "").startswith("Call 911 now.")
    assert len(emergencies(world)) == 1


def test_somebody_who_opted_out_still_pages(world: World) -> None:
    """They can't be answered by text; the clinicians come all the same."""
    writes(world.mia, "STOP", "he won't wake up")
    assert len(emergencies(world)) == 1
    world.dev.answers().presses("1")
    world.mia.answers(within=30).presses("1").meets(world.dev)


def test_an_emergency_is_answered_above_any_cap(world: World) -> None:
    """Ten texts too many, and then somebody stops breathing."""
    for number in range(12):
        writes(world.mia, f"hi{'!' * number}")
    assert (writes(world.mia, "she stopped breathing") or "").startswith("Call 911 now.")
    assert len(emergencies(world)) == 1
