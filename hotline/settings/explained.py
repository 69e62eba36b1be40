"""What each setting is for, in the words of docs/settings.md: that page travels with the program as `explained.md`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

ENVIRONMENT: Final = "environment"
"""The table of what stands in no file."""
_ROW: Final = re.compile(r"^\| `(\w+)` \| *(.*?) *\| (.*) \|$", re.MULTILINE)
_TABLE: Final = re.compile(r"^### \[(\w+)\]\n", re.MULTILINE)
_LINK: Final = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_MARKS: Final = re.compile(r"\*\*|(?<!\w)\*(?=\w)|(?<=\w)\*(?!\w)")


@dataclass(frozen=True, slots=True)
class ExplainedSetting:
    """One key or variable."""

    key: str
    default: str
    """As it would be written, or "required"; what is secret says so."""
    words: str
    """What it is, with names of keys and files between backquotes."""


@dataclass(frozen=True, slots=True)
class ExplainedTable:
    """One table of `hotline.toml`, or the environment."""

    name: str
    about: str
    settings: tuple[ExplainedSetting, ...]


@cache
def explained() -> tuple[ExplainedTable, ...]:
    """Every table, the environment first, in the order of the page."""
    page = resources.files("hotline.settings").joinpath("explained.md").read_text("utf-8")
    around, _, file = page.partition("\n## hotline.toml\n")
    names = ["", *_TABLE.split(file)[1::2]]
    parts = [around, *_TABLE.split(file)[2::2]]
    return tuple(_table(name or ENVIRONMENT, part) for name, part in zip(names, parts, strict=True))


def _table(name: str, part: str) -> ExplainedTable:
    rows = tuple(
        ExplainedSetting(key, _plain(default), _plain(words)) for key, default, words in _ROW.findall(part)
    )
    about = "" if name == ENVIRONMENT else part.partition("\n|")[0].partition("```")[0]
    return ExplainedTable(name, _plain(" ".join(about.split())), rows)


def _plain(written: str) -> str:
    """Without the signs of the page's layout; backquotes stay."""
    return _MARKS.sub("", _LINK.sub(r"\1", written)).strip()
