"""Phrases as translators write them, with choices and words that may be missing, as one regular expression."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

_PIECE: Final = re.compile(r"\[(?:[^\][]|\[[^\][]*\])*\]|\((?:[^()[\]]|\[[^\]]*\])*\)|[^\s()[\]]+")
"""A choice in brackets, what may be missing in parentheses, or words with a / between them."""
_CHOICE: Final = re.compile(r" / (?![^(]*\))")


def any_of(lines: Iterable[str], named: Mapping[str, Sequence[str]]) -> str:
    """One of these lines: "call/phone", "[do not / never]", "(please)", "llam*", and {names} that `named` explains.

    For `plain` words with single spaces between them. Raises ValueError for what can't be read.
    """
    return f"(?:{'|'.join(_sequence(line, named) for line in lines)})"


def _sequence(line: str, named: Mapping[str, Sequence[str]]) -> str:
    pieces = _PIECE.findall(line)
    if not pieces or re.sub(r"\s", "", "".join(pieces)) != re.sub(r"\s", "", line):
        raise ValueError(f"a phrase with a bracket too many or too few: {line}")
    pattern, begun = "", False
    for piece in pieces:
        optional = piece.startswith("(")
        words = _sequence(piece[1:-1], named) if optional else _piece(piece, named)
        if not begun:
            pattern += f"(?:{words} )?" if optional else words
            begun = not optional
        else:
            pattern += f"(?: {words})?" if optional else f" {words}"
    if not begun:
        raise ValueError(f"a phrase of which everything may be missing: {line}")
    return pattern


def _piece(piece: str, named: Mapping[str, Sequence[str]]) -> str:
    if piece.startswith("["):
        return any_of(_CHOICE.split(piece[1:-1]), named)
    if piece.startswith("{"):
        return any_of(named[piece.strip("{}")], named)
    words = (re.escape(word).replace(r"\*", r"\w+") for word in piece.split("/"))
    return f"(?:{'|'.join(words)})"
