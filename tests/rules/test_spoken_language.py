"""Danger that is said in another of the line's languages is answered in it, and staff are told which it is."""

from __future__ import annotations

from typing import Any

import pytest

from hotline.model import Language, Subject
from hotline.triage.caller_events import Pressed, Said, Silent
from hotline.triage.contact import ContactState
from hotline.triage.turn import Listen, Reach, RememberLanguage, Wait
from tests.playbook import Given, Stands
from tests.scripts import Call

BRIEF = Listen(Wait.BRIEF)
HEARD = [
    (Language.ES, "ayuda mi hermano no respira"),
    (Language.PT, "socorro meu irmão não respira"),
    (Language.HT, "ede m frè m pa respire"),
]


def paged(language: Language, words: str = "emergency", *, suicide: bool = False) -> list[Any]:
    """What to do, and the page, in this language from now on."""
    return [words, RememberLanguage(language), Reach(Subject.EMERGENCY, suicide), BRIEF]


@pytest.mark.parametrize(("language", "words"), HEARD)
@pytest.mark.parametrize("state", [ContactState.MENU, ContactState.HOLDING, ContactState.ASK_MESSAGE])
def test_an_emergency_goes_on_in_the_language_that_was_heard(
    state: ContactState, language: Language, words: str
) -> None:
    """From the first words on; whoever is rung, and what they hear, follow the contact's language."""
    script = Call(state) >> Said(words) << paged(language) << Stands(language=language, language_chosen=True)
    assert script >> Silent() << ["guidance_1", Reach(Subject.EMERGENCY), BRIEF]


def test_a_wish_to_die_does_too() -> None:
    """Company comes in their own language."""
    assert Call() >> Said("quiero morir") << paged(Language.ES, "suicide", suicide=True)


def test_whoever_pressed_1_and_then_says_it_in_another_language_is_told_anew() -> None:
    """What they heard so far, they may not have understood."""
    script = Call() >> Pressed("1") << ["emergency", Reach(Subject.EMERGENCY), BRIEF]
    script = script >> Silent() << ["guidance_1", Reach(Subject.EMERGENCY), BRIEF]
    script = script >> Said("ayuda mi hermano no respira") << paged(Language.ES)
    assert script >> Said("mi hermano no respira") << ["guidance_2", Reach(Subject.EMERGENCY), BRIEF]


def test_english_is_heard_too() -> None:
    """Somebody else may have chosen the language before them."""
    script = Call(language=Language.ES) >> Said("help my brother is not breathing")
    assert script << paged(Language.EN)


def test_a_language_that_the_line_does_not_speak_changes_nothing() -> None:
    """Nor does danger whose language isn't clear."""
    at_once = ["emergency", Reach(Subject.EMERGENCY), BRIEF]
    assert Call() >> Given(languages=(Language.EN,)) >> Said("ayuda mi hermano no respira") << at_once
    assert Call() >> Said("overdose") << at_once << Stands(language=Language.EN, language_chosen=False)


def test_on_a_call_of_ours_it_is_followed_and_not_kept() -> None:
    """Anybody may speak there: their words are no wish of hers for the next time."""
    ours = Call(ContactState.ASKED_FOR_CALL, outbound=True, language=Language.ES)
    script = ours >> Said("he won't wake up")
    assert script << ["emergency", Reach(Subject.EMERGENCY), BRIEF] << Stands(language=Language.EN)
