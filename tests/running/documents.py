"""The commands that our documents tell people to type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

from tests.running.application import REPOSITORY

NOT_RUN = re.compile(r"<!-- not run: (?P<why>[^>]+?) -->\s*$")
_FENCE = re.compile(r"^(?P<indent> *)```(?P<kind>\w*)$")


@dataclass(frozen=True)
class Block:
    """What stands between two fences."""

    document: str
    line: int
    kind: str
    text: str
    not_run: str | None
    """Why it isn't to be run by the tests, in the document's own words."""


def documents() -> list[Path]:
    """Everything that tells people what to type."""
    return [
        REPOSITORY / "README.md",
        REPOSITORY / "CONTRIBUTING.md",
        *sorted((REPOSITORY / "docs").glob("*.md")),
    ]


def blocks(document: Path) -> Iterator[Block]:
    """Every block of a document, in order."""
    lines = document.read_text(encoding="utf-8").splitlines()
    opened: tuple[int, str] | None = None
    for number, line in enumerate(lines):
        found = _FENCE.match(line)
        if found is None:
            continue
        if opened is None:
            opened = number, found["kind"]
            continue
        at, kind = opened
        text = dedent("\n".join(lines[at + 1 : number])) + "\n"
        told = NOT_RUN.search("\n".join(lines[:at]).rstrip())
        yield Block(document.name, at + 1, kind, text, told["why"] if told else None)
        opened = None
