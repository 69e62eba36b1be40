"""A fresh centre for every test, its pages, and a browser in which nobody is signed in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.console.centre import Centre, open_centre

if TYPE_CHECKING:
    from selenium.webdriver import Chrome


@pytest.fixture
def centre(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """Nobody has called yet."""
    opened = open_centre(tmp_path, file=tmp_path_factory.getbasetemp() / "centre.db")
    yield opened
    opened.application.database.dispose()


@pytest.fixture
def address(centre: Centre) -> Iterator[str]:
    """Where the centre's pages are."""
    from tests.console.browser import serving

    with serving(centre.app) as served:
        yield served


@pytest.fixture
def browser(chromium: Chrome) -> Chrome:
    """On a laptop, in light colours; nobody is signed in, and nothing is logged yet."""
    return chromium
