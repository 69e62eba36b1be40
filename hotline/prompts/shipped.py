"""The sentences that come with Hotline: one file a language beside this one.

``[voice]``, ``[text]``, ``[suggestions]``, ``[website]`` and ``[script]`` are what callers hear and read, the last from
staff who read it aloud: every language has all of them. Staff hear and read English, so ``[staff_voice]`` and
``[staff_text]`` are in ``en.toml`` only. ``[hints]`` is never spoken.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Final

from hotline.model import Channel, Language

SECTIONS: Final[Mapping[str, Channel]] = MappingProxyType(
    {
        "voice": Channel.VOICE,
        "text": Channel.TEXT,
        "suggestions": Channel.TEXT,
        "website": Channel.WEBSITE,
        "script": Channel.VOICE,
        "staff_voice": Channel.VOICE,
        "staff_text": Channel.TEXT,
    }
)
"""The tables of a file with sentences, and how what is in each reaches people."""
STAFF: Final = ("staff_voice", "staff_text")


class PromptMissing(LookupError):
    """A sentence or a value for one of its placeholders isn't there. A fault of ours, never of a caller."""


@dataclass(frozen=True, slots=True)
class Shipped:
    """One language's file."""

    sections: Mapping[str, Mapping[str, str]]
    """Sentences by table and key."""
    hints: Mapping[str, str]
    """Words that the recogniser is told to expect, separated by commas: for the ``menu``, and for a ``number``."""


@cache
def shipped(language: Language) -> Shipped:
    """What comes with Hotline in this language. Raises PromptMissing if nothing does."""
    file = resources.files("hotline.prompts").joinpath(f"{language}.toml")
    if not file.is_file():
        raise PromptMissing(f"nothing is written in {language}")
    tables = tomllib.loads(file.read_text("utf-8"))
    hints = tables.pop("hints")
    return Shipped(MappingProxyType(tables), MappingProxyType(hints))
