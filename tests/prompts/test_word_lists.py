"""The lists of words that translators own: complete, and written as they are compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources

import pytest

from hotline.lettering import folded
from hotline.model import Language
from hotline.prompts.word_lists import word_lists

LISTS = sorted(
    file.name.removesuffix(".toml") for file in resources.files("hotline.prompts").joinpath("lists").iterdir()
)
ACCENTED = {"language_words"}
"""Where accents tell languages apart."""


def kinds(name: str) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """The tables of a list that have words by language."""
    for kind, table in word_lists(name).items():
        if isinstance(table, dict) and isinstance(table.get("en"), list):
            yield kind, table


@pytest.mark.parametrize("name", LISTS)
def test_every_kind_has_words_in_every_language(name: str) -> None:
    """And in no other; nothing is there twice within a language."""
    for kind, table in kinds(name):
        assert set(table) == {language.value for language in Language}, kind
        for words in table.values():
            assert words, kind
            assert len(set(words)) == len(words), kind


@pytest.mark.parametrize("name", [name for name in LISTS if name not in ACCENTED])
def test_words_are_written_as_they_are_compared(name: str) -> None:
    """In small letters, without accents and apostrophes: else they would never be found."""
    for _, table in kinds(name):
        for word in (word for words in table.values() for word in words):
            assert word == folded(word)
            assert not re.search(r"['’]", word)
