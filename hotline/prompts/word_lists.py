"""The lists of words that translators own, beside the sentences: by name, kind and language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from hotline.model import Language


@cache
def word_lists(name: str) -> Mapping[str, Any]:
    """Everything in the list of that name, such as "keywords": its tables, as they are written."""
    file = resources.files("hotline.prompts").joinpath("lists", f"{name}.toml")
    return tomllib.loads(file.read_text("utf-8"))


def words_of(name: str, kind: str) -> Mapping[Language, tuple[str, ...]]:
    """The words of one kind, in every language. Raises KeyError where a language has none."""
    table = word_lists(name)[kind]
    return {language: tuple(table[language.value]) for language in Language}


def all_words(name: str, kind: str) -> tuple[str, ...]:
    """The same for all languages together, in their order."""
    return tuple(word for words in words_of(name, kind).values() for word in words)
