"""Who speaks the caller's language is rung first; whoever doesn't is told that they need an interpreter."""

from typing import Any

import pytest

from hotline.simulator import Behaviour
from tests.stories.centre import ANA, BEN, CENTRE, CLEO, STAFF
from tests.stories.conftest import Building
from tests.stories.world import World

TWO_LANGUAGES = CENTRE + 'languages = ["en", "es"]\n'
NOTE = "Spanish. You will need an interpreter of your own. None can be called from here"


def speaking(*spanish: str) -> dict[str, Any]:
    """The staff, of whom these telephones' owners speak Spanish too."""
    staff = [
        {**one, "languages": ["en", "es"] if one["phone"] in spanish else ["en"]} for one in STAFF["staff"]
    ]
    return {**STAFF, "staff": staff}


@pytest.fixture
def world(building: Building) -> World:
    """Ana, a coordinator, and Cleo, a clinician, speak Spanish; Ben and the others don't."""
    return building(centre=TWO_LANGUAGES, document=speaking(ANA, CLEO))


def mia_holds_in_spanish(world: World) -> None:
    """Mia presses 8 for Spanish, and 2 for treatment."""
    world.mia.calls().presses("8").hears("Para tratamiento").presses("2")
    world.until(lambda: world.ana.rings, within=12)


def test_ana_is_rung_first_and_hears_no_note(world: World) -> None:
    """Her telephone rings at once and his doesn't: she speaks Spanish, and needs nobody for it."""
    mia_holds_in_spanish(world)
    world.passes(10)
    assert not world.ben.rings
    world.ana.answers().hears("Admissions. Spanish. Press 1").presses("1").hears("Admissions. Waiting")
    world.ana.meets(world.mia)
    assert not world.ana.has_heard("interpreter")


def test_ben_is_rung_when_ana_does_not_answer_and_is_told_before_and_after_he_decides(world: World) -> None:
    """Half a minute later everybody else of the rung is rung too: Mia is still on the line."""
    mia_holds_in_spanish(world)
    world.until(lambda: world.ben.rings, within=35)
    world.ben.answers().hears(NOTE).presses("1").hears("Admissions. Waiting").hears(NOTE).meets(world.mia)


def test_ben_is_rung_as_soon_as_ana_declines(world: World) -> None:
    """Nobody waits for a telephone that doesn't ring."""
    mia_holds_in_spanish(world)
    world.ana.answers().presses("2")
    world.until(lambda: world.ben.rings, within=5)
    world.ben.answers().presses("1").meets(world.mia)


def test_ben_is_rung_at_once_when_ana_is_in_a_call(world: World) -> None:
    """No speaker is free: Mia waits for none."""
    other = world.person("+16175550143")
    other.calls().presses("2")
    world.ana.answers().presses("1").meets(other)
    world.until(lambda: not world.ben.rings, within=12)
    world.mia.calls().presses("8").presses("2")
    world.until(lambda: world.ben.rings, within=5)
    world.ben.answers().hears(NOTE).presses("1").meets(world.mia)


def test_english_goes_to_everybody(world: World) -> None:
    """Everybody here speaks English, Ana too: all phones ring."""
    world.mia.calls().presses("2")
    world.until(lambda: world.ana.rings and world.ben.rings, within=5)


def test_in_an_emergency_every_clinician_is_rung_at_once(world: World) -> None:
    """Nobody waits for a language then: the first who presses 1 has it, and hears the note."""
    pressed_at = world.mia.calls().presses("8").world.clock.now
    world.mia.phone.presses("1")
    world.until(lambda: all(one.rings for one in world.clinicians), within=5)
    assert {world.calls_to(one.phone.number)[0].created_at for one in world.clinicians} == {pressed_at}
    world.dev.answers().hears("Emergency waiting").hears(NOTE).presses("1").hears(NOTE).meets(world.mia)


def test_a_language_chosen_in_the_hold_counts_from_then_on(world: World) -> None:
    """Mia presses 8 while the phones ring: whoever picks up afterwards hears that it is Spanish."""
    world.mia.calls().presses("2")
    world.until(lambda: world.ben.rings, within=5)
    world.mia.presses("8")
    world.ben.answers().hears(NOTE)


def test_a_callback_in_spanish_rings_ana_first(building: Building) -> None:
    """The promise is kept in the language in which it was given."""
    world = building(centre=TWO_LANGUAGES + '[waits]\nlive_answer = "0s"\n', document=speaking(ANA))
    world.phones(Behaviour.OFF, world.sue)
    world.mia.calls().presses("8").presses("2").presses("4").hangs_up()
    world.until(lambda: world.ana.rings, within=150)
    assert world.calls_to(BEN) == []
    world.ana.answers().hears("Admissions. Spanish. Waiting").presses("1").hears("We are calling them now")
    world.mia.answers().presses("1").meets(world.ana)


def test_whoever_calls_again_in_another_language_is_announced_in_that_one(world: World) -> None:
    """Mia's emergency began in English; on her second call she presses 8. So it is while she is on the line, and once
    she is called back."""
    world.mia.calls().presses("1")
    world.dev.answers().hears("English").hangs_up()
    world.passes(25)
    world.mia.hangs_up()
    world.passes(15)
    world.mia.calls().presses("8").hears("cuelgue")
    world.dev.answers(within=90).hears(NOTE).hangs_up()
    world.passes(10)
    world.mia.hangs_up()
    world.passes(10)
    world.dev.answers(within=90).hears(NOTE)
