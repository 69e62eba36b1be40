"""`make bench-reports`: what each page of the reports costs after a million calls in a year, on both databases.

The year is the one of `bench.measures`, with intakes, referrals, escalations and pages beside the calls, in about the
numbers that a busy line has. Each page counts a week, four weeks and a quarter, beside the period before each; every
figure is the middle one of some runs. BENCH_CALLS: how many calls.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Table

from bench import measures
from bench.in_bulk import KEYS, Write, filled
from hotline.console.reports.told import sections
from hotline.console.reports.told.sections import Reader
from hotline.model import Line, Outcome, StaffId, Subject, TimelineWord
from hotline.operations.reports import report_period
from hotline.operations.reports.enough_people import Aim
from hotline.operations.transaction import Application
from hotline.prompts import load
from hotline.settings.load import load_settings
from hotline.store.database import Database
from hotline.store.database.tables import contacts, escalations, intakes, pages, referrals, staff, timeline
from tests.settings.examples import good_environment

AGAIN = 5
ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 2, 27, 20, 0, tzinfo=UTC)
PEOPLE = tuple(f"s{n}" for n in range(20))
_MINUTE = 60_000_000
_LATER = 1_000_000_000
"""Above the numbers of the timeline's lines that there are already."""


class _Nobody:
    """Rings nothing."""

    is_quiet = False

    def ring(self, waiting: object) -> None:
        """Nobody comes."""


def _beside(opened: int, contact: str, n: int) -> Iterator[tuple[Table, dict[str, Any]]]:
    """What hangs on one call of those that hold or are promised a callback."""
    person, taken = PEOPLE[n % len(PEOPLE)], opened + (n % 50) * 1_000_000
    escalation = {
        "id": f"e{n:019x}",
        "subject": (Subject.ADMISSIONS if n % 10 else Subject.EMERGENCY).value,
        "contact_id": contact,
        "room": contact,
        "policy": "{}",
        "status": "closed",
        "rung": n % 7 // 5,
        "round": 0,
        "opened_at": opened,
        "accepted_by": person,
        "accepted_at": taken,
        "queue": "[]",
        "ringing": "[]",
        "passed_over": "[]",
        "nobody": False,
        "coming": "[]",
        "line": (Line.ADMISSIONS if n % 10 else Line.EMERGENCY).value,
        "language": "en",
        "closed_at": taken + 10 * _MINUTE,
        "version": 4,
        "knows": "[]",
    }
    yield escalations, escalation
    took = {"escalation_id": escalation["id"], "at": taken, "what": TimelineWord.ACCEPTED.value}
    yield timeline, {**took, "contact_id": contact, "by_staff": person}
    for which in range(2):
        page = {
            "id": f"p{n:018x}{which}",
            "escalation_id": escalation["id"],
            "staff_id": PEOPLE[(n + which) % len(PEOPLE)],
            "how": "call",
            "state": "unreached" if which else "accepted",
            "reference": "4711",
            "purpose": "join",
            "pressing": False,
            "placed_at": opened,
            "sent_at": opened + 1_000_000,
            "answered_at": None if which else taken,
            "ended_at": taken + 10 * _MINUTE,
            "version": 3,
        }
        yield pages, page
    if n % 6 == 0:
        starts = opened + (20 + n % 60) * 60 * _MINUTE
        intake = {
            "id": f"i{n:019x}",
            "contact_id": contact,
            "asked_at": opened,
            "booked_at": opened + 5 * _MINUTE,
            "booked_by": person,
            "starts_at": starts,
            "state": ("came", "came", "missed")[n % 3],
            "marked_at": starts + 24 * 60 * _MINUTE,
            "version": 2,
        }
        yield intakes, intake
    if n % 9 == 0:
        sent = {
            "id": f"r{n:019x}",
            "contact_id": contact,
            "outcome": Outcome.NOT_ADMITTED.value,
            "reason": "no_bed",
            "to_whom": KEYS.seal("A detox with a bed", "referrals.to_whom", f"r{n:019x}"),
            "said_at": opened + 6 * _MINUTE,
            "said_by": person,
        }
        yield referrals, sent


def fill(write: Write, calls: int = measures.CALLS) -> None:
    """The whole year."""
    beside: list[tuple[int, str]] = []
    measures.fill(partial(_noted, write, beside), calls)
    _fill_beside(beside, write)


def _noted(
    write: Write, beside: list[tuple[int, str]], table: Table, rows: Iterator[tuple[Any, ...]]
) -> None:
    if table is not contacts:
        return write(table, rows)
    names = ("id", "opened_at", "reached_at", "callback_id")
    places = [contacts.c.keys().index(name) for name in names]

    def passed() -> Iterator[tuple[Any, ...]]:
        for row in rows:
            contact, opened, *came = (row[place] for place in places)
            if any(came):
                beside.append((opened, contact))
            yield row

    return write(table, passed())


def _fill_beside(found: list[tuple[int, str]], write: Write) -> None:
    members = [
        {
            "id": one,
            "name": KEYS.seal(one, "staff.name", one),
            "name_lookup": one,
            "phone": KEYS.seal("+16175550101", "staff.phone", one),
            "phone_lookup": one,
            "roles": '["coordinator"]',
            "languages": '["en"]',
        }
        for one in PEOPLE
    ]
    defaults = {
        "active": True,
        "verified": True,
        "session_epoch": 0,
        "every_page": False,
        "listens": False,
        "version": 1,
    }
    names = staff.c.keys()
    write(staff, (tuple((defaults | one).get(name) for name in names) for one in members))
    columns = {table: table.c.keys() for table in (escalations, timeline, pages, intakes, referrals)}
    rows: dict[Table, list[tuple[Any, ...]]] = {}
    for n, (opened, contact) in enumerate(found):
        for table, row in _beside(opened, contact, n):
            numbered = {"id": _LATER + len(rows.get(timeline, ()))} if table is timeline else {}
            values = row | numbered
            rows.setdefault(table, []).append(tuple(values.get(name) for name in columns[table]))
    for table, written in rows.items():
        write(table, iter(written))


def _table(name: str, database: Database, seconds: float, home: Path) -> None:
    print(f"\n{name}: {measures.CALLS:,} calls in a year, written in {seconds:.0f} s\n")
    settings = load_settings(good_environment(home))
    application = Application(
        settings, database, load(settings.centre.line.languages, {}), _Nobody(), lambda: NOW
    )
    reader = Reader(StaffId(PEOPLE[0]), Aim(0.9, timedelta(seconds=60), timedelta(minutes=5)), reviews=True)
    spans = (7, 28, 92)
    print(f"| {'page':<14} |" + "".join(f" {days:>3} days |" for days in spans))
    for section in sections.TITLES:
        cells = []
        for days in spans:
            asked = report_period.last_days(days, NOW, ZONE)
            spent = []
            for _ in range(AGAIN):
                start = time.perf_counter()
                sections.tell(application, section, asked, reader)
                spent.append(time.perf_counter() - start)
            cells.append(f"{median(spent) * 1000:5.0f} ms")
        print(f"| {section:<14} |" + "".join(f" {cell} |" for cell in cells), flush=True)


def main() -> None:
    """Fill, count each page, and print a table for each database."""
    with tempfile.TemporaryDirectory(prefix="hlr") as folder:
        for name, database, seconds in filled(fill):
            _table(name, database, seconds, Path(folder))


if __name__ == "__main__":
    main()
