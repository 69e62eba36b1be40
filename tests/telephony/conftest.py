"""A door for each test, and one for all that only look at what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotline.settings.load import Settings
from tests.stories.centre import settings_for
from tests.telephony.doorstep import Doorstep, build


@pytest.fixture
def door(tmp_path: Path) -> Doorstep:
    """A door of this test's own."""
    return build(tmp_path)


@pytest.fixture(scope="module")
def shared_door(tmp_path_factory: pytest.TempPathFactory) -> Doorstep:
    """One door for all the tests of a module."""
    return build(tmp_path_factory.mktemp("door"))


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of a centre; nothing is opened."""
    home = tmp_path_factory.mktemp("carrier")
    return settings_for(home, f"sqlite:///{home}/none.db", "unix:///nowhere")
