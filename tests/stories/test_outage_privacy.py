"""The canary: marked names, numbers and words through every path, in good days and bad ones; found nowhere."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis
import structlog
from psycopg.sql import SQL, Identifier
from sqlalchemy import make_url

from hotline.runtime.wiring import Wiring
from hotline.simulator import Behaviour
from tests.operations.outages import goes_by, locked, path_of
from tests.operations.texting import confirms, takes, writes
from tests.stories.centre import ASKS_FOR_METRICS, STAFF
from tests.stories.conftest import Building
from tests.stories.redis_server import RedisServer
from tests.stories.world import ANA, LINE, MIA, SHORT, World

CALLBACK_NUMBER = "2125550187"
TEXTER = "+16175550168"
CANARIES = (
    MIA[2:], CALLBACK_NUMBER, TEXTER[2:], "6175550101", "6175550103", "617-555-0142", "6 1 7, 5 5 5, 0 1 4 2",
    "Zoraida", "Quillon", "Xiomara", "kingfisher", "twilight", "wake up", "Wren Street",
)  # fmt: skip
"""A part of each is enough to know somebody by; all too long to be in sealed text by chance."""

DOCUMENT: dict[str, Any] = {
    "staff": [
        {**one, "name": {ANA: "Zoraida Quillon"}.get(one["phone"], f"Xiomara {one['name']}")}
        for one in STAFF["staff"]
    ],
    "schedule": [
        {
            **one,
            "always": [
                f"Xiomara {name}" if name != "Ana Lima" else "Zoraida Quillon" for name in one["always"]
            ],
        }
        for one in STAFF["schedule"]
    ],
}


@pytest.fixture
def world(building: Building) -> World:
    """A staff with names that are found if they are anywhere."""
    return building(document=DOCUMENT, patience=SHORT)


@contextmanager
def overheard(server: RedisServer) -> Iterator[list[str]]:
    """Every command that anybody sends to Redis."""
    said: list[str] = []
    client = redis.Redis.from_url(server.url, socket_timeout=None)  # nobody may say anything for a while
    listening = threading.Event()

    def listen() -> None:
        with client.monitor() as monitor:  # type: ignore[no-untyped-call]
            listening.set()
            for command in monitor.listen():
                if "end of the story" in command["command"]:
                    return
                said.append(command["command"])

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    assert listening.wait(5)
    yield said
    with redis.Redis.from_url(server.url) as other:
        other.echo("end of the story")
    thread.join(5)
    client.close()


def everything_happens(world: World) -> None:
    """Calls, speech, a typed number, a callback, an emergency, and what goes wrong with them."""
    world.phones(Behaviour.OFF, world.ben, world.sue)
    world.mia.calls(stir="TN-Validation-Passed-A").says("a kingfisher at twilight on Wren Street").presses(
        "2"
    )
    world.mia.hears("A coordinator will call you back", within=120).presses("5").hears("Type the number")
    world.mia.presses(f"{CALLBACK_NUMBER}#").hears("We will call").presses("4").hears("message").presses("4")
    world.mia.hears("text").presses("4").hears("as soon as we can").presses("4").hears(
        "You are in line"
    ).hangs_up()
    other = world.person(f"+1{CALLBACK_NUMBER}", label="Mia elsewhere")
    world.sim.faults.drop_after("calls")
    world.ana.answers(within=60).presses("1")
    other.answers(within=60).hears("You asked for a call").presses("1").meets(world.ana)
    world.passes(30)
    other.hangs_up()
    world.ana.hears("How did it end").presses("1").hears("Saved")
    world.sim.faults.error(500, "calls", times=2)
    world.mia.calls().says("my son won't wake up, Wren Street")
    world.cleo.answers(within=60).presses("1").meets(world.mia)
    world.passes(30)
    world.mia.hangs_up()
    world.cleo.hears("Is this emergency closed").presses("1").hears("Saved")


def everything_is_texted(world: World) -> None:
    """The same in writing, with an outage in the middle."""
    zoe = world.person(TEXTER, label="Zoe")
    world.sim.faults.error(429, "messages", times=2)
    writes(zoe, "hi", "a kingfisher at twilight", "he won't wake up on Wren Street", "STOP", "START")
    world.dev.answers(within=60).presses("1")
    zoe.answers(within=60).presses("1").meets(world.dev)
    world.passes(5)
    zoe.hangs_up()
    world.dev.hears("Is this emergency closed").presses("1").hears("Saved")
    world.ana.reads("A text needs a person")
    takes(world.ana)
    confirms(world.ana, "DONE")
    writes(world.ana, "call the kingfisher at twilight")
    with locked(world.here):
        world.mia.phone.calls(LINE)
        zoe.phone.texts(LINE, "a kingfisher at twilight again")
        goes_by(world, 5)
        world.mia.phone.says("kingfisher at twilight")
        world.mia.phone.hangs_up()
        goes_by(world, 5)
        journal = b"".join(file.read_bytes() for file in world.here.journal.files())
        assert len(journal) > 500
        assert hits("the journal", journal.decode("latin-1")) == []
    world.passes(10)
    for path, form in (
        ("/twilio/voice", f"From=%2B{MIA[1:]}&SpeechResult=kingfisher"),
        ("/twilio/nowhere", MIA),
    ):
        world.app.test_client().post(path, data=form, content_type="application/x-www-form-urlencoded")
    page = world.app.test_client().get("/sign-in").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    tried = {
        "who": "Zoraida Quillon",
        "password": "kingfisher at twilight",
        "csrf_token": token[1] if token else "",
    }
    world.app.test_client().post("/sign-in", data=tried)


def hits(where: str, text: str) -> list[str]:
    """Which marks are in it."""
    return [f"{canary!r} in {where}" for canary in CANARIES if canary.lower() in text.lower()]


def urls(world: World) -> Iterator[str]:
    """Every address that we have handed out: in TwiML, and by REST."""
    for webhook in world.sim.webhooks:
        yield webhook.url
        for attribute in ("action", "url", "statusCallback", "waitUrl", "partialResultCallback"):
            yield from re.findall(rf'\b{attribute}="([^"]*)"', webhook.body)
        yield from re.findall(r"<Redirect[^>]*>([^<]*)</Redirect>", webhook.body)
    for request in world.sim.rest_requests:
        yield request.path
        for name in ("Url", "StatusCallback", "FallbackUrl"):
            yield from request.params.get(name, [])


def in_redis(server: RedisServer) -> str:
    """Every key, and every value as Redis would write it to disk."""
    with redis.Redis.from_url(server.url) as client:
        keys: list[bytes] = list(client.scan_iter())
        dumped: list[bytes] = [client.dump(key) or b"" for key in keys]
    return b"\n".join([*keys, *dumped]).decode("latin-1")


def kept(here: Wiring) -> list[tuple[str, str]]:
    """What lies in the database: its files, or the server's tables as they are read."""
    url = make_url(here.application.settings.database_url.get_secret_value())
    if url.get_backend_name() == "postgresql":
        with psycopg.connect(url.set(drivername="postgresql").render_as_string(False)) as raw:
            tables = raw.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            return [
                (name, repr(raw.execute(SQL("SELECT * FROM {}").format(Identifier(name))).fetchall()))
                for (name,) in tables
            ]
    path = Path(path_of(here))
    files = list(path.parent.glob(path.name + "*"))
    assert {file.suffix for file in files} >= {".db", ".db-wal"}
    return [(file.suffix, file.read_bytes().decode("latin-1")) for file in files]


def test_nobody_can_be_known_from_what_we_leave_behind(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Logs at DEBUG, Redis and whatever was said to it, metrics, health, addresses, the database's files."""
    caplog.set_level(logging.DEBUG)
    for name in (
        "hotline",
        "workers",
        "rq",
        "twilio",
        "twilio.http_client",
        "sqlalchemy",
        "werkzeug",
        "urllib3",
    ):
        caplog.set_level(logging.DEBUG, logger=name)
    with structlog.testing.capture_logs() as logged, overheard(world.redis) as said:
        everything_happens(world)
        everything_is_texted(world)
        client = world.app.test_client()
        shown = ("/metrics", "/health/ready", "/health/live")
        pages = [client.get(path, headers=ASKS_FOR_METRICS) for path in shown]
    assert all(page.status_code in (200, 503) for page in pages)
    assert "PlaceCall" in repr(logged), "the search itself works"
    assert "rq:queue:urgent" in "".join(said)
    assert any("/twilio/voice/turn/" in url for url in urls(world))
    found = [
        *hits("our logs", "\n".join(map(repr, logged))),
        *hits("others' logs", "\n".join(f"{one.getMessage()} {one.args!r}" for one in caplog.records)),
        *hits("what was said to Redis", "\n".join(said)),
        *hits("Redis", in_redis(world.redis)),
        *hits("metrics and health", "\n".join(page.text for page in pages)),
        *hits("addresses", "\n".join(urls(world))),
    ]
    for name, words in kept(world.here):
        found += hits(name, words)
    assert found == []
