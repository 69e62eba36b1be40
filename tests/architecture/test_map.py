"""The map of the house is true: what it names is there."""

from __future__ import annotations

import importlib
import re

import pytest

from tests.running.application import REPOSITORY

MAP = REPOSITORY / "docs" / "architecture.md"
NAMES = sorted(set(re.findall(r"`(hotline(?:\.\w+)+)`", MAP.read_text(encoding="utf-8"))))
_SECTION = re.compile(r"^### (hotline\.\w+)\n(.*?)(?=^##)", re.MULTILINE | re.DOTALL)
_ROOM = re.compile(r"^\| `(\w+)`(?:, `(\w+)`)? \|", re.MULTILINE)
ROOMS = {
    package: {room for pair in _ROOM.findall(table) for room in pair if room}
    for package, table in _SECTION.findall(MAP.read_text(encoding="utf-8"))
}


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


@pytest.mark.parametrize("package", sorted(ROOMS))
def test_every_room_is_on_the_map(package: str) -> None:
    """And none that isn't there."""
    folder = REPOSITORY.joinpath(*package.split("."))
    found = [one for one in folder.iterdir() if one.is_dir() and (one / "__init__.py").is_file()]
    found += [one for one in folder.glob("*.py") if one.stem != "__init__"]
    assert ROOMS[package] == {one.stem for one in found}


def test_the_map_has_the_floors_that_have_rooms() -> None:
    """Whatever has a contract of its own in `make check`."""
    contracts = (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")
    assert set(ROOMS) == set(re.findall(r'containers = \["(hotline\.\w+)"\]', contracts))
