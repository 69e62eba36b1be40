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
    Label,
    and_,
    case,
    func,
    or_,
    select,
    type_coerce,
)

from hotline.model import Channel, Language, Line, Outcome, as_kept
from hotline.store.database import Tx, rows
from hotline.store.database.periods import Period, in_order
from hotline.store.database.tables import contacts
from hotline.triage.contact import ContactState

QUARTER: Final = timedelta(minutes=15)
"""Every time zone is some quarters of an hour away from UTC."""
MICROSECOND: Final = timedelta(microseconds=1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


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


def drop_offs(tx: Tx, period: Period) -> list[DropOff]:
    """Where callers were lost, the most frequent place first. Who was blocked, or heard the promise, was not lost."""
    lost = and_(
        contacts.c.ended_at <= period.until,
        contacts.c.reached_at.is_(None),
        contacts.c.ended_in != ContactState.FAREWELL.value,
        contacts.c.outcome != Outcome.BLOCKED.value,
    )
    by = (contacts.c.last_prompt, contacts.c.language, contacts.c.line)
    calls = func.count().label("calls")
    query = (
        select(*by, calls).where(*calls_in(period), lost).group_by(*by).order_by(calls.desc(), *in_order(*by))
    )
    return [
        DropOff(found.last_prompt, as_kept(Language, found.language), line_of(found.line), found.calls)
        for found in rows.many(tx, query)
    ]


def outcomes(tx: Tx, period: Period) -> list[Ended]:
    """How calls ended, by line and language."""
    ended = (
        select(_outcome_by(period), contacts.c.language, contacts.c.line).where(*calls_in(period)).subquery()
    )
    by = (ended.c.outcome, ended.c.language, ended.c.line)
    query = select(*by, func.count().label("calls")).group_by(*by).order_by(*in_order(*by))
    return [
        Ended(_outcome(found.outcome), as_kept(Language, found.language), line_of(found.line), found.calls)
        for found in rows.many(tx, query)
    ]


def quarters(tx: Tx, period: Period) -> list[Quarter]:
    """How many calls began when, the earliest first."""
    at = (microseconds(contacts.c.opened_at) // (QUARTER // MICROSECOND)).label("quarter")
    began = select(at, _outcome_by(period)).where(*calls_in(period)).subquery()
    by = (began.c.quarter, began.c.outcome)
    query = select(*by, func.count().label("calls")).group_by(*by).order_by(*in_order(*by))
    return [
        Quarter(_EPOCH + found.quarter * QUARTER, _outcome(found.outcome), found.calls)
        for found in rows.many(tx, query)
    ]


# --- the parts that questions are made of ----------------------------------------------------------------------

NOT_STAFF: Final = or_(contacts.c.outcome.is_(None), contacts.c.outcome != Outcome.STAFF_LINE.value)
"""Who has shown with their PIN that they are on the staff is counted as no caller."""
OF_CALLERS: Final = (contacts.c.channel == Channel.VOICE.value, contacts.c.outbound.is_(False), NOT_STAFF)


def began_in(period: Period) -> tuple[ColumnElement[bool], ...]:
    """Whatever began in the period, calls of ours and texts too."""
    return (contacts.c.opened_at >= period.since, contacts.c.opened_at < period.until)


def calls_in(period: Period) -> tuple[ColumnElement[bool], ...]:
    """The calls of callers that began in the period."""
    return (*began_in(period), *OF_CALLERS)


def microseconds(column: ColumnElement[Any]) -> ColumnElement[int]:
    """A moment as the microseconds that it is kept as."""
    return type_coerce(column, BigInteger)


def line_of(found: str | None) -> Line | None:
    """The line, or None for a caller who never chose one."""
    return as_kept(Line, found) if found else None


def _outcome_by(period: Period) -> Label[Any]:
    """How a call had ended by the period's end; nothing while it hadn't."""
    return case((contacts.c.ended_at <= period.until, contacts.c.outcome)).label("outcome")


def _outcome(found: str | None) -> Outcome | None:
    return as_kept(Outcome, found) if found else None
