"""Texts are answered in the language that they are written in, and it is remembered."""

from __future__ import annotations

import pytest

from hotline.model import Language, PhoneNumber
from hotline.store.cases import contacts
from hotline.store.people import callers
from hotline.triage.contact import ContactState
from tests.operations.texting import FOUR_LANGUAGES, MENU, writes
from tests.stories.conftest import Building
from tests.stories.records import the_callback
from tests.stories.world import MIA, World


def remembered(world: World) -> Language | None:
    found: Language | None = world.look(
        lambda transaction: callers.get(transaction.tx, PhoneNumber(MIA)).language
    )
    return found


@pytest.mark.parametrize(
    ("words", "said", "language"),
    [
        ("hola", "Care Line: Mande 1 emergencia", Language.ES),
        ("AYUDA", "Care Line: Llame al 617-555-0100.", Language.ES),
        ("cuando me llaman", "Care Line:", Language.ES),
        ("Español", "Care Line: Mande 1 emergencia", Language.ES),
        ("tratamiento", "Care Line: Le podemos ayudar.", Language.ES),
        ("oi", "Care Line: Mande 1 socorro", Language.PT),
        ("ajuda", "Care Line: Ligue 617-555-0100.", Language.PT),
        ("portuguese", "Care Line: Mande 1 socorro", Language.PT),
        ("bonjou", "Care Line: Reponn 1 ijans", Language.HT),
        ("ÈD", "Care Line: Rele 617-555-0100.", Language.HT),
        ("Kreyòl", "Care Line: Reponn 1 ijans", Language.HT),
        ("tretman", "Care Line: Nou ka ede w.", Language.HT),
    ],
)
def test_a_text_is_answered_in_its_own_language(
    building: Building, words: str, said: str, language: Language
) -> None:
    """From the first word on; and the next contact begins in it."""
    world = building(FOUR_LANGUAGES)
    world.sim.post_office.answers_help = False
    assert (writes(world.mia, words) or "").startswith(said)
    assert remembered(world) is language


@pytest.mark.parametrize(
    ("words", "asked", "in_line"),
    [
        ("Mwen vle kite bwè, mwen bezwen èd", "voye 4", "Ou nan liy lan"),
        ("quiero dejar de beber, necesito tratamiento por favor", "4 si es seguro", "Ya tiene su turno"),
    ],
)
def test_a_key_answers_a_question_of_before_another(
    building: Building, words: str, asked: str, in_line: str
) -> None:
    """Asked whether a call is safe, they say it all again, are asked something else, and then press 4 after all."""
    world = building(FOUR_LANGUAGES)
    assert asked in (writes(world.mia, words) or "")
    world.passes(minutes=4)
    assert "1" in (writes(world.mia, words) or "")
    assert in_line in (writes(world.mia, "4") or "")
    assert the_callback(world).callback.text_safe


def test_a_whole_talk_in_spanish_ends_in_a_call_in_spanish(building: Building) -> None:
    """Number words are Spanish ones, and the callback is told to be in Spanish."""
    world = building(FOUR_LANGUAGES)
    assert "4 si es seguro" in (
        writes(world.mia, "quiero dejar de beber, necesito tratamiento por favor") or ""
    )
    assert (writes(world.mia, "cuatro") or "").startswith("Care Line: Ya tiene su turno.")
    assert the_callback(world).callback.language is Language.ES
    assert (writes(world.mia, "más tarde") or "").startswith(
        "Care Line: Bien, ahora no. ¿A qué hora llamamos?"
    )
    told = writes(world.mia, "mañana en la tarde como a las 3") or ""
    assert told.startswith("Care Line: Le llamamos mañana a las 3:00 PM EST o poco después")
    assert (writes(world.mia, "cancelar") or "").startswith("Care Line: ¿Ya no quiere ninguna llamada?")
    assert (writes(world.mia, "sí") or "").startswith("Care Line: Bien, no le llamaremos.")


def test_the_language_may_change_in_the_middle(building: Building) -> None:
    """Somebody else has the telephone now; the question comes again in their words."""
    world = building(FOUR_LANGUAGES)
    writes(world.mia, "2")
    assert "Mande 4 si es seguro" in (writes(world.mia, "español") or "")
    assert (writes(world.mia, "english") or "").startswith("Care Line: We can help.")


def test_who_is_with_a_person_is_written_to_in_their_own_language(building: Building) -> None:
    """What leaves by itself: that a person reads it, and what to do in danger."""
    world = building(FOUR_LANGUAGES)
    said = writes(world.mia, "dónde queda la puerta de al lado") or ""
    assert said.startswith("Care Line: Una persona va a leer su mensaje.")
    (thread,) = world.look(lambda transaction: contacts.many(transaction.tx))
    assert (thread.state, thread.language) == (ContactState.TEXT_WITH_PERSON, Language.ES)
    assert (writes(world.mia, "ya no quiero vivir") or "").startswith("Su vida importa. Llame al 988")
    (thread,) = world.look(lambda transaction: contacts.many(transaction.tx))
    assert (thread.state, thread.language) == (ContactState.TEXT_EMERGENCY, Language.ES)


def test_a_language_that_the_line_doesn_t_speak_is_answered_as_before(world: World) -> None:
    """English is all that this line has, and who writes otherwise is read by a person."""
    assert (writes(world.mia, "hola") or "").startswith(MENU)
    assert "A person will read your text" in (writes(world.mia, "dónde queda la puerta de al lado") or "")
    assert remembered(world) is None


@pytest.mark.parametrize("stop", ["no me manden más mensajes por favor", "pare de me mandar mensagens"])
def test_an_opt_out_in_another_language_is_confirmed_in_it(building: Building, stop: str) -> None:
    """At once, once."""
    world = building(FOUR_LANGUAGES)
    said = writes(world.mia, stop) or ""
    assert said.startswith(("Care Line: Ya no le mandaremos textos.", "Care Line: Os textos pararam."))
    assert writes(world.mia, "hola") is None
