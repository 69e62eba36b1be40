"""What of the board somebody wants before them: one line, one language. Pure.

It hides what others do, and never what must not be missed: no emergency, nothing of one's own, nobody whose line or
language isn't known yet. What it hides is counted, so that nobody takes a short board for a quiet night.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from hotline.model import Language, Line
from hotline.operations.console.board import Board

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
        """How many rows of each list are read for it; None: all. What is hidden is counted, so that is read."""
        return None if self.every or self.is_on else LONGEST


@dataclass(frozen=True, slots=True)
class FilteredBoard:
    """The board, and how much of it is hidden."""

    board: Board
    hidden: int = 0


def read_filter(fields: Mapping[str, str]) -> BoardFilter:
    """What an address asks for; what it can't mean is any."""
    line, language = fields.get("line", ""), fields.get("language", "")
    return BoardFilter(
        Line(line) if line in set(Line) - {Line.EMERGENCY} else None,
        Language(language) if language in set(Language) else None,
        every=fields.get("every") == "yes",
    )


def apply(board: Board, wanted: BoardFilter) -> FilteredBoard:
    """The board with what is wanted, with everything of the viewer's own, and with every emergency."""
    if not wanted.is_on:
        return FilteredBoard(board)
    kept = replace(
        board,
        callers=tuple(
            one for one in board.callers if one.with_me or _fits(wanted, one.line, (one.language,))
        ),
        callbacks=tuple(
            one for one in board.callbacks if one.mine or _fits(wanted, one.line, (one.language,))
        ),
        threads=tuple(
            one for one in board.threads if one.mine or one.offered or _fits(wanted, None, one.languages)
        ),
    )
    return FilteredBoard(kept, _shown(board) - _shown(kept))


def _fits(wanted: BoardFilter, line: Line | None, languages: tuple[Language, ...]) -> bool:
    """Whoever has chosen no line yet may want any."""
    asked_for = wanted.line is None or line in (None, wanted.line)
    return asked_for and (wanted.language is None or not languages or wanted.language in languages)


def _shown(board: Board) -> int:
    return len(board.callers) + len(board.callbacks) + len(board.threads)
