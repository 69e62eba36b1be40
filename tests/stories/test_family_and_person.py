"""Story 5: family support, a person, and those who say or press nothing that we understand."""

import pytest

from hotline.model import Line
from hotline.simulator import Behaviour
from tests.stories.conftest import Building
from tests.stories.records import contact_of, the_callback
from tests.stories.world import CENTRE, World


def test_family_hears_its_own_words_first(world: World) -> None:
    """V12 before anything else: it never tells whether anybody is in care, and of a call only if one is to come."""
    world.mia.calls().presses("3").hears("It is hard to watch", within=2)
    world.mia.hears("We can't say if a person is in our care")
    world.mia.hears("getting a person")
    assert not world.mia.has_heard("will call you")
    world.until(lambda: world.ana.rings and world.ben.rings, within=10)
    world.ben.answers().presses("1").hears("Family. Waiting").meets(world.mia)


def test_family_is_promised_its_own_time(building: Building) -> None:
    """Half an hour, and the family coordinator's words."""
    world = building(centre=CENTRE + '[waits]\nlive_answer = "0s"\n')
    world.mia.calls().presses("3").hears("A family coordinator will call you.")
    world.mia.hears("We can't say if a person is in our care")
    world.mia.hears("For a call at this number").presses("4").hears("message").presses("5")
    world.mia.hears("text").presses("5").hears("as soon as we can").presses("4")
    world.mia.hears("within 30 minutes").hangs_up()
    assert the_callback(world).callback.line is Line.FAMILY


def test_0_is_a_person(world: World) -> None:
    """Coordinators at once; on the second rung the supervisor as well."""
    world.phones(Behaviour.IGNORES, world.ana, world.ben)
    world.mia.calls().presses("0").hears("getting a person", within=2)
    assert contact_of(world).line is Line.PERSON
    world.sue.answers(within=45).presses("1").hears("A person. Waiting").meets(world.mia)


def test_three_silences_fetch_a_person(world: World) -> None:
    """The menu, the menu again, speech offered, and then a person: nobody is hung up on for silence."""
    world.mia.calls().hears("For an emergency, press 1").hears("Are you there", within=20)
    world.mia.hears("or just say", within=30).hears("getting a person", within=20)
    world.ana.answers().presses("1").hears("A person").meets(world.mia)


def test_three_wrong_keys_fetch_a_person(world: World) -> None:
    """Sorry, sorry, a person."""
    world.mia.calls().presses("6").hears("that key didn't work").presses("9").hears("or just say").presses(
        "#"
    )
    world.mia.hears("getting a person", within=2)
    world.until(lambda: world.ana.rings, within=10)


@pytest.mark.parametrize("key", ["4", "5", "6", "7", "8", "9", "*", "#"])
def test_any_key_after_a_silence_is_somebody_who_cannot_talk(world: World, key: str) -> None:
    """We said "press any key": whatever key comes then fetches a person."""
    world.mia.calls().hears("press any key", within=30).presses(key).hears("getting a person", within=2)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("treatment", Line.ADMISSIONS),
        ("Family.", Line.FAMILY),
        ("a person", Line.PERSON),
        ("two", Line.ADMISSIONS),
    ],
)
def test_words_choose_like_keys(world: World, words: str, line: Line) -> None:
    """Speech is always accepted."""
    world.mia.calls().says(words)
    world.until(lambda: contact_of(world).line is line, within=15)
    world.until(lambda: world.ana.rings, within=10)


def test_silence_all_the_way_still_ends_with_a_human(world: World) -> None:
    """Whoever can neither speak nor press is put through, or promised a call, with nobody there to answer."""
    world.phones(Behaviour.OFF, *world.staff)
    world.mia.calls().hears("You are in line", within=240)
    world.until(lambda: not world.mia.in_call, within=60)
    assert the_callback(world).callback.line is Line.PERSON
