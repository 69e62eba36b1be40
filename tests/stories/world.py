"""The world of a story: the real application, a real database and Redis, a strict Twilio, people with telephones.

Time is moved by hand: each second the clock ticks, and each effect is carried out as soon as the doorbell rings, by
the same code as in the workers. Everything happens in this thread, in one order, every time.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import redis
import requests
from flask import Flask
from rq import Queue
from rq.serializers import JSONSerializer

from hotline import doorbell
from hotline.app import create_app
from hotline.effects import Urgency
from hotline.model import OutboxId
from hotline.opening import Opened, open_house
from hotline.operations import board as boards
from hotline.operations import roster
from hotline.operations.house import Desk
from hotline.settings import Settings, load_settings
from hotline.simulator import Behaviour, HandClock, Heard, Phone, Simulator, WsgiAdapter, WsgiWeb, rest_app
from hotline.store import staff
from hotline.telephony import dispatch
from tests.stories.redis_server import RedisServer
from workers.clock import tick

LINE = "+16175550100"
FAILSAFE = "+16175550999"
SITE = "https://hotline.example"
SID, TOKEN = "AC" + "0" * 32, "the-auth-token"
RETRY = "#ct=2000&rt=4000&rc=2&rp=all"

ANA, BEN = "+16175550101", "+16175550102"
CLEO, DEV, EVA = "+16175550103", "+16175550104", "+16175550105"
SUE = "+16175550106"

STAFF: dict[str, Any] = {
    "staff": [
        {"name": name, "phone": phone, "verified": True, "roles": roles, "languages": ["en"]}
        for name, phone, roles in (
            ("Ana Lima", ANA, ["coordinator"]),
            ("Ben Ortiz", BEN, ["coordinator"]),
            ("Cleo Park", CLEO, ["clinician"]),
            ("Dev Rao", DEV, ["clinician"]),
            ("Eva Stone", EVA, ["clinician"]),
            ("Sue Hall", SUE, ["supervisor"]),
        )
    ],
    "schedule": [
        {"name": "coordinators", "timezone": "America/New_York", "always": ["Ana Lima", "Ben Ortiz"]},
        {"name": "clinicians", "timezone": "America/New_York", "always": ["Cleo Park", "Dev Rao", "Eva Stone"]},
        {"name": "supervisors", "timezone": "America/New_York", "always": ["Sue Hall"]},
    ],
}

CENTRE = f"""
[line]
name = "Care Line"
numbers = ["{LINE}"]
failsafe_number = "{FAILSAFE}"
"""


@dataclass
class Person:
    """Somebody with a telephone, in the words of a story."""

    world: World
    phone: Phone

    def calls(self, **how: Any) -> Person:
        """Call the hotline, and listen."""
        self.phone.calls(LINE, **how)
        self.world.passes(1)
        return self

    def presses(self, keys: str) -> Person:
        """Press keys, and wait a moment."""
        self.phone.presses(keys)
        self.world.passes(0.5)
        return self

    def says(self, words: str, confidence: float = 0.9) -> Person:
        """Say something."""
        self.phone.says(words, confidence)
        self.world.passes(0.5)
        return self

    def answers(self) -> Person:
        """Pick up the ringing telephone."""
        assert self.phone.ringing, f"{self.phone.label}'s phone does not ring"
        self.phone.answer()
        self.world.passes(1)
        return self

    def hangs_up(self) -> Person:
        """End the call."""
        self.phone.hangs_up()
        self.world.passes(0.5)
        return self

    def texts(self, body: str) -> Person:
        """Text the hotline."""
        self.phone.texts(LINE, body)
        self.world.passes(1)
        return self

    def hears(self, words: str, within: float = 30) -> Person:
        """These words are (or within so many seconds will be) spoken to them; whatever came before is forgotten."""
        since = self._heard_from
        heard: list[Heard] = []
        for _ in range(int(within * 2) + 1):
            heard = self.phone.heard[since:]
            for index, one in enumerate(heard):
                if words.lower() in one.text.lower():
                    self._heard_from = since + index
                    return self
            self.world.passes(0.5)
        raise AssertionError(f"{self.phone.label} did not hear {words!r} but {[h.text for h in heard]}")

    _heard_from: int = 0

    def has_heard(self, words: str) -> bool:
        """Whether these words were ever spoken to them."""
        return any(words.lower() in one.text.lower() for one in self.phone.heard)

    def reads(self, words: str) -> Person:
        """A text with these words has come."""
        assert any(words.lower() in one.body.lower() for one in self.phone.inbox), self.phone.inbox
        return self

    @property
    def last_text(self) -> str:
        """The newest text that came."""
        return self.phone.inbox[-1].body

    @property
    def rings(self) -> bool:
        return self.phone.ringing

    def talks_with(self, *others: Person) -> bool:
        """Whether they hear each other, and nobody else."""
        return self.phone.talking_with == {other.phone.number for other in others}


@dataclass
class World:
    """Everything that a story needs."""

    here: Opened
    app: Flask
    sim: Simulator
    clock: HandClock
    redis: RedisServer
    web: WsgiWeb
    between: Callable[[], None] = lambda: None
    """What befalls the house between any two moments of the story."""
    _next_tick: datetime | None = None
    _people: dict[str, Person] = field(default_factory=dict)

    # --- people ------------------------------------------------------------------------------------------------

    def person(self, number: str, behaviour: Behaviour = Behaviour.RINGS, **more: Any) -> Person:
        """Whoever has this number."""
        if number not in self._people:
            self._people[number] = Person(self, self.sim.phone(number, behaviour, **more))
        return self._people[number]

    @property
    def mia(self) -> Person:
        """A caller."""
        return self.person("+16175550142", label="Mia")

    @property
    def ana(self) -> Person:
        return self.person(ANA)

    @property
    def ben(self) -> Person:
        return self.person(BEN)

    @property
    def cleo(self) -> Person:
        return self.person(CLEO)

    @property
    def dev(self) -> Person:
        return self.person(DEV)

    @property
    def eva(self) -> Person:
        return self.person(EVA)

    @property
    def sue(self) -> Person:
        return self.person(SUE)

    @property
    def failsafe(self) -> Person:
        return self.person(FAILSAFE)

    def phones(self, behaviour: Behaviour, *people: Person) -> None:
        """What these telephones do from now on."""
        for one in people:
            one.phone.behaviour = behaviour

    # --- time --------------------------------------------------------------------------------------------------

    def passes(self, seconds: float = 0, *, minutes: float = 0) -> World:
        """Let time pass; everything that is due on the way happens at its time."""
        until = self.clock.now + timedelta(seconds=seconds, minutes=minutes)
        self._next_tick = self._next_tick or self.clock.now
        while True:
            self._answer_the_bell()
            due = self.sim.next_due()
            at = min(self._next_tick, due) if due is not None else self._next_tick
            if at > until:
                break
            self.clock.now = max(self.clock.now, at)
            self.between()
            self.sim.run_due(self.clock.now)
            if self.clock.now >= self._next_tick:
                self._next_tick += timedelta(seconds=1)
                tick(self.here, self._carry_out)
        self.clock.now = until
        return self

    def until(self, happened: Callable[[], bool], within: float = 120) -> World:
        """Let time pass until this has happened. Raises AssertionError if it doesn't."""
        for _ in range(int(within * 2)):
            if happened():
                return self
            self.passes(0.5)
        raise AssertionError(f"it did not happen within {within} s")

    def _answer_the_bell(self) -> None:
        """What an RQ worker does: take a hint from a queue of the real Redis, and carry out what it names."""
        if not self.redis.is_running:
            return
        connection = redis.Redis.from_url(self.redis.url)
        queues = [doorbell.queue(urgency, connection) for urgency in Urgency]
        while found := Queue.dequeue_any(queues, None, connection=connection, serializer=JSONSerializer):
            job, _ = found
            assert job.func_name == doorbell.JOB
            self._carry_out(OutboxId(job.args[0]))
            job.delete()
        connection.close()

    def _carry_out(self, outbox_id: OutboxId) -> None:
        dispatch.deliver(self.here.house, self.here.carrier, outbox_id)

    # --- what can be seen --------------------------------------------------------------------------------------

    def look(self, work: Callable[[Desk], Any]) -> Any:
        """Read the database."""
        return self.here.house.look(work)

    def board(self, viewer: str = ANA) -> boards.Board:
        """The board, as this member of staff sees it."""

        def read(desk: Desk) -> boards.Board:
            member = next(one for one in staff.everyone(desk.tx) if one.phone.e164 == viewer)
            return boards.board(desk, member.id)

        found: boards.Board = self.look(read)
        return found

    def change(self, work: Callable[[Desk], Any]) -> Any:
        """What somebody does on the console."""
        return self.here.house.change(work)

    def staff_id(self, number: str) -> Any:
        """The id of whoever has this telephone."""
        return self.look(
            lambda desk: next(one.id for one in staff.everyone(desk.tx) if one.phone.e164 == number)
        )

    def calls_to(self, number: str) -> list[Any]:
        """Every call that was placed to this number."""
        return [call for call in self.sim.calls if call.to == number and call.direction != "inbound"]


def settings_for(home: Path, database: str, redis_url: str, centre: str = CENTRE) -> Settings:
    """The settings of a story's house."""
    config = home / "hotline.toml"
    config.write_text(centre)
    return load_settings(
        {
            "TWILIO_ACCOUNT_SID": SID,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "PUBLIC_BASE_URL": SITE,
            "DATABASE_URL": database,
            "REDIS_URL": redis_url,
            "HOTLINE_HOME": str(home),
            "HOTLINE_CONFIG": str(config),
            "HOTLINE_DATA_KEY": base64.b64encode(b"k" * 32).decode(),
            "SECRET_KEY": "s" * 48,
        }
    )


def build(settings: Settings, server: RedisServer, document: dict[str, Any] | None = None) -> World:
    """A world with this staff, at three in the afternoon in Boston."""
    clock = HandClock(datetime(2026, 3, 2, 20, 0, tzinfo=UTC))
    session = requests.Session()
    here = open_house(settings, patience=timedelta(seconds=0.3), clock=clock, session=session)
    app = create_app(here)
    web = WsgiWeb(app)
    sim = Simulator(SID, TOKEN, clock, web)
    sim.exchange.calls_per_second = 1000
    session.mount("https://api.twilio.com", WsgiAdapter(rest_app(sim)))
    sim.number(
        LINE,
        voice_url=f"{SITE}/twilio/voice{RETRY}",
        voice_fallback_url=f"{SITE}/twilio/voice/fallback",
        status_callback=f"{SITE}/twilio/voice/status{RETRY}",
        sms_url=f"{SITE}/twilio/sms{RETRY}",
    )
    staffed = document or STAFF
    here.house.database.transact(lambda tx: roster.load(tx, staffed, clock()))
    for member in staffed["staff"]:
        sim.phone(member["phone"], label=member["name"])
    sim.phone(FAILSAFE, label="the failsafe")
    return World(here, app, sim, clock, server, web)
