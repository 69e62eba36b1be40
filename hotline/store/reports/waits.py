"""How long callers waited until they were with a human. Counted like `measures`, and as much without a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, CompoundSelect, Select, case, exists, func, or_, select, union_all

from hotline.model import Channel, Line, Subject
from hotline.store.database import Tx, rows
from hotline.store.database.periods import Period, in_order
from hotline.store.database.tables import callbacks, contacts, escalations, promises
from hotline.store.reports.dispositions import abandoned
from hotline.store.reports.measures import MICROSECOND, OF_CALLERS, began_in, calls_in, line_of, microseconds


@dataclass(frozen=True, slots=True)
class Waits:
    """How long it took to be with a human: nearest-rank percentiles."""

    line: Line | None
    people: int
    p50: timedelta
    p90: timedelta
    p99: timedelta


@dataclass(frozen=True, slots=True)
class Percentiles:
    """How long it took, half of the times, nine of ten, and all but one of a hundred: nearest rank."""

    by: str | None
    times: int
    p50: timedelta
    p90: timedelta
    p99: timedelta


@dataclass(frozen=True, slots=True)
class Spread:
    """How many of a line's callers were with a human within each of the bounds asked for, and within any time."""

    line: Line | None
    within: tuple[int, ...]
    people: int
    total: timedelta


def live(tx: Tx, period: Period) -> list[Waits]:
    """From the call's beginning to the human, for those who were reached on it by the period's end, by line."""
    return _by_line(tx, live_talks(period))


def rung_back(tx: Tx, period: Period) -> list[Waits]:
    """From the first promise to the talk, for those whom a call of ours that began in the period reached by its end.

    By the line that it was promised for; for an emergency from the hang-up on. Who had written to a person is `called`.
    """
    return _by_line(tx, rung_back_talks(period))


def rung_back_talks(period: Period) -> CompoundSelect[Any]:
    """Each talk of `rung_back`: its line (`by`), `language`, when they had asked (`asked_at`), and its `wait`; both as
    microseconds."""
    others = promises.alias("others")
    first = (
        select(func.min(others.c.id)).where(others.c.callback_id == contacts.c.callback_id).scalar_subquery()
    )
    promised = (
        _talks(period, promises.c.made_at, promises.c.line)
        .join(promises, promises.c.callback_id == contacts.c.callback_id)
        .where(promises.c.id == first, contacts.c.line != Line.EMERGENCY.value, ~_of_a_text())
        .group_by(promises.c.id, promises.c.line, promises.c.made_at)
    )
    dropped = (
        _talks(period, callbacks.c.opened_at, contacts.c.line)
        .join(callbacks, callbacks.c.id == contacts.c.callback_id)
        .where(contacts.c.line == Line.EMERGENCY.value, ~_of_a_text())
        .group_by(callbacks.c.id, contacts.c.line, callbacks.c.opened_at)
    )
    return union_all(promised, dropped)


def called(tx: Tx, period: Period) -> list[Waits]:
    """From when their text was put before a person to the talk, for those whom that person called, by line: nobody had
    promised them a call."""
    query = (
        _talks(period, escalations.c.opened_at, contacts.c.line)
        .join(callbacks, callbacks.c.id == contacts.c.callback_id)
        .join(escalations, escalations.c.contact_id == callbacks.c.contact_id)
        .join(_origin, _origin.c.id == callbacks.c.contact_id)
        .where(*_PUT_BEFORE_A_PERSON)
        .group_by(callbacks.c.id, contacts.c.line, escalations.c.opened_at)
    )
    return _by_line(tx, query)


_origin = contacts.alias("origin")
_emergency = callbacks.c.line == Line.EMERGENCY.value
_PUT_BEFORE_A_PERSON: Final = (
    _origin.c.channel == Channel.TEXT.value,
    escalations.c.subject == case((_emergency, Subject.EMERGENCY.value), else_=Subject.THREAD.value),
    escalations.c.opened_at <= callbacks.c.opened_at,
    or_(escalations.c.closed_at.is_(None), escalations.c.closed_at >= callbacks.c.opened_at),
)
"""Of a callback: it was opened while a person had, or was to read, the text that it came of."""


def _of_a_text() -> ColumnElement[bool]:
    return (
        exists()
        .where(
            callbacks.c.id == contacts.c.callback_id,
            _origin.c.id == callbacks.c.contact_id,
            escalations.c.contact_id == _origin.c.id,
            *_PUT_BEFORE_A_PERSON,
        )
        .correlate(contacts)
    )


def given_up(tx: Tx, period: Period) -> list[Waits]:
    """How long those had waited who hung up and have talked with nobody by the period's end, by line."""
    wait = microseconds(contacts.c.ended_at) - microseconds(contacts.c.opened_at)
    query = select(contacts.c.line.label("by"), wait.label("wait"))
    return _by_line(tx, query.where(*calls_in(period), abandoned(period.until)))


def spread(tx: Tx, period: Period, bounds: Sequence[timedelta]) -> list[Spread]:
    """The waits of `live` as counts within each bound, for a histogram."""
    waits = live_talks(period).subquery()
    within = [
        func.count().filter(waits.c.wait <= bound // MICROSECOND).label(f"within_{n}")
        for n, bound in enumerate(bounds)
    ]
    query = (
        select(waits.c.by, func.count().label("people"), func.sum(waits.c.wait).label("total"), *within)
        .group_by(waits.c.by)
        .order_by(*in_order(waits.c.by))
    )
    return [
        Spread(line_of(found.by), tuple(found[3:]), found.people, int(found.total) * MICROSECOND)
        for found in rows.many(tx, query)
    ]


def last(tx: Tx, line: Line, since: datetime, at_most: int) -> list[timedelta]:
    """How long the last callers of this line who were answered live since then had waited, the latest first."""
    query = (
        select(contacts.c.opened_at, contacts.c.reached_at)
        .where(contacts.c.reached_at >= since, contacts.c.line == line.value, *OF_CALLERS)
        .order_by(contacts.c.reached_at.desc())
        .limit(at_most)
    )
    return [found.reached_at - found.opened_at for found in rows.many(tx, query)]


def live_talks(period: Period) -> Select[Any]:
    """Each talk of `live`: its line (`by`), `language`, when they called (`asked_at`), and its `wait`; both as
    microseconds."""
    asked = microseconds(contacts.c.opened_at)
    wait = microseconds(contacts.c.reached_at) - asked
    return select(
        contacts.c.line.label("by"), contacts.c.language, asked.label("asked_at"), wait.label("wait")
    ).where(*calls_in(period), contacts.c.reached_at < period.until)


def _talks(period: Period, since: ColumnElement[Any], line: ColumnElement[Any]) -> Select[Any]:
    """From `since` to the first talk of a call of ours, where it comes after it."""
    first = func.min(microseconds(contacts.c.reached_at)) - microseconds(since)
    spoken = func.min(contacts.c.language).label("language")
    asked = microseconds(since).label("asked_at")
    return select(line.label("by"), spoken, asked, first.label("wait")).where(
        *began_in(period),
        contacts.c.channel == Channel.VOICE.value,
        contacts.c.outbound.is_(True),
        contacts.c.reached_at >= since,
        contacts.c.reached_at < period.until,
    )


def _by_line(tx: Tx, query: Select[Any] | CompoundSelect[Any]) -> list[Waits]:
    found = percentiles(tx, query)
    return [Waits(line_of(one.by), one.times, one.p50, one.p90, one.p99) for one in found]


def percentiles(tx: Tx, query: Select[Any] | CompoundSelect[Any]) -> list[Percentiles]:
    """Of the query's `wait` (microseconds), by its `by`. In whole numbers: the same on every database."""
    waits = query.subquery()
    by, wait = waits.c.by, waits.c.wait
    ranked = select(
        by,
        wait,
        func.row_number().over(partition_by=by, order_by=wait).label("nth"),
        func.count().over(partition_by=by).label("times"),
    ).subquery()
    ranks = [(ranked.c.times * percent + 99) // 100 for percent in (50, 90, 99)]
    picked = [func.max(case((ranked.c.nth == rank, ranked.c.wait))) for rank in ranks]
    grouped = select(ranked.c.by, ranked.c.times, *picked).group_by(ranked.c.by, ranked.c.times)
    found = rows.many(tx, grouped.order_by(*in_order(ranked.c.by)))
    return [
        Percentiles(by, times, p50 * MICROSECOND, p90 * MICROSECOND, p99 * MICROSECOND)
        for by, times, p50, p90, p99 in map(tuple, found)
    ]
