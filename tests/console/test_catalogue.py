"""The catalogues of the pages' texts: whole, in step with the sources, and with the same places for values."""

from __future__ import annotations

import re

import pytest

from hotline.console.language import catalogue
from hotline.console.language.catalogue import OFFERED, path, script_texts
from hotline.model import Language
from tools import texts

OTHERS = [language for language in OFFERED if language is not Language.EN]
_PLACE = re.compile(r"%\(\w+\)s|%%|</?\w+>")


def _all(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_is_in_step_with_the_sources(language: Language) -> None:
    """Whoever writes or changes a text calls `make texts`, and translates what it names."""
    assert path(language).read_bytes() == texts.in_step(language)


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_has_a_translation_that_nobody_doubts(language: Language) -> None:
    """None is missing, and none is marked as a guess."""
    assert texts.untranslated(language) == []
    assert [one.id for one in texts.read(language) if one.id and one.fuzzy] == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_places_of_its_text(language: Language) -> None:
    """The same values and the same marks of HTML, of one and of many alike; no space at its ends."""
    for one in texts.read(language):
        if not one.id:
            continue
        english, theirs = _all(one.id), _all(one.string)
        for text, of_these in zip(theirs, english, strict=True):
            assert set(_PLACE.findall(text)) == set(_PLACE.findall(of_these)), one.id
            assert text == text.strip(), one.id


def test_what_scripts_say_goes_along_with_the_page() -> None:
    """By its English; of a text with a number both forms."""
    told = script_texts(Language.ES)
    assert told["Hide"] == "Ocultar"
    assert told["%(num)s day"] == ["%(num)s día", "%(num)s días"]
    assert script_texts(Language.EN) == {}


def test_english_needs_no_catalogue() -> None:
    """The sources have it."""
    assert catalogue.translations(Language.EN).gettext("Sign in") == "Sign in"
