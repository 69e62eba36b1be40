"""The map of the house is true: what it names is there."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from tests.running.application import REPOSITORY

MAP = REPOSITORY / "docs" / "architecture.md"
NAMES = sorted(set(re.findall(r"`(hotline(?:\.\w+)+)`", MAP.read_text(encoding="utf-8"))))
ROOMS = re.findall(r"^\| `(\w+)`(?:, `(\w+)`)? \|", MAP.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("name", NAMES)
def test_what_the_map_names_is_there(name: str) -> None:
    """A module, or something in one."""
    module = name
    found: list[str] = []
    while True:
        try:
            here = importlib.import_module(module)
            break
        except ModuleNotFoundError:
            module, _, last = module.rpartition(".")
            found.insert(0, last)
    for one in found:
        here = getattr(here, one)


def test_every_room_of_the_operations_is_on_the_map() -> None:
    """And none that isn't there."""
    operations = REPOSITORY / "hotline" / "operations"
    told = {room for pair in ROOMS for room in pair if room} & {file.stem for file in _rooms(operations)}
    there = {file.stem for file in _rooms(operations)} - {"answers", "due_work"}
    assert told == there


def _rooms(operations: Path) -> list[Path]:
    found = [one for one in operations.iterdir() if one.is_dir() and (one / "__init__.py").is_file()]
    return [*found, *(one for one in operations.glob("*.py") if one.stem != "__init__")]
