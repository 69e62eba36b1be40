"""What befalls the day: the carrier's faults, and processes that are killed."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from hotline.simulator import Faults
from tests.chaos.application import Application
from tests.chaos.servers import Postgres
from tests.chaos.stage import Script

Notes = Callable[[str], None]
_STATUS = ("status", "sms-status", "machine", "conference")


def carrier(faults: Faults, dice: Random, every: float, notes: Notes) -> Script:
    """A fault at the carrier every so many seconds; status news are late and out of order all the time."""
    faults.reorder(dice.randrange(1 << 30), spread=2.0)
    befalls: tuple[tuple[str, Callable[[], None], int], ...] = (
        ("a create is refused: 500", lambda: faults.error(500, times=1), 2),
        ("a create is refused: 503", lambda: faults.error(503, times=1), 2),
        ("a create is refused: 429", lambda: faults.error(429, times=2), 2),
        ("a create happens, and is answered 500", lambda: faults.error(500, times=1, created=True), 2),
        ("a connection breaks before the create", lambda: faults.drop_before(times=1), 2),
        ("a connection breaks after the create", lambda: faults.drop_after(times=1), 3),
        ("a create is answered late", lambda: faults.delay(dice.uniform(1, 4), times=1), 3),
        ("a create happens, and is never answered", lambda: faults.time_out_after(times=1), 1),
        ("a webhook comes twice at once", lambda: faults.duplicate(1), 4),
        ("a voice webhook comes again later", lambda: faults.duplicate_later(dice.uniform(1, 8), "voice"), 3),
        ("a text comes again later", lambda: faults.duplicate_later(dice.uniform(1, 8), "sms"), 2),
        ("status news come again later", lambda: faults.duplicate_later(dice.uniform(1, 8), "status"), 3),
        ("status news are lost", lambda: faults.lose("status"), 4),
        ("news of a text are lost", lambda: faults.lose("sms-status"), 2),
        ("a voice webhook is lost", lambda: faults.lose("voice"), 1),
        ("an answer comes too late", lambda: faults.late("voice"), 2),
        ("a webhook finds no connection", faults.unreachable, 3),
    )
    names, weights = [one[0] for one in befalls], [one[2] for one in befalls]
    acts = {name: act for name, act, _ in befalls}
    while True:
        yield dice.expovariate(1 / every)
        name = dice.choices(names, weights)[0]
        acts[name]()
        notes(f"carrier: {name}")


def kills(application: Application, dice: Random, every: float, notes: Notes) -> Script:
    """A process is killed every so many seconds."""
    while True:
        yield dice.uniform(0.5 * every, 1.5 * every)
        name = dice.choice(tuple(application.kept))
        notes(f"killed: {name}")
        application.kill(name)


def machines_die(application: Application, dice: Random, every: float, notes: Notes) -> Script:
    """Everything on one machine of several is killed every so many seconds, and is gone for a while. Never on all."""
    while True:
        yield dice.uniform(0.5 * every, 1.5 * every)
        machine = dice.choice(application.machines)
        notes(f"machine {machine.name} dies")
        machine.dies()
        yield dice.uniform(3, 20)
        notes(f"machine {machine.name} is back")
        machine.returns()


def failover(primary: Postgres, standby: Postgres, after: float, notes: Notes) -> Script:
    """After so many seconds the first server is killed, and a moment later the second one takes over."""
    yield after
    notes("PostgreSQL's first server dies")
    primary.kill()
    yield 1.5
    standby.control("promote")
    notes("PostgreSQL's standby has taken over")


def coordinators(board: Callable[[], str | None], every: float, dice: Random, notes: Notes) -> Script:
    """Somebody does something on the board every so many seconds."""
    while True:
        yield dice.expovariate(1 / every)
        if (done := board()) is not None:
            notes(f"board: {done}")
