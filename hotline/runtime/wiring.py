"""Opening the application: settings in, everything that a process of ours needs out."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import requests
import structlog

from hotline import prompts
from hotline.operations.transaction import Application, WakeUps
from hotline.runtime.wake_ups import RedisWakeUps, connect
from hotline.settings.load import Settings
from hotline.store.database import Database, Keyring, StoreError
from hotline.store.upkeep import canary
from hotline.telephony.rest.carrier import Carrier
from hotline.telephony.twiml.renderer import Renderer
from hotline.telephony.webhooks.journal import Journal
from hotline.triage.numbers import spoken, written

_log = structlog.get_logger("hotline.runtime.wiring")
WEB_PATIENCE = timedelta(seconds=2.5)
"""How long a webhook waits for the database: Twilio gives it 4 s before it asks again."""
WEB_AT_MOST = timedelta(seconds=3.4)
"""The same while the database is well and only busy, so that others are seen to get their turn."""
WORKER_PATIENCE = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Wiring:
    """One process's house, and the edges around it."""

    application: Application
    carrier: Carrier
    renderer: Renderer
    journal: Journal


def wall_clock() -> datetime:
    """The time now, UTC."""
    return datetime.now(UTC)


def open_application(
    settings: Settings,
    *,
    patience: timedelta = WORKER_PATIENCE,
    at_most: timedelta | None = None,
    wake_ups: WakeUps | None = None,
    clock: Callable[[], datetime] = wall_clock,
    session: requests.Session | None = None,
    resident: bool = True,
    database: Database | None = None,
) -> Wiring:
    """Connects to nothing yet. `session`: how the carrier's requests travel; `resident`: for a process that stays;
    `database`: one that is open already."""
    database = database or _database(settings, patience, at_most)
    line = settings.centre.line
    sentences = prompts.load(
        line.languages,
        {"NAME": line.name, "NUMBER": written(line.numbers[0])},
        spoken={"NUMBER": spoken(line.numbers[0])},
        also=tuple(map(written, line.numbers[1:])),
        replaced=settings.wording.sentences,
        recordings=settings.wording.recordings,
    )
    wake_up = wake_ups or RedisWakeUps(
        connect(settings.redis_url.get_secret_value()), time.monotonic, resident=resident
    )
    application = Application(settings, database, sentences, wake_up, clock, socket.gethostname())
    return Wiring(
        application,
        Carrier(settings, session),
        Renderer(sentences, settings.centre, urlsplit(settings.public_base_url).path),
        Journal(settings.home / "journal", database.keys),
    )


def open_checked(
    settings: Settings,
    *,
    patience: timedelta = WORKER_PATIENCE,
    at_most: timedelta | None = None,
    resident: bool = True,
) -> Wiring:
    """As :func:`open_application`, for what writes: raises Unsealable if the keys are not the database's.

    A database that is away now may come later; until then `/health/ready` says so. A command, which is told the same by
    its first question, says so itself: nothing is logged above it.
    """
    opened = open_application(settings, patience=patience, at_most=at_most, resident=resident)
    try:
        _know_keys(opened.application.database)
    except StoreError as away:
        if resident:
            _log.warning("the database can't be asked for its keys now", reason=type(away).__name__)
    return opened


def open_database(settings: Settings, patience: timedelta) -> Database:
    """The database alone. Raises Unsealable if the keys are not the database's, and StoreError."""
    database = _database(settings, patience)
    _know_keys(database)
    return database


def _know_keys(database: Database) -> None:
    """Raises Unsealable and StoreError, and has nothing open then."""
    try:
        canary.know_keys(database)
    except BaseException:
        database.dispose()
        raise


def _database(settings: Settings, patience: timedelta, at_most: timedelta | None = None) -> Database:
    keys = Keyring(tuple(key.get_secret_value() for key in settings.data_keys))
    url = settings.database_url.get_secret_value()
    return Database(url, keys, patience, at_most, settings.database_connections)
