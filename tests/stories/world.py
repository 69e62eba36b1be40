"""The world of a story: the real application, a real database and Redis, a strict Twilio, people with telephones.

Time is moved by hand: each second the clock ticks, and each effect is carried out as soon as the wake-up queue rings,
by the same code as in the workers. Everything happens in this thread, in one order, every time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from typing import Any

import requests
from flask import Flask
from redis import Redis
from rq.serializers import JSONSerializer

from hotline.effects import Urgency
from hotline.model import OutboxId, StaffId
from hotline.operations import roster
from hotline.operations.console import board as boards
from hotline.operations.transaction import Transaction
from hotline.runtime import wake_ups
from hotline.runtime.app import create_app, telephones
from hotline.runtime.wiring import Wiring, open_application
from hotline.settings.load import Settings
from hotline.simulator import Behaviour, Call, HandClock, Simulator, WsgiAdapter, WsgiWeb, rest_app
from hotline.store.database import Database, Keyring
from hotline.store.people import staff
from hotline.store.traffic.outbox import WakeUp
from hotline.telephony.rest import dispatch
from tests.stories.centre import (
    ANA,
    BEN,
    CENTRE,
    CLEO,
    DATA_KEY,
    DEV,
    EVA,
    FAILSAFE,
    LINE,
    MIA,
    PERSON_FIRST,
    RETRY,
    SID,
    SITE,
    STAFF,
    SUE,
    TOKEN,
    settings_for,
)
from tests.stories.idle import Bell, nothing, nothing_due_until
from tests.stories.people import Person
from tests.stories.redis_server import RedisServer
from workers.clock import tick
from workers.hints import Hint, HintQueue

__all__ = [
    "ANA",
    "BEN",
    "CENTRE",
    "CLEO",
    "DEV",
    "EVA",
    "FAILSAFE",
    "LINE",
    "MIA",
    "PERSON_FIRST",
    "SITE",
    "STAFF",
    "SUE",
    "Person",
    "World",
    "build",
    "settings_for",
]

AFTERNOON = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
"""Three o'clock in Boston."""
SLOW_BEAT = timedelta(seconds=10)
"""How often the clock ticks while a story lets minutes go by: a slow clock is late, and must do no other harm."""
PATIENCE = timedelta(seconds=10)
"""How long the application waits for its database: long enough for the busiest of machines."""
SHORT = timedelta(seconds=0.3)
"""The same in stories in which the database is away: every answer in the outage takes so long, in earnest."""
BEAT = timedelta(seconds=3)
"""How often it ticks else. A third as often as in earnest, for the same reason."""
FEW = 2
"""So many idle ticks are not worth a look ahead."""


def _deliver(here: Wiring, outbox_id: OutboxId) -> None:
    dispatch.deliver(here.application, here.carrier, outbox_id)


@dataclass(repr=False)
class World:
    """Everything that a story needs."""

    here: Wiring
    sim: Simulator
    clock: HandClock
    redis: RedisServer
    web: WsgiWeb
    bell: Bell
    between: Callable[[], object] = nothing
    """What befalls the application between any two moments of the story."""
    worker: Callable[[Wiring, OutboxId], object] = _deliver
    """Whoever carries out an effect that a wake-up or the clock names."""
    beat: timedelta = BEAT
    moments: int = 0
    """How many there were so far."""
    _next_tick: datetime | None = None
    _people: dict[str, Person] = field(default_factory=dict)
    _redis_for_wake_ups: Redis | None = None

    @cached_property
    def app(self) -> Flask:
        """All of the web, with staff's pages: put together for the few stories that ask for these."""
        return create_app(self.here)

    # --- people ------------------------------------------------------------------------------------------------

    def person(self, number: str, behaviour: Behaviour = Behaviour.RINGS, **more: Any) -> Person:
        """Whoever has this number."""
        if number not in self._people:
            self._people[number] = Person(self, self.sim.phone(number, behaviour, **more))
        return self._people[number]

    @property
    def mia(self) -> Person:
        """A caller."""
        return self.person(MIA, label="Mia")

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

    @property
    def clinicians(self) -> tuple[Person, ...]:
        return self.cleo, self.dev, self.eva

    @property
    def staff(self) -> tuple[Person, ...]:
        """Everybody who works here."""
        return self.ana, self.ben, *self.clinicians, self.sue

    def phones(self, behaviour: Behaviour, *people: Person, after: float | None = None) -> None:
        """What these telephones do from now on (`after` so many seconds of ringing)."""
        for one in people:
            one.phone.behaviour, one.phone.after = behaviour, after

    # --- time --------------------------------------------------------------------------------------------------

    def passes(self, seconds: float = 0, *, minutes: float = 0) -> World:
        """Let time pass; everything that is due on the way happens at its time."""
        until = self.clock.now + timedelta(seconds=seconds, minutes=minutes)
        pace = SLOW_BEAT if minutes else self.beat
        self._next_tick = self._next_tick or self.clock.now
        while True:
            self.moments += 1
            self.between()
            self._answer_wake_ups()
            due = self.sim.next_due()
            at = min(self._next_tick, due) if due is not None else self._next_tick
            if at > until:
                break
            self.clock.now = max(self.clock.now, at)
            self.sim.run_due(self.clock.now)
            if self.clock.now >= self._next_tick:
                self._next_tick += pace
                next_rung = tick(self.here, self.clock_carries_out)
                end = until if next_rung is None else min(until, next_rung - timedelta(microseconds=1))
                self._next_tick = self._past_idle_ticks(self._next_tick, pace, end)
        self.clock.now = until
        self._next_tick = min(self._next_tick, until + self.beat)
        return self

    def _past_idle_ticks(self, tick_at: datetime, pace: timedelta, end: datetime) -> datetime:
        """The tick at which to go on: the last one until `end`, or until anybody else does anything, if the clock finds
        nothing to do before. Most of an hour's ticks are idle, and cost as much as those that are not."""
        others = self.sim.next_due()
        end = end if others is None else min(end, others)
        idle = (end - tick_at) // pace
        if idle < FEW or self.between is not nothing or self.bell.rung:
            return tick_at
        return tick_at + idle * pace if self.look(partial(nothing_due_until, end=end)) else tick_at

    def leaps(self, *, minutes: float) -> World:
        """So much time is gone all at once; what was due in it is late."""
        self.clock.now += timedelta(minutes=minutes)
        self._next_tick = None
        return self.passes(10)

    def until(self, happened: Callable[[], bool], within: float = 120) -> World:
        """Let time pass until this has happened. Raises AssertionError if it doesn't."""
        for _ in range(int(within * 2)):
            if happened():
                return self
            self.passes(0.5)
        assert happened(), f"it did not happen within {within} s"
        return self

    def _answer_wake_ups(self) -> None:
        """What a worker does: take hints from the queues of the real Redis, and carry out what they name."""
        if not self.redis.is_running:
            self._redis_for_wake_ups = None
            return
        if not self.bell.rung:
            return
        self._redis_for_wake_ups = self._redis_for_wake_ups or Redis.from_url(self.redis.url)
        while (hint := self._next_hint(self._redis_for_wake_ups)) is not None:
            self._carry_out(hint.outbox_id)

    def _next_hint(self, connection: Redis) -> Hint | None:
        """As a worker takes it, who has one queue: the most pressing of those that wait."""
        for urgency in [one for one in Urgency if one in self.bell.rung]:
            queue = HintQueue(urgency.value, connection=connection, serializer=JSONSerializer)
            found = HintQueue.dequeue_any([queue], None, connection=connection)
            if found is not None:
                return found[0]
            self.bell.rung.discard(urgency)
        return None

    def clock_carries_out(self, wake_up: WakeUp) -> None:
        """What the clock does with what nobody has claimed."""
        self._carry_out(wake_up.id)

    def _carry_out(self, outbox_id: OutboxId) -> None:
        self.worker(self.here, outbox_id)

    # --- what can be seen --------------------------------------------------------------------------------------

    def look(self, work: Callable[[Transaction], Any]) -> Any:
        """Read the database."""
        return self.here.application.look(work)

    def board(self, viewer: str = ANA) -> boards.Board:
        """The board, as this member of staff sees it."""
        viewer_id = self.staff_id(viewer)
        found: boards.Board = self.look(lambda transaction: boards.board(transaction, viewer_id))
        return found

    def change(self, work: Callable[[Transaction], Any]) -> Any:
        """What somebody does on the console."""
        return self.here.application.change(work)

    def staff_id(self, number: str) -> StaffId:
        """The id of whoever has this telephone."""
        found: StaffId = self.look(
            lambda transaction: next(
                one.id for one in staff.everyone(transaction.tx) if one.phone.e164 == number
            )
        )
        return found

    def calls_to(self, number: str) -> list[Call]:
        """Every call that was placed to this number."""
        return [call for call in self.sim.calls if call.to == number and call.direction != "inbound"]

    def texts_to(self, number: str) -> list[str]:
        """Every text that was sent to this number."""
        return [message.body for message in self.sim.messages if message.to == number]


def has_number(sim: Simulator, number: str) -> None:
    """A number of ours at the carrier, which points here as the README says."""
    sim.number(
        number,
        voice_url=f"{SITE}/twilio/voice{RETRY}",
        voice_fallback_url=f"{SITE}/twilio/voice/fallback",
        status_callback=f"{SITE}/twilio/voice/status{RETRY}",
        sms_url=f"{SITE}/twilio/sms{RETRY}",
    )


def with_staff(address: str) -> None:
    """Put the usual staff into an empty database, as they are loaded at the usual time."""
    database = Database(address, Keyring((DATA_KEY,)), PATIENCE)
    database.transact(lambda tx: roster.load(tx, STAFF, AFTERNOON))
    database.dispose()


def _story_time(clock: HandClock) -> float:
    """Seconds since the story began."""
    return (clock() - AFTERNOON).total_seconds()


def build(
    settings: Settings,
    server: RedisServer,
    document: dict[str, Any] | None = None,
    now: datetime = AFTERNOON,
    patience: timedelta = PATIENCE,
    database: Database | None = None,
) -> World:
    """A world with this staff, at this time, which waits so long for its database; `database` is one that is open.

    The usual staff, at the usual time, are in it already: see `with_staff`.
    """
    clock = HandClock(now)
    session = requests.Session()
    session.trust_env = False  # no proxy of this machine's is asked about, which took as long as the request
    bell = Bell(wake_ups.RedisWakeUps(wake_ups.connect(server.url), partial(_story_time, clock)))
    here = open_application(
        settings, patience=patience, wake_ups=bell, clock=clock, session=session, database=database
    )
    web = WsgiWeb(telephones(here))
    sim = Simulator(SID, TOKEN, clock, web)
    sim.exchange.calls_per_second = 1000
    rest = WsgiAdapter(rest_app(sim))
    session.mount("https://api.twilio.com", rest)
    session.mount("https://mms.twiliocdn.com", rest)
    for number in settings.centre.line.numbers:
        has_number(sim, number.e164)
    staffed = document or STAFF
    if document is not None or now != AFTERNOON:
        here.application.database.transact(lambda tx: roster.load(tx, staffed, clock()))
    for member in staffed["staff"]:
        sim.phone(member["phone"], label=member["name"])
    sim.phone(FAILSAFE, label="the failsafe")
    return World(here, sim, clock, server, web, bell)
