"""What is counted of calls and promises: numbers by line, language, prompt and outcome, and never a person.

Everything is counted in the database, over the calls that began in a period, which an index finds. A call is a
caller's own; a call of ours counts only where it is said. All times are UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    UnaryExpression,
    and_,
    case,
    exists,
    func,
    or_,
    select,
    type_coerce,
)

from hotline.model import Channel, Language, Line, Outcome
from hotline.store import rows
from hotline.store.database import Tx
from hotline.store.tables import callbacks, contacts, timeline
from hotline.store.timeline import PROMISE_BROKEN
from hotline.triage.contact import State

QUARTER: Final = timedelta(minutes=15)
"""Every time zone is some quarters of an hour away from UTC."""
MICROSECOND: Final = timedelta(microseconds=1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_HOLDS: Final = (State.HOLDING, State.EMERGENCY, State.DIALLING)
"""Where a caller waits for a human."""
_TALKED: Final = (
    Outcome.REACHED,
    Outcome.BOOKED_INTAKE,
    Outcome.REFERRED,
    Outcome.DECLINED,
    Outcome.ASKED_TO_STOP,
)
"""A callback that ended so has talked with the person who asked for it."""


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` until just before `until`."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class DropOff:
    """Calls that ended before a human and before the promise was told, by the last prompt that they heard."""

    prompt: str | None
    language: Language
    line: Line | None
    calls: int


@dataclass(frozen=True, slots=True)
class Ended:
    """Calls by how they ended; None while they haven't."""

    outcome: Outcome | None
    language: Language
    line: Line | None
    calls: int


@dataclass(frozen=True, slots=True)
class Quarter:
    """Calls that began in the quarter of an hour from `at`, by how they ended."""

    at: datetime
    outcome: Outcome | None
    calls: int


@dataclass(frozen=True, slots=True)
class Reached:
    """How many of a line's calls came to a human."""

    line: Line | None
    calls: int
    live: int
    """On the call itself."""
    later: int
    """Not on the call, but since: rung back, or calling again."""
    abandoned: int
    """Hung up while waiting for a human, before there was one."""


@dataclass(frozen=True, slots=True)
class Promises:
    """What became of a line's promises to ring back."""

    line: Line
    kept: int
    late: int
    """Not tried by the time promised, whatever came of it afterwards."""
    waiting: int
    """Not tried yet, and in time."""


def drop_offs(tx: Tx, period: Period) -> list[DropOff]:
    """Where callers were lost, the most frequent place first. Who was blocked, or heard the promise, was not lost."""
    lost = and_(
        contacts.c.ended_at.is_not(None),
        contacts.c.reached_at.is_(None),
        contacts.c.ended_in != State.FAREWELL.value,
        contacts.c.outcome != Outcome.BLOCKED.value,
    )
    by = (contacts.c.last_prompt, contacts.c.language, contacts.c.line)
    calls = func.count().label("calls")
    query = (
        select(*by, calls).where(*calls_in(period), lost).group_by(*by).order_by(calls.desc(), *in_order(*by))
    )
    return [
        DropOff(found.last_prompt, Language(found.language), line_of(found.line), found.calls)
        for found in rows.many(tx, query)
    ]


def outcomes(tx: Tx, period: Period) -> list[Ended]:
    """How calls ended, by line and language."""
    by = (contacts.c.outcome, contacts.c.language, contacts.c.line)
    calls = func.count().label("calls")
    query = select(*by, calls).where(*calls_in(period)).group_by(*by).order_by(*in_order(*by))
    return [
        Ended(_outcome(found.outcome), Language(found.language), line_of(found.line), found.calls)
        for found in rows.many(tx, query)
    ]


def quarters(tx: Tx, period: Period) -> list[Quarter]:
    """How many calls began when, the earliest first."""
    at = (microseconds(contacts.c.opened_at) // (QUARTER // MICROSECOND)).label("quarter")
    by = (at, contacts.c.outcome)
    calls = func.count().label("calls")
    query = select(*by, calls).where(*calls_in(period)).group_by(*by).order_by(*in_order(*by))
    return [
        Quarter(_EPOCH + found.quarter * QUARTER, _outcome(found.outcome), found.calls)
        for found in rows.many(tx, query)
    ]


def reached(tx: Tx, period: Period) -> list[Reached]:
    """How many came to a human, by line."""
    live = contacts.c.reached_at.is_not(None)
    waited = contacts.c.ended_in.in_([state.value for state in _HOLDS])
    query = (
        select(
            contacts.c.line,
            func.count().label("calls"),
            func.count().filter(live).label("live"),
            func.count().filter(~live, waited).label("abandoned"),
        )
        .where(*calls_in(period))
        .group_by(contacts.c.line)
        .order_by(*in_order(contacts.c.line))
    )
    later = _reached_later(tx, period)
    return [
        Reached(line_of(found.line), found.calls, found.live, later.get(found.line, 0), found.abandoned)
        for found in rows.many(tx, query)
    ]


def _reached_later(tx: Tx, period: Period) -> dict[str | None, int]:
    """By line. Asked for by itself: joined to every call, PostgreSQL would read all callbacks there ever were."""
    query = (
        select(contacts.c.line, func.count().label("calls"))
        .join(callbacks, callbacks.c.id == contacts.c.callback_id)
        .where(
            *calls_in(period),
            contacts.c.callback_id.is_not(None),
            contacts.c.reached_at.is_(None),
            callbacks.c.outcome.in_([outcome.value for outcome in _TALKED]),
        )
        .group_by(contacts.c.line)
    )
    return {found.line: found.calls for found in rows.many(tx, query)}


def promises(tx: Tx, period: Period) -> list[Promises]:
    """Kept and late, by line, of the callbacks that were promised in the period."""
    late = exists().where(timeline.c.callback_id == callbacks.c.id, timeline.c.what == PROMISE_BROKEN)
    tried = or_(callbacks.c.attempts > 0, callbacks.c.closed_at.is_not(None))
    became = case((late, "late"), (tried, "kept"), else_="waiting")
    owed = (
        select(callbacks.c.line, became.label("became"))
        .where(callbacks.c.opened_at >= period.since, callbacks.c.opened_at < period.until)
        .subquery()
    )
    by = (owed.c.line, owed.c.became)
    query = select(*by, func.count().label("number")).group_by(*by).order_by(*in_order(*by))
    counted: dict[str, dict[str, int]] = {}
    for found in rows.many(tx, query):
        counted.setdefault(found.line, {"kept": 0, "late": 0, "waiting": 0})[found.became] = found.number
    return [Promises(Line(line), **numbers) for line, numbers in counted.items()]


# --- the parts that questions are made of ----------------------------------------------------------------------

OF_CALLERS: Final = (contacts.c.channel == Channel.VOICE.value, contacts.c.outbound.is_(False))


def began_in(period: Period) -> tuple[ColumnElement[bool], ...]:
    """Whatever began in the period, calls of ours and texts too."""
    return (contacts.c.opened_at >= period.since, contacts.c.opened_at < period.until)


def calls_in(period: Period) -> tuple[ColumnElement[bool], ...]:
    """The calls of callers that began in the period."""
    return (*began_in(period), *OF_CALLERS)


def microseconds(column: ColumnElement[Any]) -> ColumnElement[int]:
    """A moment as the microseconds that it is kept as."""
    return type_coerce(column, BigInteger)


def in_order(*columns: ColumnElement[Any]) -> list[UnaryExpression[Any]]:
    """Databases don't agree by themselves on where nothing is sorted."""
    return [column.asc().nulls_first() for column in columns]


def line_of(found: str | None) -> Line | None:
    """The line, or None for a caller who never chose one."""
    return Line(found) if found else None


def _outcome(found: str | None) -> Outcome | None:
    return Outcome(found) if found else None
