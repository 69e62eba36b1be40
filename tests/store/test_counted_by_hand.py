"""The splits and the way to an intake of a few people whose ends are written here: the same on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, event

from hotline.callbacks.ledger import Became, Promise
from hotline.model import AuditAction, CallbackId, Channel, ContactId, Language, Line, Outcome, PhoneNumber
from hotline.store.cases import callbacks, contacts, escalations, intakes, promises
from hotline.store.cases.intakes import IntakeState
from hotline.store.database import Database, Tx
from hotline.store.database.periods import Period
from hotline.store.overviews import watching
from hotline.store.people import sessions, staff
from hotline.store.people.sessions import SessionRow
from hotline.store.reports import splits
from hotline.store.reports.path_counts import Path, path
from hotline.store.reports.splits import By, Place
from tests.store.examples import MINUTE, NOW, callback, contact, escalation, intake, member, thread

BOSTON = ZoneInfo("America/New_York")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BACK = Place(Period(datetime(2026, 11, 1, 4, tzinfo=UTC), datetime(2026, 11, 2, 5, tzinfo=UTC)), BOSTON)
"""The day with 25 hours: from half past one to half past one it is an hour."""
AHEAD = Place(Period(datetime(2026, 3, 8, 5, tzinfo=UTC), datetime(2026, 3, 9, 4, tzinfo=UTC)), BOSTON)
"""The day with 23: after 01:59 comes 03:00."""


def _promised(tx: Tx, at: datetime, language: Language, line: Line, *, kept: bool) -> None:
    """Somebody asked at this time to be called, and was, in time or an hour late."""
    number = len(callbacks.all_open(tx))
    name = f"b{number}"
    owed = callback(name, PhoneNumber(f"+1617555{number:04}"), line=line, language=language, opened_at=at)
    callbacks.add(tx, owed)
    tried = at + (5 * MINUTE if kept else 40 * MINUTE)
    made = Promise(line=line, made_at=at, promised_at=at + 15 * MINUTE, tried_at=tried)
    promises.write(tx, CallbackId(name), Channel.VOICE, made)


def _by(tx: Tx, place: Place, by: By) -> dict[tuple[str, Became], int]:
    return {(one.by, one.became): one.promises for one in splits.promised(tx, place, by)}


def _splits(tx: Tx, place: Place) -> tuple[dict[tuple[str, Became], int], ...]:
    return tuple(_by(tx, place, by) for by in (By.LINE, By.HOUR, By.LANGUAGE))


def test_promises_stand_in_their_line_hour_and_language_over_a_change_of_clocks(database: Database) -> None:
    """Half past one comes twice in November: both are in the hour of one. In March there is no hour of two."""
    admissions, family, kept, late = Line.ADMISSIONS, Line.FAMILY, Became.KEPT, Became.LATE
    first, second = (datetime(2026, 11, 1, hour, 30, tzinfo=UTC) for hour in (5, 6))
    before, after = (datetime(2026, 3, 8, hour, 30, tzinfo=UTC) for hour in (6, 7))
    with database.write() as tx:
        _promised(tx, first, Language.EN, admissions, kept=True)
        _promised(tx, second, Language.ES, admissions, kept=False)
        _promised(tx, second + HOUR, Language.ES, family, kept=True)
        _promised(tx, before, Language.EN, admissions, kept=False)
        _promised(tx, after, Language.ES, admissions, kept=True)
    with database.read() as tx:
        assert _splits(tx, BACK) == (
            {("admissions", kept): 1, ("admissions", late): 1, ("family", kept): 1},
            {("1", kept): 1, ("1", late): 1, ("2", kept): 1},
            {("en", kept): 1, ("es", late): 1, ("es", kept): 1},
        )
        assert _splits(tx, AHEAD) == (
            {("admissions", late): 1, ("admissions", kept): 1},
            {("1", late): 1, ("3", kept): 1},
            {("en", late): 1, ("es", kept): 1},
        )


def test_the_time_to_a_human_stands_in_its_hour_and_language_over_a_change_of_clocks(
    database: Database,
) -> None:
    """By the clock on the centre's wall when they called."""
    calls = [
        (datetime(2026, 11, 1, 5, 30, tzinfo=UTC), Language.EN, 1),
        (datetime(2026, 11, 1, 6, 30, tzinfo=UTC), Language.ES, 3),
        (datetime(2026, 11, 1, 6, 59, tzinfo=UTC), Language.ES, 9),
        (datetime(2026, 11, 1, 7, 0, tzinfo=UTC), Language.EN, 5),
        (datetime(2026, 3, 8, 6, 59, tzinfo=UTC), Language.EN, 2),
        (datetime(2026, 3, 8, 7, 0, tzinfo=UTC), Language.EN, 4),
    ]
    with database.write() as tx:
        for number, (at, language, minutes) in enumerate(calls):
            told = {"opened_at": at, "last_turn_at": at, "language": language, "line": Line.ADMISSIONS}
            ended: dict[str, Any] = {"ended_at": at + HOUR, "ended_in": "in_room", "outcome": Outcome.REACHED}
            row = contact(f"c{number}", reached_at=at + minutes * MINUTE, **told, **ended)
            contacts.add(tx, row)

    def found(place: Place, by: By) -> dict[str | None, tuple[int, int, int]]:
        with database.read() as tx:
            each = splits.split(splits.live(tx, place), by)
        return {one.by: (one.times, one.p50 // MINUTE, one.p90 // MINUTE) for one in each}

    assert found(BACK, By.HOUR) == {"1": (3, 3, 9), "2": (1, 5, 5)}
    assert found(BACK, By.LANGUAGE) == {"en": (2, 1, 5), "es": (2, 3, 9)}
    assert found(BACK, By.LINE) == {"admissions": (4, 3, 9)}
    assert found(AHEAD, By.HOUR) == {"1": (1, 2, 2), "3": (1, 4, 4)}


def test_who_asked_in_a_thread_that_became_an_emergency_has_asked(database: Database) -> None:
    """The thread is told as an emergency; they are still owed the call that they asked for, and are on the way."""
    with database.write() as tx:
        contacts.add(tx, thread("t1", line=Line.EMERGENCY))
        escalations.add(tx, replace(escalation("e1"), contact_id=ContactId("t1")))
        asked = callback("asked", line=Line.ADMISSIONS)
        callbacks.add(tx, replace(asked, contact_id=ContactId("t1")))
        contacts.add(tx, thread("t2", line=Line.EMERGENCY, caller=PhoneNumber("+16175550777")))
    with database.read() as tx:
        period = Period(NOW - HOUR, NOW + 7 * DAY)
        assert path(tx, period, Line.ADMISSIONS).asked == 1
        assert path(tx, period, Line.EMERGENCY).asked == 2


def test_the_way_to_an_intake_counts_each_person_at_the_step_they_came_to(database: Database) -> None:
    """Eleven people asked; eight talked with somebody, five were booked, four of them soon, and two of these came. One
    of the eight is still owed a call, and has talked on another line since."""
    soon, far = NOW + 47 * HOUR, NOW + 49 * HOUR
    booked: dict[str, tuple[datetime | None, IntakeState]] = {
        "came": (soon, IntakeState.CAME),
        "came again": (soon, IntakeState.CAME),
        "missed": (soon, IntakeState.MISSED),
        "nobody said": (soon, IntakeState.UNSAID),
        "far, and came": (far, IntakeState.CAME),
        "taken back": (soon, IntakeState.TAKEN_BACK),
    }
    people = [*booked, "talked only", "gave up", "gave up, too", "withheld"]
    with database.write() as tx:
        for number, who in enumerate(people):
            caller = None if who == "withheld" else PhoneNumber(f"+1617555{number:04}")
            human = who in booked or who == "talked only"
            common: dict[str, Any] = {"caller": caller, "line": Line.ADMISSIONS, "ended_at": NOW + HOUR}
            if human:
                common |= {"reached_at": NOW + MINUTE, "ended_in": "in_room", "outcome": Outcome.REACHED}
            else:
                common |= {"ended_in": "holding", "outcome": Outcome.LEFT_EARLY}
            contacts.add(tx, contact(f"c{number}", **common))
            if who == "came again":
                first = {**common, "reached_at": None, "ended_in": "holding", "outcome": Outcome.LEFT_EARLY}
                contacts.add(tx, contact(f"d{number}", **first))
            if who in booked:
                starts, state = booked[who]
                marked = None if state is IntakeState.BOOKED else NOW + 3 * DAY
                row = intake(id=f"i{number}", contact_id=ContactId(f"c{number}"), starts_at=starts)
                intakes.add(tx, replace(row, state=state, marked_at=marked))
        callbacks.add(tx, callback("owed"))
        other: dict[str, Any] = {"caller": PhoneNumber("+16175550888"), "ended_at": NOW + HOUR}
        wrote = {"ended_in": "text_waiting", "callback_id": CallbackId("owed"), "line": Line.ADMISSIONS}
        contacts.add(tx, thread("wrote", **other, **wrote))
        talked = {"opened_at": NOW + MINUTE, "reached_at": NOW + HOUR, "ended_in": "in_room"}
        contacts.add(tx, contact("talked", line=Line.PERSON, **other, **talked))
        contacts.add(tx, contact("family", line=Line.FAMILY, caller=PhoneNumber("+16175550999")))
        contacts.add(tx, contact("early", line=Line.ADMISSIONS, opened_at=NOW - HOUR))
    with database.read() as tx:
        assert path(tx, Period(NOW, NOW + 7 * DAY), Line.ADMISSIONS) == Path(11, 8, 5, 4, 2)
        by_then = Period(NOW, NOW + 2 * DAY)
        assert path(tx, by_then, Line.ADMISSIONS) == Path(11, 8, 6, 5, 0), "nobody had said how it went"


def test_what_a_page_asks_each_second_meets_an_index_in_each_of_its_parts(database: Database) -> None:
    """However much is kept, no table is read through, on either database, but the few rows of the revision."""
    asked: list[tuple[str, Any]] = []
    with database.write() as tx:
        staff.add(tx, member())
        sessions.add(tx, SessionRow("x", member().id, NOW, NOW, "password"))

    @event.listens_for(Engine, "before_cursor_execute")
    def noted(_c: object, _k: object, statement: str, given: Any, _x: object, _m: bool) -> None:
        asked.append((statement, given))

    try:
        with database.read() as tx:
            assert watching.look(tx, "x", AuditAction.VIEWED_BOARD, NOW) is not None
            (statement, given) = asked[-1]
            if tx.connection.dialect.name == "sqlite":
                plan = tx.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given).all()
                read = [str(line[-1]) for line in plan if str(line[-1]).startswith("SCAN")]
            else:
                # In a small table nothing is gained by an index: asked to use one wherever there is one.
                tx.connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
                plan = tx.connection.exec_driver_sql(f"EXPLAIN {statement}", given).all()
                read = [line[0] for line in plan if "Seq Scan" in line[0]]
    finally:
        event.remove(Engine, "before_cursor_execute", noted)
    assert len(plan) > 5
    assert [line for line in read if " revision" not in line] == []
