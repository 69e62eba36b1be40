"""How long callers waited until they were with a human. Counted like `measures`, and as much without a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, case, func, select

from hotline.model import Channel, Line
from hotline.store import rows
from hotline.store.database import Tx
from hotline.store.measures import (
    MICROSECOND,
    OF_CALLERS,
    Period,
    began_in,
    calls_in,
    in_order,
    line_of,
    microseconds,
)
from hotline.store.tables import callbacks, contacts


@dataclass(frozen=True, slots=True)
class Waits:
    """How long it took to be with a human: nearest-rank percentiles."""

    line: Line | None
    people: int
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
    """From the call's beginning to the human, for those who were reached on it, by line."""
    return _percentiles(tx, _live_waits(period))


def rung_back(tx: Tx, period: Period) -> list[Waits]:
    """From the promise to the talk, for those whom a call of ours that began in the period reached, by line."""
    first = func.min(microseconds(contacts.c.reached_at)) - microseconds(callbacks.c.opened_at)
    query = (
        select(callbacks.c.line, first.label("wait"))
        .join(contacts, contacts.c.callback_id == callbacks.c.id)
        .where(
            *began_in(period),
            contacts.c.channel == Channel.VOICE.value,
            contacts.c.outbound.is_(True),
            contacts.c.reached_at.is_not(None),
        )
        .group_by(callbacks.c.id, callbacks.c.line, callbacks.c.opened_at)
    )
    return _percentiles(tx, query)


def spread(tx: Tx, period: Period, bounds: Sequence[timedelta]) -> list[Spread]:
    """The waits of `live` as counts within each bound, for a histogram."""
    waits = _live_waits(period).subquery()
    within = [
        func.count().filter(waits.c.wait <= bound // MICROSECOND).label(f"within_{n}")
        for n, bound in enumerate(bounds)
    ]
    query = (
        select(waits.c.line, func.count().label("people"), func.sum(waits.c.wait).label("total"), *within)
        .group_by(waits.c.line)
        .order_by(*in_order(waits.c.line))
    )
    return [
        Spread(line_of(found.line), tuple(found[3:]), found.people, int(found.total) * MICROSECOND)
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


def _live_waits(period: Period) -> Select[Any]:
    wait = microseconds(contacts.c.reached_at) - microseconds(contacts.c.opened_at)
    return select(contacts.c.line, wait.label("wait")).where(
        *calls_in(period), contacts.c.reached_at.is_not(None)
    )


def _percentiles(tx: Tx, query: Select[Any]) -> list[Waits]:
    """Nearest rank, in whole numbers: the same on every database."""
    waits = query.subquery()
    line, wait = waits.c.line, waits.c.wait
    ranked = select(
        line,
        wait,
        func.row_number().over(partition_by=line, order_by=wait).label("nth"),
        func.count().over(partition_by=line).label("people"),
    ).subquery()
    ranks = [(ranked.c.people * percent + 99) // 100 for percent in (50, 90, 99)]
    picked = [func.max(case((ranked.c.nth == rank, ranked.c.wait))) for rank in ranks]
    grouped = select(ranked.c.line, ranked.c.people, *picked).group_by(ranked.c.line, ranked.c.people)
    found = rows.many(tx, grouped.order_by(*in_order(ranked.c.line)))
    return [
        Waits(line_of(line), people, p50 * MICROSECOND, p90 * MICROSECOND, p99 * MICROSECOND)
        for line, people, p50, p90, p99 in map(tuple, found)
    ]
