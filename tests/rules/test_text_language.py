"""The language that is written in: changed to only where it is clear."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.model import Language
from hotline.triage.language_of import language_of

EN, ES, PT, HT = Language


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("my son wont wake up please help", EN),
        ("i want to stop using, where do i begin", EN),
        ("mi hijo no despierta", ES),
        ("necesito ayuda con el alcohol", ES),
        ("no le veo sentido a seguir viviendo", ES),
        ("¿quién es?", ES),
        ("meu irmão não acorda", PT),
        ("quero parar de beber, vocês podem me ajudar?", PT),
        ("pitit mwen pa reveye", HT),
        ("mwen bezwen èd pou m sispann bwè", HT),
        ("AYUDA", ES),
        ("ajuda", PT),
        ("Èd", HT),
        ("hola", ES),
        ("oi", PT),
        ("bonjou", HT),
        ("gracias", ES),
    ],
)
def test_the_language_of_plain_words_is_known(words: str, language: Language) -> None:
    assert language_of(words, tuple(Language)) is language


@pytest.mark.parametrize(
    "words", ["", "2", "STOP", "START", "help", "INFO", "ok", "no", "👍", "911", "Maria", "???"]
)
def test_what_belongs_to_no_language_changes_nothing(words: str) -> None:
    """The carriers' keywords are told to everybody in English."""
    assert language_of(words, tuple(Language)) is None


def test_a_language_that_the_line_doesn_t_speak_is_not_changed_to() -> None:
    """Nor is its neighbour taken for it."""
    for spoken in ((EN,), (EN, ES), (EN, HT)):
        assert language_of("meu irmão não acorda, preciso de ajuda agora", spoken) is None
    assert language_of("mi hijo no despierta", (EN, ES)) is ES


def test_one_foreign_word_in_a_sentence_changes_nothing() -> None:
    """Somebody who speaks of their abuela writes English all the same."""
    assert language_of("my abuela has been drinking and i need help", tuple(Language)) is EN


@given(st.text(max_size=300))
def test_any_text_has_a_language_or_none(words: str) -> None:
    """Never an error, and the same again."""
    found = language_of(words, tuple(Language))
    assert found is None or found in Language
    assert language_of(words, tuple(Language)) is found
