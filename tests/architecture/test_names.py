"""A name is there once, so that whoever looks for a file or a class finds one."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

from tests.running.application import REPOSITORY

FILES = {"__init__", "__main__"}


def _modules() -> list[Path]:
    return [file for room in ("hotline", "workers") for file in (REPOSITORY / room).rglob("*.py")]


def _twice(names: list[str]) -> set[str]:
    return {name for name, times in Counter(names).items() if times > 1}


def test_a_file_name_is_there_once() -> None:
    """Migrations have their number."""
    assert _twice([file.stem for file in _modules()]) == FILES


def test_a_class_name_is_there_once() -> None:
    """What a module keeps to itself may be called as it likes."""
    found = [
        node.name
        for file in _modules()
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    ]
    assert _twice(found) == set()
