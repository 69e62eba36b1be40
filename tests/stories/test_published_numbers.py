"""Numbers that are known for something: a programme's, families' card, a flyer in another language."""

from __future__ import annotations

import pytest

from hotline.model import Line
from hotline.simulator import Behaviour
from tests.stories.conftest import Building
from tests.stories.records import contact_of
from tests.stories.world import CENTRE, LINE, World, has_number

TOM = "+16175550143"
UNIT, FAMILIES, FLYER = "+16175550131", "+16175550132", "+16175550133"
PUBLISHED = CENTRE.replace(f'["{LINE}"]', f'["{LINE}", "{UNIT}", "{FAMILIES}", "{FLYER}"]').replace(
    "[line]",
    f"""[line]
languages = ["en", "es"]
published = [
  {{ number = "{UNIT}", name = "Women's unit", line = "admissions" }},
  {{ number = "{FAMILIES}", name = "Families' card", line = "family" }},
  {{ number = "{FLYER}", name = "Spanish flyer", language = "es" }},
]
""",
)


@pytest.fixture
def known(building: Building) -> World:
    world = building(centre=PUBLISHED)
    for number in (UNIT, FAMILIES, FLYER):
        has_number(world.sim, number)
    return world


def test_who_says_nothing_is_connected_for_what_the_number_is_for(known: World) -> None:
    """After the same first words and the same menu; staff hear which number it was, once they have pressed 1."""
    world = known
    world.mia.calls(FAMILIES).hears("If someone won't wake up").hears("For an emergency, press 1")
    world.mia.hears("Are you there", within=20).hears("or just say", within=30)
    world.mia.hears("It is hard to watch", within=20).hears("getting a person")
    assert contact_of(world).line is Line.FAMILY
    world.ben.answers(within=30)
    assert not world.ben.has_heard("Families' card")
    world.ben.presses("1").hears("Family. Waiting").hears("Reached us at: Families' card").meets(world.mia)


@pytest.mark.parametrize(
    ("number", "line"),
    [(LINE, Line.PERSON), (UNIT, Line.ADMISSIONS), (FAMILIES, Line.FAMILY), (FLYER, Line.PERSON)],
)
def test_each_number_has_its_own_line_for_silence(known: World, number: str, line: Line) -> None:
    """A number for everything leads to a person, as ever."""
    known.mia.calls(number)
    known.until(lambda: contact_of(known).line is not None, within=90)
    assert contact_of(known).line is line


def test_a_key_goes_before_what_the_number_is_for(known: World) -> None:
    """2 on the families' number is admissions; 1 is an emergency on every number, and nothing but that is said."""
    world = known
    world.mia.calls(FAMILIES).presses("2").hears("getting a person", within=5)
    assert contact_of(world).line is Line.ADMISSIONS
    world.mia.hangs_up()
    tom = world.person(TOM)
    tom.calls(UNIT).presses("1").hears("hang up and dial 9-1-1", within=5)
    world.cleo.answers(within=30).presses("1").hears("Emergency. Waiting").meets(tom)
    assert not world.cleo.has_heard("Reached us at")


def test_a_flyer_in_another_language_begins_in_it(known: World) -> None:
    """Calls and texts of whoever is new to us; whoever has chosen a language keeps theirs."""
    world = known
    world.mia.calls(FLYER).hears("Si alguien no despierta").hears("For English, press pound").presses("#")
    world.mia.hears("If someone won't wake up").hangs_up()
    world.mia.calls(FLYER).hears("If someone won't wake up").hangs_up()
    world.person(TOM).texts("?", to=FLYER).reads("emergencia")


def test_a_callback_tells_it_too_and_comes_from_that_number(building: Building) -> None:
    """Whoever calls back knows whose callers these are before they say a word."""
    world = building(centre=PUBLISHED + '[waits]\nlive_answer = "0s"\n')
    has_number(world.sim, UNIT)
    world.phones(Behaviour.OFF, world.ben, world.sue)
    world.mia.calls(UNIT).presses("2").hears("will call you", within=60).presses("4").hears(
        "message"
    ).presses("5")
    world.mia.hears("text").presses("5").hears("as soon as we can").presses("4").hears(
        "5 5 5, 0 1 3 1"
    ).hangs_up()
    world.ana.answers().presses("1").hears("Admissions call back").hears("Reached us at: Women's unit")
    world.until(lambda: world.mia.rings, within=30)
    assert world.mia.phone.shows == UNIT
