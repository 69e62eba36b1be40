"""What is said to somebody in an emergency, beyond what to do about an overdose."""

from __future__ import annotations

import pytest

from tests.stories.records import the_emergency
from tests.stories.world import World


def test_worried_about_the_police(world: World) -> None:
    """The key is offered in the loop; what the law says comes at once, and the guidance goes on."""
    world.mia.calls().presses("1").hears("Worried about the police? Press 6", within=40).presses("6")
    world.mia.hears("State law protects you", within=1).hears("Put the phone on speaker", within=20)


@pytest.mark.parametrize("words", ["will the cops come", "I don't want to go to jail"])
def test_the_fear_may_be_said(world: World, words: str) -> None:
    """Whatever the recogniser thinks of it."""
    world.mia.calls().presses("1").hears("Please hang up now").says(words, confidence=0.1)
    world.mia.hears("State law protects you", within=12)


def test_who_wants_to_die_hears_that_somebody_comes(world: World) -> None:
    """988, and company; not the manual for somebody else's overdose. The page is the same."""
    world.mia.calls().hears("press 0").says("i don't want to be alive anymore").hears(
        "call or text 9-8-8", within=12
    )
    world.mia.hears("I am getting a person for you", within=20).hears("call or text 9-8-8", within=120)
    assert not world.mia.has_heard("Narcan")
    assert the_emergency(world).escalation.accepted_by is None
    world.cleo.answers().presses("1").meets(world.mia)


def test_who_then_says_that_they_took_something_hears_what_to_do(world: World) -> None:
    """An act changes what they need to hear."""
    world.mia.calls().hears("press 0").says("i want to die").hears("9-8-8", within=12)
    world.mia.says("i took all my pills").hears("Unlock the door", within=25)


def test_a_later_call_goes_to_the_clinician_who_has_the_case(world: World) -> None:
    """They talked, she kept the case, and they call again: her phone rings before anybody else's."""
    world.mia.calls().presses("1")
    world.cleo.answers().presses("1").meets(world.mia)
    world.passes(40)
    world.mia.hangs_up()
    world.cleo.hears("Is this emergency closed").presses("2")
    world.passes(60)
    world.mia.calls().hears("hang up and dial 9-1-1")
    world.until(lambda: world.cleo.rings, within=5)
    assert not world.dev.rings
    assert not world.eva.rings
    world.cleo.answers().presses("1").meets(world.mia)


def test_whom_somebody_hurts_hears_nothing_of_an_overdose(world: World) -> None:
    """911, and that a person comes; what is said of a body afterwards is heard as such."""
    world.mia.calls().hears("press 0").says("my boyfriend is hitting me").hears("dial 9-1-1", within=12)
    world.mia.hears("I am getting a person for you", within=20).hears("I am getting a person", within=60)
    assert not world.mia.has_heard("Narcan")
    assert not world.mia.has_heard("speaker")
    world.mia.says("he isn't breathing").hears("Put the phone on speaker", within=25)
