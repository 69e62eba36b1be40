"""In which voice each language is spoken, and in which locale it is listened to: as the centre has set it."""

from __future__ import annotations

from typing import NamedTuple

from hotline.model import Language
from hotline.settings.centre import VoicesTable


class Voice(NamedTuple):
    """A voice of the carrier's, and the locale that it speaks in and the recogniser listens in."""

    name: str
    locale: str


def voice_of(voices: VoicesTable, language: Language) -> Voice:
    """Haitian Creole has no voice and no recogniser at the carrier: French is the nearest (docs/languages.md)."""
    name, locale = voices.of(language).split()
    return Voice(name, locale)
