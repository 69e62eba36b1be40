"""The sentences, by language, channel and key, with their placeholders filled in."""

from __future__ import annotations

import string
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import Final

from hotline.model import Channel, Language

WORDS_PER_MINUTE: Final = 150
"""How fast prompts are taken to be spoken when their length is estimated."""


class PromptMissing(LookupError):
    """A sentence or a value for one of its placeholders isn't there. A fault of ours, never of a caller."""


@dataclass(frozen=True, slots=True)
class Prompts:
    """Every sentence of the languages that are on, and the values that hold for the whole line."""

    sentences: Mapping[tuple[Language, Channel, str], str]
    constants: Mapping[str, str]
    """NAME, and NUMBER as it is written in a text."""

    def text(
        self,
        key: str,
        channel: Channel,
        language: Language = Language.EN,
        values: Iterable[tuple[str, str]] = (),
    ) -> str:
        """The sentence, filled in; in English if this language lacks it. Raises PromptMissing."""
        sentence = self.sentences.get((language, channel, key)) or self.sentences.get(
            (Language.EN, channel, key)
        )
        if sentence is None:
            raise PromptMissing(f"no {channel} prompt {key}")
        try:
            return sentence.format_map({**self.constants, **dict(values)})
        except KeyError as missing:
            raise PromptMissing(f"{channel} prompt {key} lacks {missing}") from None

    def seconds(self, key: str, language: Language = Language.EN) -> float:
        """About how long the spoken sentence takes, at 150 words a minute; a hyphenated 9-1-1 counts as three."""
        blank = dict.fromkeys(placeholders(self.sentences[(language, Channel.VOICE, key)]), "0")
        return seconds(self.text(key, Channel.VOICE, language, blank.items()))


def seconds(sentence: str) -> float:
    """About how long a sentence takes to say."""
    return len(sentence.replace("-", " ").split()) * 60 / WORDS_PER_MINUTE


def placeholders(sentence: str) -> frozenset[str]:
    """The names in braces."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(sentence) if name)


def load(languages: Iterable[Language], constants: Mapping[str, str]) -> Prompts:
    """Read the sentences of these languages (English always) from the files beside this one."""
    wanted = {Language.EN, *languages}
    sentences: dict[tuple[Language, Channel, str], str] = {}
    for language in wanted:
        file = resources.files("hotline.prompts").joinpath(f"{language}.toml")
        if not file.is_file():
            continue
        for channel, entries in tomllib.loads(file.read_text("utf-8")).items():
            for key, sentence in entries.items():
                sentences[(language, Channel(channel), key)] = sentence
    return Prompts(MappingProxyType(sentences), MappingProxyType(dict(constants)))
