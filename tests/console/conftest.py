"""A fresh centre for every test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.console.centre import Centre, open_centre


@pytest.fixture
def centre(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """Nobody has called yet."""
    opened = open_centre(tmp_path, file=tmp_path_factory.getbasetemp() / "centre.db")
    yield opened
    opened.application.database.dispose()
