"""`python -m bench.lateness`: how late rungs are acted upon while 10,000 are open, on SQLite and PostgreSQL.

Every open emergency has pages that wait until somebody's phone is free, as in the worst night. Then BENCH_DUE rungs are
due in the same instant, and the clock's beat is timed: until the last of them is committed, and as the processor's
time of this process. An idle beat, with nothing due, stands beside it. BENCH_OPEN: how many are open.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import Engine, event, update

from hotline.model import EscalationId, How, Language, Line, PageId, RoomName, StaffId, Subject
from hotline.oncall.escalation import open_escalation
from hotline.oncall.policy import default_policy
from hotline.operations import every_second, roster
from hotline.operations.transaction import Application
from hotline.prompts import load
from hotline.settings.load import load_settings
from hotline.store.cases import escalations, pages
from hotline.store.cases.escalations import EscalationRow
from hotline.store.cases.pages import PageRow, PageState
from hotline.store.database import Database, Keyring, Tx
from hotline.store.database.tables import escalations as escalations_table
from hotline.store.people import staff
from hotline.store.traffic.outbox import WakeUp
from tests import databases
from tests.settings.examples import good_environment

OPEN = int(os.environ.get("BENCH_OPEN", "10000"))
DUE = int(os.environ.get("BENCH_DUE", "100"))
CLINICIANS = 6
ROUNDS = 5
_DAY = timedelta(days=1)
_STAFF = {
    "staff": [
        {"name": f"Clinician {n}", "phone": f"+1617555{200 + n:04}", "verified": True, "roles": ["clinician"]}
        for n in range(CLINICIANS)
    ],
    "schedule": [
        {
            "name": "clinicians",
            "timezone": "America/New_York",
            "always": [f"Clinician {n}" for n in range(CLINICIANS)],
        }
    ],
}


class _Quiet:
    """Rings nothing: no worker is there."""

    is_quiet = False

    def ring(self, waiting: Sequence[WakeUp]) -> None:
        """Nothing."""


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def _opened(address: str, directory: Path) -> Iterator[Application]:
    settings = load_settings(good_environment(directory))
    database = Database(address, Keyring((b"b" * 32,)), timedelta(seconds=10))
    prompts = load(settings.centre.line.languages, {"NAME": "Hotline", "NUMBER": "617-555-0100"})
    yield Application(settings, database, prompts, _Quiet(), _now)
    database.dispose()


def _fill(application: Application) -> None:
    """Everybody on call is rung for one of the open emergencies, and all the others wait until they are free."""
    application.change(lambda transaction: roster.load(transaction.tx, _STAFF, transaction.now))
    people = application.look(lambda transaction: [one.id for one in staff.active(transaction.tx)])
    for start in range(0, OPEN, 500):
        numbers = range(start, min(start + 500, OPEN))
        application.database.transact(lambda tx, those=numbers: _add(tx, those, people))


def _add(tx: Tx, numbers: Sequence[int], people: Sequence[StaffId]) -> None:
    began = _now() - timedelta(minutes=5)
    policy = default_policy(Subject.EMERGENCY, pause=timedelta(seconds=30), read_within=timedelta(minutes=2))
    for n in numbers:
        rule = replace(open_escalation(EscalationId(f"e{n}"), policy, began), rung=0, next_at=began + _DAY)
        row = EscalationRow(rule, RoomName(f"r{n}"), Language.EN, Line.EMERGENCY)
        escalations.add(tx, row)
        for turn in (n, n + 7):
            person = people[turn % len(people)]
            state = PageState.PLACED if n < len(people) and turn == n else PageState.COVERED
            page = PageRow(
                PageId(f"p{n}-{turn}"), rule.id, person, How.CALL, f"{n:05}"[-5:], began, state, pressing=True
            )
            pages.add(tx, page)


def _falls_due(application: Application, first: int) -> datetime:
    at = _now()

    def work(tx: Tx) -> None:
        ids = [f"e{n}" for n in range(first, first + DUE)]
        tx.execute(update(escalations_table).where(escalations_table.c.id.in_(ids)).values(next_at=at))

    application.database.transact(work)
    return at


def _measured(application: Application) -> tuple[float, float, float, int]:
    """The worst of a due rung, the processor's part of it, an idle beat (seconds), and statements for each rung."""
    statements = 0

    def count(*_: object) -> None:
        nonlocal statements
        statements += 1

    event.listen(Engine, "before_cursor_execute", count)
    every_second.beat(application, at_start=False)
    late, busy, idle = [], [], []
    for n in range(ROUNDS):
        began = time.perf_counter()
        every_second.beat(application)
        idle.append(time.perf_counter() - began)
        _falls_due(application, CLINICIANS + n * DUE)
        statements = 0
        began, processor = time.perf_counter(), time.process_time()
        every_second.beat(application)
        late.append(time.perf_counter() - began)
        busy.append(time.process_time() - processor)
    return median(late), median(busy), median(idle), statements // DUE


def main() -> None:
    """Print a table."""
    print(f"{OPEN} open, {DUE} due at once; machine load {os.getloadavg()[0]:.1f}")
    for name in ("sqlite", "postgresql"):
        if len(sys.argv) > 1 and name not in sys.argv[1:]:
            continue
        with tempfile.TemporaryDirectory() as kept:
            home = Path(kept)
            address = databases.sqlite_at(home / "late.db") if name == "sqlite" else databases.postgresql()
            with _opened(address, home) as application:
                _fill(application)
                late, busy, idle, statements = _measured(application)
            if name == "postgresql":
                databases.drop(address)
        print(
            f"{name:11} all acted after {late:.2f} s (processor {busy:.2f} s), idle beat {idle * 1000:.0f} ms, "
            f"{statements} statements a rung"
        )


if __name__ == "__main__":
    main()
