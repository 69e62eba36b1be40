"""Stories: one world each, with whatever may befall it, and an auditor at its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests import databases
from tests.stories.auditor import complaints
from tests.stories.centre import CENTRE, settings_for
from tests.stories.redis_server import RedisServer
from tests.stories.world import AFTERNOON, PATIENCE, World, build

Building = Callable[..., World]


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """One Redis for the whole run; each story finds it running and empty."""
    server = RedisServer()
    yield server
    server.close()


@pytest.fixture
def building(tmp_path: Path, redis_server: RedisServer) -> Iterator[Building]:
    """Worlds of the story's own: `building(centre=..., document=..., ...)`. A new one ends the story before it."""
    newest: list[World] = []

    def made(
        centre: str = CENTRE,
        document: dict[str, Any] | None = None,
        now: datetime = AFTERNOON,
        patience: timedelta = PATIENCE,
    ) -> World:
        if not redis_server.is_running:
            redis_server.start()
        redis_server.flush()
        settings = settings_for(tmp_path, databases.sqlite(tmp_path), redis_server.url, centre)
        _audit(newest)
        newest.append(build(settings, redis_server, document, now, patience))
        return newest[0]

    yield made
    _audit(newest)


def _audit(worlds: list[World]) -> None:
    """The story of this world is over: look it through, and forget it."""
    while worlds:
        ended = worlds.pop()
        assert ended.sim.violations == []
        assert ended.sim.differing_answers == []
        placed = [call for call in ended.sim.calls if call.created_by == "rest"]
        assert all(call.entry.fallback_url or call.rings_in for call in placed), (
            "a leg without a fallback address"
        )
        assert complaints(ended) == []


@pytest.fixture
def world(building: Building) -> World:
    """A world in which nothing goes wrong by itself."""
    return building()
