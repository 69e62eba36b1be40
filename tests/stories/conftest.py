"""Stories: one world each, with whatever may befall it, and an auditor at its end.

They are told on SQLite; those marked `both_databases` on PostgreSQL, too, and `make test-postgres` tells all of them
there, each with a database of its own.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests import databases
from tests.stories.auditor import complaints
from tests.stories.centre import CENTRE, DATA_KEY, settings_for
from tests.stories.redis_server import RedisServer
from tests.stories.world import AFTERNOON, PATIENCE, World, build, with_staff

Building = Callable[..., World]
Making = Callable[[bool], str]
"""Whether with the usual staff -> the address of a database."""
_ALL_ON_POSTGRESQL = os.environ.get("HOTLINE_STORIES") == "postgresql"


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """One Redis for the whole run; each story finds it running and empty."""
    server = RedisServer()
    yield server
    server.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """On which databases this story is told."""
    marked = metafunc.definition.get_closest_marker("both_databases") is not None
    if "story_database" in metafunc.fixturenames and (marked or _ALL_ON_POSTGRESQL):
        on_postgresql = pytest.param("postgresql", marks=pytest.mark.postgres)
        on = [on_postgresql] if _ALL_ON_POSTGRESQL else ["sqlite", on_postgresql]
        metafunc.parametrize("story_database", on, indirect=True)


@pytest.fixture
def story_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Making]:
    """Asked for an address, a new migrated database. On SQLite always in the same file: see `databases.opened`."""
    if getattr(request, "param", "sqlite") == "sqlite":
        file = tmp_path_factory.getbasetemp() / "story.db"
        yield lambda staffed: databases.sqlite_at(file, with_staff if staffed else None)
        return
    made: list[str] = []

    def on_postgresql(staffed: bool) -> str:
        made.append(databases.postgresql())
        if staffed:
            with_staff(made[-1])
        return made[-1]

    yield on_postgresql
    for url in made:
        databases.drop(url)


@pytest.fixture
def building(tmp_path: Path, redis_server: RedisServer, story_database: Making) -> Iterator[Building]:
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
        _audit(newest)
        url = story_database(document is None and now == AFTERNOON)
        settings = settings_for(tmp_path, url, redis_server.url, centre)
        database = databases.opened(url, patience, DATA_KEY) if url.startswith("sqlite") else None
        newest.append(build(settings, redis_server, document, now, patience, database))
        return newest[0]

    yield made
    _audit(newest)


def _audit(worlds: list[World]) -> None:
    """The story of this world is over: look it through, and forget it."""
    while worlds:
        ended = worlds.pop()
        try:
            _look_through(ended)
        finally:
            ended.here.application.database.dispose()


def _look_through(ended: World) -> None:
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
