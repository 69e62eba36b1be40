"""What is counted of calls and promises, by examples that were counted by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from hotline.model import CallbackId, Channel, Language, Line, Outcome
from hotline.store import callbacks, contacts, measures, timeline, waits
from hotline.store.database import Database, Tx
from hotline.store.measures import DropOff, Ended, Period, Promises, Quarter, Reached
from hotline.store.timeline import Happened
from hotline.store.waits import Spread, Waits
from tests.store.examples import MINUTE, NOW, SECOND, callback, contact

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TODAY = Period(NOW, NOW + DAY)
_ids = count()


def add(tx: Tx, many: int = 1, **different: Any) -> None:
    """Calls that have ended."""
    usual = {"opened_at": NOW, "ended_at": NOW + MINUTE, "ended_in": "menu", "outcome": Outcome.LEFT_EARLY}
    for _ in range(many):
        contacts.add(tx, contact(f"m{next(_ids)}", **{**usual, **different}))


def reached(tx: Tx, *waits: timedelta, **different: Any) -> None:
    """Calls that came to a human after so long."""
    for wait in waits:
        at = different.get("opened_at", NOW) + wait
        add(tx, reached_at=at, ended_in="in_room", outcome=Outcome.REACHED, **different)


def not_calls(tx: Tx) -> None:
    """What must never be counted among the calls of the day."""
    add(tx, opened_at=NOW - SECOND, last_prompt="menu")
    add(tx, opened_at=NOW + DAY, last_prompt="menu")
    add(tx, outbound=True, last_prompt="asked_for_call")
    add(tx, channel=Channel.TEXT, provider_sid=None, last_prompt="menu")


def test_callers_are_lost_at_the_last_prompt_that_they_heard(database: Database) -> None:
    """By prompt, language and line; the most frequent place first."""
    with database.write() as tx:
        not_calls(tx)
        add(tx, 3, last_prompt="menu")
        add(tx, 1, last_prompt="menu", language=Language.PT)
        add(
            tx,
            2,
            last_prompt="waiting",
            line=Line.ADMISSIONS,
            ended_in="holding",
            outcome=Outcome.CALLBACK,
        )
        add(
            tx,
            4,
            last_prompt="guidance_1",
            line=Line.EMERGENCY,
            ended_in="emergency",
            outcome=Outcome.EMERGENCY,
        )
        # Not lost: told the promise, with a human, still on the line, blocked.
        add(tx, last_prompt="goodbye", line=Line.FAMILY, ended_in="farewell", outcome=Outcome.CALLBACK)
        reached(tx, MINUTE, last_prompt="waiting", line=Line.ADMISSIONS)
        add(tx, last_prompt="menu", ended_at=None, ended_in=None, outcome=None)
        add(tx, last_prompt="blocked", outcome=Outcome.BLOCKED)
    with database.read() as tx:
        assert measures.drop_offs(tx, TODAY) == [
            DropOff("guidance_1", Language.EN, Line.EMERGENCY, 4),
            DropOff("menu", Language.EN, None, 3),
            DropOff("waiting", Language.EN, Line.ADMISSIONS, 2),
            DropOff("menu", Language.PT, None, 1),
        ]


def test_calls_are_counted_by_how_they_ended(database: Database) -> None:
    """And by language and line; those that go on count too."""
    with database.write() as tx:
        not_calls(tx)
        add(tx, 2)
        add(tx, line=Line.FAMILY, outcome=Outcome.CALLBACK, language=Language.ES)
        add(tx, ended_at=None, ended_in=None, outcome=None)
    with database.read() as tx:
        assert measures.outcomes(tx, TODAY) == [
            Ended(None, Language.EN, None, 1),
            Ended(Outcome.CALLBACK, Language.ES, Line.FAMILY, 1),
            Ended(Outcome.LEFT_EARLY, Language.EN, None, 2),
        ]


def test_calls_are_counted_by_the_quarter_of_an_hour(database: Database) -> None:
    """12:00 to 12:15 is one quarter; 12:15 begins the next."""
    noon = NOW.replace(microsecond=0)
    with database.write() as tx:
        not_calls(tx)
        add(tx, 2, opened_at=NOW)
        add(tx, opened_at=noon + 15 * MINUTE - timedelta(microseconds=1))
        add(tx, opened_at=noon + 15 * MINUTE)
    with database.read() as tx:
        assert measures.quarters(tx, TODAY) == [
            Quarter(noon, Outcome.LEFT_EARLY, 3),
            Quarter(noon + 15 * MINUTE, Outcome.LEFT_EARLY, 1),
        ]


def test_it_is_counted_how_many_came_to_a_human(database: Database) -> None:
    """Live; later, when the callback was kept; or neither, and of these who gave up waiting."""
    with database.write() as tx:
        not_calls(tx)
        for name, outcome in (("kept", Outcome.REACHED), ("booked", Outcome.BOOKED_INTAKE), ("open", None)):
            callbacks.add(tx, callback(name, outcome=outcome))
        admissions: dict[str, Any] = {"line": Line.ADMISSIONS, "outcome": Outcome.CALLBACK}
        reached(tx, MINUTE, SECOND, line=Line.ADMISSIONS)
        # Reached live, and their old callback kept by it: that is live, once.
        reached(tx, MINUTE, line=Line.ADMISSIONS, callback_id=CallbackId("kept"))
        add(tx, ended_in="farewell", callback_id=CallbackId("kept"), **admissions)
        add(tx, ended_in="holding", callback_id=CallbackId("booked"), **admissions)
        add(tx, ended_in="holding", callback_id=CallbackId("open"), **admissions)
        add(tx, ended_in="ask_text", callback_id=CallbackId("open"), **admissions)
        add(tx, line=Line.EMERGENCY, ended_in="emergency", outcome=Outcome.EMERGENCY)
        add(tx, line=Line.EMERGENCY, ended_in="dialling", outcome=Outcome.EMERGENCY)
        add(tx)
    with database.read() as tx:
        assert measures.reached(tx, TODAY) == [
            Reached(None, calls=1, live=0, later=0, abandoned=0),
            Reached(Line.ADMISSIONS, calls=7, live=3, later=2, abandoned=2),
            Reached(Line.EMERGENCY, calls=2, live=0, later=0, abandoned=2),
        ]


def test_the_time_to_a_human_is_told_by_nearest_rank(database: Database) -> None:
    """Of 1 to 10 seconds: half within 5, nine in ten within 9, all within 10. Of one caller: theirs."""
    with database.write() as tx:
        not_calls(tx)
        add(tx, 5, line=Line.ADMISSIONS, ended_in="holding")
        reached(tx, *(n * SECOND for n in (3, 1, 10, 7, 2, 9, 4, 8, 6, 5)), line=Line.ADMISSIONS)
        reached(tx, 90 * SECOND, line=Line.PERSON)
        reached(tx, SECOND, line=Line.PERSON, opened_at=NOW - HOUR)
    with database.read() as tx:
        assert waits.live(tx, TODAY) == [
            Waits(Line.ADMISSIONS, 10, 5 * SECOND, 9 * SECOND, 10 * SECOND),
            Waits(Line.PERSON, 1, 90 * SECOND, 90 * SECOND, 90 * SECOND),
        ]


def test_the_spread_of_waits_counts_each_bound_with_what_is_below_it(database: Database) -> None:
    """5 s is within 5 s."""
    with database.write() as tx:
        not_calls(tx)
        reached(tx, *(n * SECOND for n in (1, 5, 6, 61)), line=Line.PERSON)
        reached(tx, SECOND, line=Line.FAMILY)
    with database.read() as tx:
        assert waits.spread(tx, TODAY, [5 * SECOND, MINUTE]) == [
            Spread(Line.FAMILY, (1, 1), 1, SECOND),
            Spread(Line.PERSON, (2, 3), 4, 73 * SECOND),
        ]


def test_who_was_rung_back_has_waited_since_the_promise(database: Database) -> None:
    """Until they first talked, in whichever attempt."""
    with database.write() as tx:
        callbacks.add(tx, callback("b1", opened_at=NOW - 10 * MINUTE))
        callbacks.add(tx, callback("b2", opened_at=NOW))
        callbacks.add(tx, callback("b3", opened_at=NOW))
        ours: dict[str, Any] = {"outbound": True, "line": Line.ADMISSIONS}
        add(tx, callback_id=CallbackId("b1"), outcome=Outcome.NO_ANSWER, **ours)
        reached(tx, 2 * MINUTE, 9 * MINUTE, callback_id=CallbackId("b1"), **ours)
        reached(tx, 3 * MINUTE, callback_id=CallbackId("b2"), **ours)
        reached(tx, 1 * MINUTE, callback_id=CallbackId("b3"), opened_at=NOW + DAY, **ours)
        reached(tx, 1 * MINUTE, callback_id=CallbackId("b3"), line=Line.ADMISSIONS)
    with database.read() as tx:
        assert waits.rung_back(tx, TODAY) == [Waits(Line.ADMISSIONS, 2, 3 * MINUTE, 12 * MINUTE, 12 * MINUTE)]


def test_promises_are_kept_late_or_still_waiting(database: Database) -> None:
    """Late is what the clock saw late, however well it ended."""
    owed = [
        (callback("tried", attempts=1), False),
        (callback("met"), False),
        (callback("late", attempts=2), True),
        (callback("both"), True),
        (callback("fresh"), False),
        (callback("family", line=Line.FAMILY), False),
        (callback("before", opened_at=NOW - SECOND), True),
        (callback("after", opened_at=NOW + DAY), True),
    ]
    with database.write() as tx:
        for row, broken in owed:
            closed_at = NOW + HOUR if row.callback.id in ("met", "both") else None
            callbacks.add(tx, replace(row, closed_at=closed_at))
            timeline.add(tx, Happened(NOW, "callback_opened", callback_id=row.callback.id))
            for _ in range(2 * broken):
                timeline.add(tx, Happened(NOW, timeline.PROMISE_BROKEN, callback_id=row.callback.id))
    with database.read() as tx:
        assert measures.promises(tx, TODAY) == [
            Promises(Line.ADMISSIONS, kept=2, late=2, waiting=1),
            Promises(Line.FAMILY, kept=0, late=0, waiting=1),
        ]


def test_the_last_waits_are_those_of_the_line_and_of_callers(database: Database) -> None:
    """The latest answer first, however early the call began; not before the moment asked for."""

    def times() -> Iterator[tuple[datetime, timedelta]]:
        yield NOW - HOUR, HOUR + SECOND
        yield NOW, 5 * SECOND
        yield NOW, 3 * SECOND
        yield NOW - MINUTE, 59 * SECOND  # answered a second too early

    with database.write() as tx:
        for opened_at, wait in times():
            reached(tx, wait, opened_at=opened_at, line=Line.FAMILY)
        reached(tx, SECOND, line=Line.PERSON)
        reached(tx, SECOND, line=Line.FAMILY, outbound=True)
        add(tx, line=Line.FAMILY)
    with database.read() as tx:
        assert waits.last(tx, Line.FAMILY, NOW, 9) == [5 * SECOND, 3 * SECOND, HOUR + SECOND]
        assert waits.last(tx, Line.FAMILY, NOW, 2) == [5 * SECOND, 3 * SECOND]


def test_a_day_without_calls_has_nothing_to_tell(database: Database) -> None:
    """And nothing fails of it."""
    with database.read() as tx:
        assert measures.drop_offs(tx, TODAY) == []
        assert measures.outcomes(tx, TODAY) == []
        assert measures.quarters(tx, TODAY) == []
        assert measures.reached(tx, TODAY) == []
        assert waits.live(tx, TODAY) == []
        assert waits.rung_back(tx, TODAY) == []
        assert waits.spread(tx, TODAY, [MINUTE]) == []
        assert measures.promises(tx, TODAY) == []
