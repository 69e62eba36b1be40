"""What of the board somebody wants before them: one line, one language. Pure.

It hides what others do, and never what must not be missed: no emergency, nothing of one's own, nobody whose line or
language isn't known yet. What it hides is counted, so that nobody takes a short board for a quiet night.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from hotline.model import Language, Line
from hotline.store.overviews.on_the_board import Chosen

LONGEST: Final = 100
"""How many rows of each list stand on the board unless more are asked for: whoever looks can do nothing with more, and
a page of thousands takes seconds to draw and to read."""


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """What is asked for; None is any."""

    line: Line | None = None
    language: Language | None = None
    every: bool = False
    """Long lists are wanted to their end."""

    @property
    def is_on(self) -> bool:
        """Whether it hides anything."""
        return self.line is not None or self.language is not None

    @property
    def query(self) -> dict[str, str]:
        """The same for an address."""
        asked = {"line": self.line, "language": self.language}
        chosen = {name: one.value for name, one in asked.items() if one is not None}
        return {**chosen, "every": "yes"} if self.every else chosen

    @property
    def to_the_end(self) -> dict[str, str]:
        """The same with lists to their end, for an address."""
        return replace(self, every=True).query

    @property
    def reads(self) -> int | None:
        """How many rows of each list are read for it; None: all."""
        return None if self.every else LONGEST

    @property
    def chosen(self) -> Chosen:
        """What is read for it."""
        return Chosen(self.line, self.language)


def read_filter(fields: Mapping[str, str]) -> BoardFilter:
    """What an address asks for; what it can't mean is any."""
    line, language = fields.get("line", ""), fields.get("language", "")
    return BoardFilter(
        Line(line) if line in set(Line) - {Line.EMERGENCY} else None,
        Language(language) if language in set(Language) else None,
        every=fields.get("every") == "yes",
    )
