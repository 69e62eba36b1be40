"""`make bench-measures`: what counting costs when there have been a million calls, on SQLite and on PostgreSQL.

A year of calls is written in bulk: rows as long as real ones, in the order in which they came. Then each question is
asked again and again over the same period as its floor, a bare count(*) of the same calls. BENCH_CALLS: how many.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from statistics import median
from typing import Any

from sqlalchemy import func, select

from bench.in_bulk import KEYS, Write, filled
from hotline.model import Channel, Language, Line, Outcome, PhoneNumber, TimelineWord
from hotline.operations import flow_state
from hotline.store.cases import promises as promises_kept
from hotline.store.database import Database, Tx
from hotline.store.database.periods import Period
from hotline.store.database.tables import callbacks, contacts, promises, timeline
from hotline.store.reports import dispositions, measures, waits
from hotline.store.reports.measures import calls_in
from hotline.triage.contact import Contact, ContactState

CALLS = int(os.environ.get("BENCH_CALLS", "1000000"))
AGAIN = 7
UNTIL = datetime(2026, 3, 1, tzinfo=UTC)
YEAR = timedelta(days=365)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = 1_000_000
_DATA = KEYS.seal(
    flow_state.written(
        Contact(
            Channel.VOICE,
            ContactState.ENDED,
            line=Line.ADMISSIONS,
            caller=PhoneNumber("+16175550142"),
            message_safe=False,
            text_safe=True,
            answered=True,
            ended_from=ContactState.FAREWELL,
        )
    ),
    "contacts.data",
    "",
)
_NUMBER = KEYS.seal("+16175550142", "contacts.caller_number", "")
_LANGUAGES = (*[Language.EN] * 7, Language.ES, Language.PT, Language.HT)
_LINES = (*[Line.ADMISSIONS] * 6, *[Line.FAMILY] * 2, Line.PERSON)
_LOST = (
    *[(ContactState.MENU, "menu", Outcome.LEFT_EARLY)] * 3,
    *[(ContactState.HOLDING, "waiting", Outcome.CALLBACK)] * 2,
    (ContactState.HOLDING, "getting_person", Outcome.CALLBACK),
    (ContactState.ASK_MESSAGE, "ask_message", Outcome.CALLBACK),
    (ContactState.ASK_TEXT, "ask_text", Outcome.CALLBACK),
    (ContactState.TYPE_NUMBER, "type_number", Outcome.CALLBACK),
    (ContactState.EMERGENCY, "guidance_1", Outcome.EMERGENCY),
)
"""How the call ended for those who were lost: two in five of all, here."""


# --- a year of calls -------------------------------------------------------------------------------------------


def _contacts(calls: int) -> Iterator[tuple[Any, ...]]:
    names = contacts.c.keys()
    began = (UNTIL - YEAR - _EPOCH) // timedelta(microseconds=1)
    step = YEAR // timedelta(microseconds=1) // calls
    usual = {
        "channel": Channel.VOICE.value,
        "outbound": False,
        "caller_number": _NUMBER,
        "our_number": "+16175550100",
        "state": ContactState.ENDED.value,
        "turn": 6,
        "data": _DATA,
        "version": 8,
    }
    for n in range(calls):
        mixed = n * 2_654_435_761 % 2**32  # a number of each call's own, the same in every run
        opened = began + n * step
        row = {
            **usual,
            "id": f"{mixed:020x}",
            "provider_sid": f"CA{mixed:032x}",
            "caller_lookup": f"{mixed:064x}",
            "room": f"{mixed:020x}",
            "language": _LANGUAGES[mixed // 7 % 10].value,
            "opened_at": opened,
            "last_turn_at": opened + 90 * _SECOND,
            "ended_at": opened + 90 * _SECOND,
            **_fate(n, mixed, opened),
        }
        yield tuple(row.get(name) for name in names)


def _fate(n: int, mixed: int, opened: int) -> dict[str, Any]:
    """Two in five are lost, two reach a human after up to a minute, one is promised a callback."""
    line = _LINES[mixed // 11 % 9].value
    if mixed % 5 < 2:
        state, prompt, outcome = _LOST[mixed // 13 % 10]
        lost = {"line": None if state is ContactState.MENU else line, "last_prompt": prompt}
        return {**lost, "ended_in": state.value, "outcome": outcome.value}
    if mixed % 5 < 4:
        reached = opened + (5 + mixed % 55) * _SECOND
        told = {"line": line, "last_prompt": "left_alone", "ended_in": ContactState.AFTER_TALK.value}
        return {**told, "reached_at": reached, "outcome": Outcome.REACHED.value}
    promised = {"line": line, "last_prompt": "goodbye", "ended_in": ContactState.FAREWELL.value}
    return {**promised, "outcome": Outcome.CALLBACK.value, "callback_id": f"b{n:019x}"}


def _callbacks(promised: list[tuple[str, int, str]]) -> Iterator[tuple[Any, ...]]:
    names = callbacks.c.keys()
    usual = {
        "room": "r",
        "number": _NUMBER,
        "number_lookup": "0" * 64,
        "language": "en",
        "status": "closed",
        "attempts": 1,
        "outcome": Outcome.REACHED.value,
        "repeats": 0,
        "called_for": "asked",
        "version": 6,
        **dict.fromkeys(
            ("message_safe", "text_safe", "wanted_now", "asked_later", "raised", "told_supervisor"), False
        ),
    }
    for n, (callback, at, line) in enumerate(promised):
        times = {"opened_at": at, "promised_at": at + 900 * _SECOND, "closed_at": at + 600 * _SECOND}
        row = {
            **usual,
            **times,
            "id": callback,
            "contact_id": f"c{n}",
            "line": line,
            "number_lookup": f"{n:064x}",
        }
        yield tuple(row.get(name) for name in names)


def _timeline(promised: list[tuple[str, int, str]]) -> Iterator[tuple[Any, ...]]:
    """Four lines each, and a fifth for one promise in twenty."""
    number = 0
    for n, (callback, at, _) in enumerate(promised):
        told = ("callback_opened", "callback_ringing", "callback_calling", "callback_closed")
        for what in (*told, *((TimelineWord.PROMISE_BROKEN.value,) if n % 20 == 0 else ())):
            number += 1
            yield (number, None, callback, None, at, what, None, None)


def _promises(promised: list[tuple[str, int, str]]) -> Iterator[tuple[Any, ...]]:
    """One in twenty is late."""
    for n, (callback, at, line) in enumerate(promised):
        due, tried = at + 900 * _SECOND, at + (600 if n % 20 else 1200) * _SECOND
        yield (n + 1, callback, Channel.VOICE.value, line, at, due, tried, None, None, None, None)


def fill(write: Write, calls: int = CALLS) -> None:
    """The whole year: so many calls, callbacks, their timeline and promises."""
    callback, opened, line = (contacts.c.keys().index(name) for name in ("callback_id", "opened_at", "line"))
    promised: list[tuple[str, int, str]] = []

    def noted() -> Iterator[tuple[Any, ...]]:
        for row in _contacts(calls):
            if row[callback]:
                promised.append((row[callback], row[opened], row[line]))
            yield row

    write(contacts, noted())
    write(callbacks, _callbacks(promised))
    write(timeline, _timeline(promised))
    write(promises, _promises(promised))


# --- what is asked ---------------------------------------------------------------------------------------------


def _counted(tx: Tx, period: Period) -> int:
    """The floor: the same calls, counted and nothing else."""
    return int(tx.connection.execute(select(func.count()).where(*calls_in(period))).scalar_one())


ASKED: dict[str, Callable[[Tx, Period], object]] = {
    "floor: count(*) of the calls": _counted,
    "drop-offs": measures.drop_offs,
    "outcomes": measures.outcomes,
    "came to a human": dispositions.dispositions,
    "time to a human, live": waits.live,
    "calls by the quarter of an hour": measures.quarters,
    "promises kept and late": promises_kept.count,
}


def _asked(ask: Callable[[Tx, Period], object], period: Period, tx: Tx) -> object:
    return ask(tx, period)


def _took(database: Database, work: Callable[[Tx], object]) -> float:
    """Milliseconds: the middle one of some runs, after one that isn't counted."""
    spent = []
    for _ in range(AGAIN + 1):
        with database.read() as tx:
            began = time.perf_counter()
            work(tx)
            spent.append((time.perf_counter() - began) * 1000)
    return median(spent[1:])


def _table(name: str, database: Database, seconds: float) -> None:
    print(f"\n{name}: {CALLS:,} calls in a year, written in {seconds:.0f} s\n")
    spans = (timedelta(days=1), timedelta(days=7), timedelta(days=30), YEAR)
    print(f"| {'':<34} |" + "".join(f" {f'{span.days} d':>20} |" for span in spans))
    floors: list[float] = []
    for what, ask in ASKED.items():
        cells = []
        for n, span in enumerate(spans):
            period = Period(UNTIL - span, UNTIL)
            spent = _took(database, partial(_asked, ask, period))
            floors += [spent] if len(floors) < len(spans) else []
            cells.append(f"{spent:9.1f} ms, {spent / floors[n]:5.2f}x")
        print(f"| {what:<34} |" + "".join(f" {cell:>20} |" for cell in cells))
    lately = UNTIL - timedelta(hours=2)
    wait = _took(database, lambda tx: waits.last(tx, Line.ADMISSIONS, lately, 20))
    print(f"\nThe last 20 waits of a line within two hours (asked when a line is chosen): {wait:.2f} ms")


def main() -> None:
    """Fill, ask, and print a table for each database."""
    for name, database, seconds in filled(fill):
        _table(name, database, seconds)


if __name__ == "__main__":
    main()
