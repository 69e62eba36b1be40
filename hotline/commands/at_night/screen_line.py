"""One line of ``hotline status``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """What it is about, and what is so."""

    about: str
    words: str
    calls: bool = False
    """It calls for somebody to do something now."""
