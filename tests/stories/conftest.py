"""Stories: one world each, with whatever may befall it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import databases
from tests.stories.redis_server import RedisServer
from tests.stories.world import World, build, settings_for


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """One Redis for the whole run; each story finds it running and empty."""
    server = RedisServer()
    yield server
    server.kill()


@pytest.fixture
def world(tmp_path: Path, redis_server: RedisServer) -> Iterator[World]:
    """A world in which nothing goes wrong by itself."""
    if not redis_server.is_running:
        redis_server.start()
    redis_server.flush()
    made = build(settings_for(tmp_path, databases.sqlite(tmp_path), redis_server.url), redis_server)
    yield made
    assert made.sim.violations == []
    assert made.sim.differing_answers == []
