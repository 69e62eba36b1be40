"""Every sentence that is said or written, with all that is known of it: how long it is, and whose words it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from hotline.model import Channel, Language
from hotline.prompts import Prompts
from hotline.prompts.lengths import placeholders, segments
from hotline.prompts.references import REFERENCES
from hotline.prompts.shipped import SECTIONS, STAFF, shipped
from hotline.settings import wording as checks
from hotline.settings.wording import Wording
from hotline.worded import worded, worded_many

UNSPOKEN: Final = (Language.HT,)
"""Languages that no voice of the carrier's speaks: docs/languages.md."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence."""

    language: Language
    section: str
    key: str
    words: str

    @property
    def channel(self) -> Channel:
        """How it reaches people."""
        return SECTIONS[self.section]

    @property
    def reference(self) -> str:
        """Its number in the reference texts; empty for a sentence of ours."""
        return "" if self.section in STAFF else REFERENCES.get((self.channel, self.key), "")

    def length(self, said: Prompts) -> str:
        """Seconds of what is said, parts of what is texted with the longest values in its places,
        letters of what is read on a page."""
        if self.channel is Channel.VOICE:
            return f"{said.seconds(self.key, self.language):.1f} s"
        if self.channel is Channel.WEBSITE:
            return worded("%(number)s letters", number=len(self.words))
        pieces = segments(checks.filled(self.words))
        return worded_many("%(num)s part", "%(num)s parts", pieces)

    def is_recorded(self, said: Prompts) -> bool:
        """Whether a recording of the centre's own is played in its place."""
        return self.channel is Channel.VOICE and (self.language, self.key) in said.recordings

    def is_replaced(self, wording: Wording) -> bool:
        """Whether the centre says it in its own words."""
        return (self.language, self.channel, self.key) in wording.sentences


def every_sentence(said: Prompts, languages: Iterable[Language]) -> Iterator[Sentence]:
    """Of these languages, in the order of their files."""
    for language in languages:
        for section, entries in shipped(language).sections.items():
            for key in entries:
                yield Sentence(language, section, key, said.sentences[(language, SECTIONS[section], key)])


def unrecorded(said: Prompts, language: Language) -> list[str]:
    """Which prompts of this language could be recorded, and are not: nothing in them changes from call to call."""
    return [
        line.key
        for line in every_sentence(said, (language,))
        if line.channel is Channel.VOICE and not placeholders(line.words) and not line.is_recorded(said)
    ]
