"""A chaotic day: everything is started, contacts come in, things go wrong, then all of it settles."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from hotline import paths
from hotline.runtime.wiring import open_application
from hotline.simulator import HttpWeb, Phone, Served, Simulator, wall_clock
from hotline.store.database import StoreError
from tests.chaos import callers, staff, weather
from tests.chaos.application import Application, free_port
from tests.chaos.board import Board
from tests.chaos.centre import (
    CENTRE,
    CLINICIANS,
    COORDINATORS,
    FAILSAFE,
    LINE,
    RETRY,
    SID,
    SUPERVISORS,
    TOKEN,
    staffed,
)
from tests.chaos.front import Front
from tests.chaos.people import Mood, Person, watch
from tests.chaos.servers import Postgres, host_of_its_own, whichever_writes
from tests.chaos.stage import Script, Stage

"""The file that says how far clocks are off."""
_BIN = "https://bin.example/failsafe"
"""Where the carrier answers calls by itself when nothing of ours does."""


@dataclass(frozen=True)
class Plan:
    """What kind of day it is. Times in seconds."""

    contacts: int = 1000
    per_minute: float = 60.0
    seed: int = 1
    postgresql: bool = False
    fault_every: float | None = 1.5
    kill_every: float | None = 20.0
    board_every: float | None = 3.0
    lingers: float = 15.0
    """How long things go on going wrong after the last contact has come."""
    settles_within: float = 180.0
    """Seconds in which, after the last contact, something must have become less: a queue that is served is no fault."""
    settles_at_most: float = 3600.0
    coordinators: int = 24
    clinicians: int = 12
    """Enough for so many contacts: who waits for hours for want of people is no fault of the application's."""
    kinds: tuple[str, ...] = ()
    """Only these kinds of contact; all of them if empty."""
    centre: str = CENTRE
    machines: int = 1
    """Several share a PostgreSQL, which has a standby, and a Redis; the carrier asks them in turns."""
    webs: int = 2
    """Web processes on each machine."""
    machine_dies_every: float | None = 40.0
    """Of several: everything on it at once, for some seconds."""
    stops_every: float | None = 180.0
    """All of it at once, Redis and every machine, for some seconds."""
    redis_suffers_every: float | None = 30.0
    """Flushed, full, or standing still."""
    database_suffers_every: float | None = 45.0
    """SQLite: locked by somebody else, or the disk full. PostgreSQL by itself: locked, or dead."""
    fails_over: bool = True
    """Once, in the middle of the day: PostgreSQL's first server dies, the standby takes over."""


@dataclass
class Day:
    """Everything that there is on this day."""

    plan: Plan
    application: Application
    sim: Simulator
    stage: Stage
    board: Board
    left: Callable[[Day], list[str]]
    """What is still to be done."""
    postgres: Sequence[Postgres]
    """Its servers, the first one first."""
    front: Front
    """What stands before several machines."""
    mood: Mood = field(default_factory=Mood)
    people: dict[str, Person] = field(default_factory=dict)
    callers: list[Person] = field(default_factory=list)
    happened: list[tuple[datetime, str]] = field(default_factory=list)
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    calm_since: datetime | None = None

    def notes(self, what: str) -> None:
        """Something befell the whole day."""
        self.happened.append((datetime.now(UTC), what))

    def person(self, number: str, dice: Random, kind: str) -> Person:
        """Somebody with this telephone."""
        phone: Phone = self.sim.phone(number)
        one = Person(phone, dice, self.mood, kind)
        self.people[number] = one
        return one

    def run(self, told: Callable[[str], None] = lambda _: None) -> None:
        """Let it happen, and settle."""
        self._staff()
        plan = self.plan
        dice = Random(plan.seed)
        for script in self._weather():
            self.stage.begin(self._while_wild(script))
        if plan.board_every is not None:
            self.stage.begin(
                self._while_wild(
                    weather.coordinators(
                        self.board, plan.board_every, Random(f"{plan.seed}/board"), self.notes
                    )
                )
            )
        self.stage.begin(self._arrivals(dice))
        ends = plan.contacts / plan.per_minute * 60
        self._waits(ends, told)
        # On a busy machine they come later than planned, and it isn't calm before the last one has come.
        late = time.monotonic() + ends
        while len(self.callers) < plan.contacts and time.monotonic() < late:
            self._waits(1, told)
        self._waits(plan.lingers, told)
        self.calm(told)

    def _weather(self) -> Iterator[Script]:
        plan = self.plan
        if plan.fault_every is not None:
            yield weather.carrier(
                self.sim.faults, Random(f"{plan.seed}/carrier"), plan.fault_every, self.notes
            )
        if plan.kill_every is not None:
            yield weather.kills(self.application, Random(f"{plan.seed}/kills"), plan.kill_every, self.notes)
        if plan.stops_every is not None:
            yield weather.all_of_it_stops(
                self.application, Random(f"{plan.seed}/stops"), plan.stops_every, self.notes
            )
        if plan.redis_suffers_every is not None:
            dice = Random(f"{plan.seed}/redis")
            yield weather.redis_suffers(self.application, dice, plan.redis_suffers_every, self.notes)
        if plan.machines == 1:
            yield from self._database_suffers()
            return
        if plan.machine_dies_every is not None:
            dice = Random(f"{plan.seed}/machines")
            yield weather.machines_die(self.application, dice, plan.machine_dies_every, self.notes)
        if plan.fails_over:
            halfway = plan.contacts / plan.per_minute * 30
            primary, standby = self.postgres
            yield weather.failover(primary, standby, halfway, self.notes)

    def _database_suffers(self) -> Iterator[Script]:
        every, dice = self.plan.database_suffers_every, Random(f"{self.plan.seed}/database")
        if every is None:
            return
        if self.postgres:
            yield weather.server_suffers(self.postgres[0], dice, every, self.notes)
        else:
            file = self.application.home / "hotline.db"
            yield weather.file_suffers(self.application, file, dice, every, self.notes)

    def calm(self, told: Callable[[str], None] = lambda _: None) -> None:
        """Nothing goes wrong any more, everybody does as they are asked; until nothing is left to be done."""
        self.mood.wild = False
        self.sim.faults.clear()
        self.application.returns()
        self.calm_since = datetime.now(UTC)
        self.notes("calm from here on")
        began = least_at = time.monotonic()
        least, quiet = 10**9, 0
        # Who looks at thousands of them every few seconds takes from what is looked at.
        between = max(3.0, self.plan.contacts / 200)
        while quiet < 3 and time.monotonic() < min(
            began + self.plan.settles_at_most, least_at + self.plan.settles_within
        ):
            self._waits(between, told)
            try:
                self.board.tidies_up()
                left = len(self.left(self))
            except StoreError as error:  # a busy machine, or a server that starts: it is looked at again
                self.notes(f"board: {type(error).__name__}")
                quiet = 0
                continue
            quiet = quiet + 1 if not left and self._all_calls_are_over() else 0
            if left < least:
                least, least_at = left, time.monotonic()
        self.notes("quiet" if quiet else "not quiet in time")

    def _all_calls_are_over(self) -> bool:
        return all(call.over for call in self.sim.calls[-400:])

    def _waits(self, seconds: float, told: Callable[[str], None]) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(min(1.0, max(0.0, until - time.monotonic())))
            told(
                f"{len(self.callers)} contacts, {sum(not call.over for call in self.sim.calls[-300:])} calls live"
            )

    def _while_wild(self, script: Script) -> Script:
        """In steps, so that all of it is over a second after it is calm."""
        for wait in script:
            for step in (*[1.0] * int(wait), wait % 1.0):
                yield step
                if not self.mood.wild:
                    script.close()
                    return

    def _staff(self) -> None:
        crew = (*COORDINATORS[: self.plan.coordinators], *CLINICIANS[: self.plan.clinicians])
        for number in (*crew, *SUPERVISORS):
            one = self.person(number, Random(f"{self.plan.seed}/{number}"), "staff")
            self.stage.begin(staff.works(one))
            self.stage.begin(staff.reads_texts(one))
        self.stage.begin(staff.last_resort(self.person(FAILSAFE, Random(0), "failsafe")))
        self.stage.begin(watch(self.people))

    def _arrivals(self, dice: Random) -> Script:
        known = {
            name: kind
            for name, kind in callers.KINDS.items()
            if not self.plan.kinds or name in self.plan.kinds
        }
        names, weights = list(known), [weight for _, weight in known.values()]
        for number in range(self.plan.contacts):
            kind = dice.choices(names, weights)[0]
            own = Random(f"{self.plan.seed}/{number}")
            one = self.person(f"+1781{2000000 + number:07d}", own, kind)
            self.callers.append(one)
            self.stage.begin(known[kind][0](one))
            self.stage.begin(callers.answers(one))
            yield dice.expovariate(self.plan.per_minute / 60)


@contextmanager
def running(plan: Plan, left: Callable[[Day], list[str]], home: Path | None = None) -> Iterator[Day]:
    """A day whose house is ready; everything is stopped afterwards."""
    with ExitStack() as stack:
        folder = home or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ch")))
        database, postgres = f"sqlite:///{folder / 'h' / 'hotline.db'}", list[Postgres]()
        if plan.machines > 1:
            for host in (host_of_its_own(), host_of_its_own()):
                postgres.append(Postgres.standby_of(postgres[0], host) if postgres else Postgres.start(host))
                stack.callback(postgres[-1].close, folder / f"postgresql{len(postgres)}.log")
            postgres[0].waits_for(postgres[1])
            database = whichever_writes(postgres, "postgres")
        elif plan.postgresql:
            postgres.append(Postgres.start())
            stack.callback(postgres[0].close, folder / "postgresql.log")
            database = postgres[0].address()
        front = Front()
        sim = Simulator(SID, TOKEN, wall_clock, HttpWeb() if plan.machines == 1 else front)
        sim.exchange.calls_per_second = 100
        served = stack.enter_context(Served(sim, port=free_port()))
        (folder / "h").mkdir(exist_ok=True)
        application = Application(
            folder / "h",
            database,
            served.url,
            plan.centre,
            staffed(plan.coordinators, plan.clinicians),
            plan.machines,
            plan.webs,
        )
        stack.callback(application.stop)
        front.machines, front.base = application.machines, application.base
        sim.bin(_BIN, f"<Response><Dial><Number>{FAILSAFE}</Number></Dial></Response>")
        sim.number(
            LINE,
            voice_url=application.base + paths.VOICE + RETRY,
            voice_fallback_url=_BIN,
            status_callback=application.base + paths.VOICE_STATUS + RETRY,
            sms_url=application.base + paths.SMS + RETRY,
        )
        application.start()
        stage = stack.enter_context(Stage())
        opened = open_application(application.settings)
        stack.callback(opened.application.database.dispose)
        yield Day(
            plan,
            application,
            sim,
            stage,
            Board(opened.application, Random(f"{plan.seed}/desk")),
            left,
            postgres,
            front,
        )
