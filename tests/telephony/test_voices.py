"""Each language in its own voice, and listened to in its own."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from hotline.model import ContactId, Language
from hotline.operations.answers import Answer, Then
from hotline.prompts import load
from hotline.prompts.shipped import shipped
from hotline.settings.centre import Centre, VoicesTable
from hotline.simulator.twiml.document import VOICE, parse
from hotline.telephony.twiml.renderer import Renderer
from hotline.telephony.twiml.voices import voice_of
from hotline.triage.turn import Spoken, Wait
from tests.settings.examples import REPOSITORY
from tests.stories.centre import FAILSAFE, LINE, SITE

PROMPTS = load(Language, {"NAME": "Care Line", "NUMBER": "617-555-0100"})
LOCALES = {Language.EN: "en-US", Language.ES: "es-US", Language.PT: "pt-BR", Language.HT: "fr-FR"}
"""Twilio has nothing for ht-HT: the nearest that it speaks and hears is French."""


def renderer(**voices: str) -> Renderer:
    line = {"name": "Care Line", "numbers": [LINE], "failsafe_number": FAILSAFE}
    return Renderer(PROMPTS, Centre.model_validate({"line": line, "voices": voices}))


def menu(language: Language, then: Then = Then.LISTEN, there: Renderer | None = None) -> ElementTree.Element:
    offers = (Spoken("language_choice", language=other) for other in Language if other is not language)
    words = (Spoken("first_words"), *offers, Spoken("menu"))
    twiml = (there or renderer()).voice(Answer(ContactId("c0ffee"), 1, language, words, then, Wait.MENU))
    parse(twiml, f"{SITE}/twilio/voice", VOICE)
    gather = ElementTree.fromstring(twiml).find("Gather")
    assert gather is not None
    return gather


@pytest.mark.parametrize("language", Language)
def test_a_call_is_spoken_and_listened_to_in_its_language(language: Language) -> None:
    gather = menu(language)
    first, last = gather.findall("Say")[0], gather.findall("Say")[-1]
    assert gather.get("language") == LOCALES[language]
    for said, key in ((first, "first_words"), (last, "menu")):
        assert said.get("language") == LOCALES[language]
        assert said.text == shipped(language).sections["voice"][key]


def test_each_language_offers_itself_in_its_own_voice() -> None:
    offers = menu(Language.EN).findall("Say")[1:-1]
    assert [said.get("language") for said in offers] == ["es-US", "pt-BR", "fr-FR"]
    assert [said.text for said in offers] == [
        "Para español, oprima 8.",
        "Para português, tecle 9.",
        "Pou kreyòl, peze 7.",
    ]


@pytest.mark.parametrize("language", Language)
def test_the_recogniser_expects_the_words_of_the_menu_or_of_a_number(language: Language) -> None:
    """In the session's language: "um" and "dez" are ordinary words elsewhere."""
    assert menu(language).get("hints") == shipped(language).hints["menu"]
    assert menu(language, Then.LISTEN_NUMBER).get("hints") == shipped(language).hints["number"]


def test_a_centre_may_choose_other_voices() -> None:
    """And the locale that belongs to each."""
    chosen = menu(Language.ES, there=renderer(es="Polly.Mia-Neural es-MX"))
    assert chosen.get("language") == "es-MX"
    assert chosen.findall("Say")[0].get("voice") == "Polly.Mia-Neural"


@pytest.mark.parametrize("language", Language)
def test_every_voice_speaks_the_locale_that_it_is_used_with(language: Language) -> None:
    """A pair that doesn't match would end a call: these are in Twilio's list."""
    known = {"Joanna": "en-US", "Lupe": "es-US", "Camila": "pt-BR", "Lea": "fr-FR"}
    voice = voice_of(VoicesTable(), language)
    name = re.fullmatch(r"Polly\.(\w+)-Neural", voice.name)
    assert name is not None
    assert known[name[1]] == voice.locale == LOCALES[language]
    told = (REPOSITORY / "docs" / "languages.md").read_text(encoding="utf-8")
    assert voice.name in told
    assert voice.locale in told
