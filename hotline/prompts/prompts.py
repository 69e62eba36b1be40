"""The sentences, by language, channel and key, with their placeholders filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from types import MappingProxyType
from typing import Final

from hotline.model import Channel, Language, is_known
from hotline.prompts.lengths import placeholders, seconds
from hotline.prompts.recordings import RecordedPrompt
from hotline.prompts.shipped import SECTIONS, PromptMissing, shipped

Sentences = Mapping[tuple[Language, Channel, str], str]
Recordings = Mapping[tuple[Language, str], RecordedPrompt]


VERSION: Final = 12
"""Letters of the SHA-256 of words by which a version of them is known."""


def version_of(words: str) -> str:
    """By which a version of words to which somebody agrees is known."""
    return sha256(words.encode()).hexdigest()[:VERSION]


@dataclass(frozen=True, slots=True)
class Utterance:
    """Something to be said: in which language, in which words, and the recording of them, if there is one."""

    language: Language
    words: str
    recording: RecordedPrompt | None = None


@dataclass(frozen=True, slots=True)
class Prompts:
    """Every sentence of the languages that are on, and the values that hold for the whole line."""

    sentences: Sentences
    constants: Mapping[str, str]
    """NAME, and our first NUMBER as it is written in a text: what is said where nobody knows which one was used."""
    spoken: Mapping[str, str] = field(default_factory=dict)
    """What takes their place where it is said aloud: NUMBER digit by digit."""
    recordings: Recordings = field(default_factory=dict)
    also: tuple[str, ...] = ()
    """Our other numbers, as they are written in a text."""

    def text(
        self,
        key: str,
        channel: Channel,
        language: Language = Language.EN,
        values: Iterable[tuple[str, str]] = (),
    ) -> str:
        """The sentence, filled in; in English if this language lacks it. Raises PromptMissing."""
        return self._filled(key, channel, self._spoken_in(key, channel, language), values)

    def say(
        self, key: str, language: Language = Language.EN, values: Iterable[tuple[str, str]] = ()
    ) -> Utterance:
        """What is said aloud for a prompt; in English if this language lacks it. Raises PromptMissing."""
        used = self._spoken_in(key, Channel.VOICE, language)
        words = self._filled(key, Channel.VOICE, used, values)
        return Utterance(used, words, self.recordings.get((used, key)))

    def heard(
        self, key: str, channel: Channel, language: Language, values: Iterable[tuple[str, str]] = ()
    ) -> Utterance:
        """What reaches people of a prompt, aloud or in writing, as `say` and `text` give it. Raises PromptMissing."""
        if channel is Channel.VOICE:
            return self.say(key, language, values)
        used = self._spoken_in(key, channel, language)
        return Utterance(used, self._filled(key, channel, used, values))

    def seconds(self, key: str, language: Language = Language.EN) -> float:
        """How long the spoken sentence takes: of a recording its own length, else about, at 150 words a minute.

        A hyphenated 9-1-1 counts as three words, a value that isn't known yet as one. Raises PromptMissing.
        """
        used = self._spoken_in(key, Channel.VOICE, language)
        recording = self.recordings.get((used, key))
        if recording is not None:
            return recording.seconds
        constant = {**self.constants, **self.spoken}
        blank = placeholders(self.sentences[(used, Channel.VOICE, key)]) - constant.keys()
        return seconds(self._filled(key, Channel.VOICE, used, ((name, "0") for name in blank)))

    def hints(self, language: Language = Language.EN, *, number: bool = False) -> str:
        """What the recogniser is told to expect: the words of the menus and of emergencies, or those of a number."""
        return shipped(language if is_known(language) else Language.EN).hints["number" if number else "menu"]

    def _spoken_in(self, key: str, channel: Channel, language: Language) -> Language:
        return language if (language, channel, key) in self.sentences else Language.EN

    def _filled(
        self, key: str, channel: Channel, language: Language, values: Iterable[tuple[str, str]]
    ) -> str:
        sentence = self.sentences.get((language, channel, key))
        if sentence is None:
            raise PromptMissing(f"no {channel} prompt {key}")
        spoken = self.spoken if channel is Channel.VOICE else {}
        try:
            return sentence.format_map({**self.constants, **spoken, **dict(values)})
        except KeyError as missing:
            raise PromptMissing(f"{channel} prompt {key} lacks {missing}") from None


def load(
    languages: Iterable[Language],
    constants: Mapping[str, str],
    *,
    spoken: Mapping[str, str] | None = None,
    replaced: Sentences | None = None,
    recordings: Recordings | None = None,
    also: tuple[str, ...] = (),
) -> Prompts:
    """The sentences of these languages (English always) as they come with Hotline, but for those `replaced`.

    Raises PromptMissing for a language in which nothing is written.
    """
    sentences = {
        (language, SECTIONS[section], key): sentence
        for language in {Language.EN, *languages}
        for section, entries in shipped(language).sections.items()
        for key, sentence in entries.items()
    }
    mine = {each: words for each, words in (replaced or {}).items() if each in sentences}
    return Prompts(
        MappingProxyType(sentences | mine),
        MappingProxyType(dict(constants)),
        MappingProxyType(dict(spoken or {})),
        MappingProxyType(dict(recordings or {})),
        also,
    )
