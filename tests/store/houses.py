"""A Hotline with a database of its own, for tests of what is kept and removed; on SQLite or on PostgreSQL."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from hotline.operations.transaction import Application, Transaction
from hotline.runtime.wiring import open_application
from hotline.settings.keeping_settings import BackupsTable, RetentionTable
from hotline.settings.load import Settings, load_settings
from hotline.store.database.tables import metadata
from hotline.store.keeping import sealed_file
from hotline.store.upkeep import canary
from tests import databases
from tests.settings.examples import good_environment

KEYS = sealed_file.new_keys()
NOW = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
DATA_KEY = base64.b64encode(b"a" * 32).decode()


@dataclass
class House:
    """A Hotline with a database, a home, and a clock that is set by hand."""

    settings: Settings
    application: Application
    now: datetime = NOW

    def change(self, work: Callable[[Transaction], Any]) -> Any:
        return self.application.change(work)

    def tables(self) -> dict[str, set[tuple[Any, ...]]]:
        """Everything that is kept, but for what says something of one machine or of backups themselves."""
        left_out = {"beats", "pace", "sessions", "backups", "revision", "outbox", "audit"}
        with self.application.database.read() as tx:
            return {
                table.name: {tuple(row) for row in tx.execute(select(table))}
                for table in metadata.sorted_tables
                if table.name not in left_out
            }


Houses = Callable[..., House]


@contextmanager
def built_in(folder: Path) -> Iterator[Houses]:
    """New ones: `houses("sqlite")`, each with an empty database and a home of its own in this folder."""
    opened: list[House] = []
    made: list[str] = []

    def build(kind: str, data_key: str = DATA_KEY, **backups: Any) -> House:
        home = folder / f"home-{len(opened)}"
        home.mkdir()
        url = databases.sqlite(home) if kind == "sqlite" else databases.postgresql()
        if kind != "sqlite":
            made.append(url)
        settings = load_settings(good_environment(home, DATABASE_URL=url, HOTLINE_DATA_KEY=data_key))
        own = {"backups": BackupsTable(**{"keys": (KEYS.public,), **backups})}
        settings = replace(settings, centre=settings.centre.model_copy(update=own))
        application = open_application(settings, clock=lambda: house.now, resident=False).application
        house = House(settings, application)
        canary.know_keys(application.database)
        opened.append(house)
        return house

    try:
        yield build
    finally:
        for one in opened:
            one.application.database.dispose()
        for url in made:
            databases.drop(url)


def keeping(house: House, **lasting: Any) -> House:
    """The same with other settings of [retention]."""
    own = {"retention": RetentionTable(**lasting)}
    settings = replace(house.settings, centre=house.settings.centre.model_copy(update=own))
    return House(settings, replace(house.application, settings=settings), house.now)
