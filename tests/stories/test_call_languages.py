"""A caller's own language: chosen once, at any question, by key or by name, and remembered."""

from __future__ import annotations

import pytest

from hotline.model import Language
from hotline.simulator import Behaviour
from tests.stories.conftest import Building
from tests.stories.records import contact_of, the_callback
from tests.stories.world import CENTRE, World

FOUR = CENTRE.replace("[line]", '[line]\nlanguages = ["en", "es", "pt", "ht"]', 1)
OFFERS = ("Para español, oprima 8", "Para português, tecle 9", "Pou kreyòl, peze 7")
FIRST_WORDS = {
    "8": (Language.ES, "Si alguien no despierta", "Para una emergencia, oprima 1"),
    "9": (Language.PT, "Se alguém não acorda", "Para emergência, tecle 1"),
    "7": (Language.HT, "Si yon moun pa ka reveye", "Pou yon ijans, peze 1"),
}


@pytest.fixture
def four(building: Building) -> World:
    """A line that speaks four languages; one coordinator, who speaks English, picks up."""
    world = building(centre=FOUR)
    world.phones(Behaviour.OFF, world.ben)
    return world


def test_a_line_of_one_language_offers_no_other(world: World) -> None:
    """Nobody listens to choices that aren't there, and their keys are wrong keys."""
    world.mia.calls().hears("For an emergency, press 1")
    assert not any(world.mia.has_heard(offer) for offer in OFFERS)
    world.mia.presses("8").hears("that key didn't work")


@pytest.mark.parametrize("key", FIRST_WORDS)
def test_the_911_sentence_comes_at_once_in_the_language_chosen(four: World, key: str) -> None:
    """First the English one, then the offers each in its own words; after the key, the sentence and the menu anew."""
    language, first, menu = FIRST_WORDS[key]
    four.mia.calls().hears("hang up and dial 9-1-1")
    for offer in OFFERS:
        four.mia.hears(offer)
    four.mia.hears("For an emergency, press 1").presses(key).hears(first, within=1).hears(menu)
    assert contact_of(four).language is language


def test_it_is_remembered_for_the_next_call(four: World) -> None:
    """The next call begins in it and offers the others; the pound key goes back to English, which is remembered too."""
    four.mia.calls().presses("8").hears("Si alguien no despierta").hangs_up()
    four.mia.calls().hears("Si alguien no despierta").hears("For English, press pound").hears("oprima 1")
    four.mia.presses("#").hears("If someone won't wake up").hangs_up()
    four.mia.calls().hears("If someone won't wake up")


def test_who_has_texted_in_another_language_is_greeted_in_it(four: World) -> None:
    """As docs/languages.md says; and a phone may have been lent, so English offers itself in the same breath."""
    four.mia.texts("Necesito ayuda con el tratamiento, por favor")
    four.mia.calls().hears("Si alguien no despierta").hears("For English, press pound")


def test_a_withheld_number_is_not_remembered(four: World) -> None:
    """It is nobody's in particular."""
    four.mia.calls(withheld=True).presses("8").hears("Si alguien no despierta").hangs_up()
    four.mia.calls(withheld=True).hears("If someone won't wake up")


def test_its_name_will_do(four: World) -> None:
    """Said in the language itself; what the recogniser is unsure of is asked again, in the language so far."""
    four.mia.calls().hears("press 0").says("kreyòl", confidence=0.2).hears("Sorry, I didn't get that")
    four.mia.says("kreyòl").hears("Si yon moun pa ka reveye")


def test_in_the_middle_of_an_emergency(four: World) -> None:
    """Key 1 first, the language after it: what to do is said in Spanish from then on, and the page knows it."""
    four.mia.calls().presses("1").hears("Please hang up now and dial 9-1-1").presses("8")
    four.mia.hears("Por favor cuelgue ahora y marque el 9-1-1", within=1)
    four.mia.hears("Ponga el teléfono en altavoz", within=15).hears("Dele un soplo", within=15)
    assert contact_of(four).language is Language.ES


def test_the_whole_dialogue_in_creole(four: World) -> None:
    """The number that was typed is read back, the questions are asked and the promise is spoken in it."""
    four.phones(Behaviour.OFF, *four.staff)
    four.mia.calls().presses("7").presses("2").hears("M ap chèche yon moun pou ou")
    four.mia.hears("Yon kowòdonatè ap rele w tounen", within=90).presses("5").presses("6175550177#")
    four.mia.hears("0 1 7 7").presses("4").hears("mesaj").presses("4").hears("tèks").presses("5")
    four.mia.presses("4").hears("Ou nan liy lan. N ap rele w nan 15 minit").hangs_up()
    owed = the_callback(four).callback
    assert (owed.language, owed.message_safe, owed.text_safe) == (Language.HT, True, False)


def test_the_called_person_hears_their_own_language(four: World) -> None:
    """We ring back in the language in which they asked."""
    four.phones(Behaviour.OFF, *four.staff)
    four.mia.calls().presses("9").presses("2").hears("Um coordenador vai ligar de volta", within=90)
    four.mia.presses("4").hears("recado").hangs_up()
    four.phones(Behaviour.RINGS, four.ana)
    four.ana.answers(within=120).hears("Portuguese").presses("1")
    four.mia.answers().hears("Você pediu uma ligação").presses("1").meets(four.ana)


def test_words_of_danger_are_understood_in_the_language_of_the_call(four: World) -> None:
    """And whatever the recogniser thinks of them."""
    four.mia.calls().presses("8").hears("oprima 1").says("no respira", confidence=0.1)
    four.mia.hears("marque el 9-1-1", within=12)
    assert contact_of(four).language is Language.ES


def test_danger_that_is_said_in_another_language_is_answered_and_paged_in_it(four: World) -> None:
    """Whoever cried before choosing one hears Spanish from the next word on, and so does the clinician know."""
    four.mia.calls().hears("hang up and dial 9-1-1").says("ayuda mi hermano no respira")
    four.mia.hears("Por favor cuelgue ahora y marque el 9-1-1", within=12)
    assert contact_of(four).language is Language.ES
    four.cleo.answers(within=12).hears("Spanish")


@pytest.mark.parametrize("typed", ["6175550189#", "19785550189#", "17745550189#", "41355501789#"])
def test_a_number_that_is_typed_in_an_emergency_changes_no_language(four: World, typed: str) -> None:
    """Its 1 is the emergency, as everywhere; its 7, 8 and 9 and its pound key are digits, and she stays with her words.
    A first digit that was taken for a language is taken back by the next."""
    four.mia.calls().presses("8").hears("oprima 1")
    four.passes(5)
    for key in typed:
        four.mia.presses(key)
    assert contact_of(four).language is Language.ES
    four.mia.hears("Por favor")
    four.passes(5)
    four.mia.presses("#")
    assert contact_of(four).language is Language.EN


@pytest.mark.parametrize("key", ["8", "88"])
def test_a_key_right_after_the_emergency_s_is_a_language(four: World, key: str) -> None:
    """Also twice, in a hurry: one key before it is no number."""
    four.mia.calls()
    for one in f"1{key}":
        four.mia.presses(one)
    assert contact_of(four).language is Language.ES
    four.mia.hears("Por favor cuelgue ahora y marque el 9-1-1")
    four.mia.presses("#")
    assert contact_of(four).language is Language.EN
