"""The ledger of promises, as it is kept and counted. The rule says what is written down (`callbacks.ledger`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, update

from hotline.callbacks.ledger import Became, End, Promise
from hotline.model import CallbackId, Channel, KeptWord, Line, Subject, TimelineWord, as_kept
from hotline.store.database import Tx, rows
from hotline.store.database.periods import Period, in_order
from hotline.store.database.tables import callbacks, escalations, pages, promises, timeline


class LateReason(KeptWord):
    """Why a promise was late."""

    NOBODY_RUNG = "nobody rung"
    """Nobody was on, or everybody was busy, or we were down."""
    NOBODY_TOOK = "rung, nobody took it"
    NOT_CALLED = "taken, not called in time"


@dataclass(frozen=True, slots=True)
class PromiseCount:
    """How many of a line's promises, made by call or by text, became what."""

    line: Line
    channel: Channel
    became: Became
    promises: int


@dataclass(frozen=True, slots=True)
class LateCount:
    """How many of a line's promises were late for this reason."""

    line: Line
    fault: LateReason
    promises: int


@dataclass(frozen=True, slots=True)
class WordCount:
    """How many of a line's promises were kept by what staff say: that they have talked, though no call of ours, and
    none of theirs to us, did it."""

    line: Line
    promises: int


def last(tx: Tx, callback_id: CallbackId) -> Promise | None:
    """A callback's newest promise, or None."""
    query = (
        select(promises).where(promises.c.callback_id == callback_id).order_by(promises.c.id.desc()).limit(1)
    )
    found = tx.execute(query).first()
    return None if found is None else _promise(found)


def write(tx: Tx, callback_id: CallbackId, channel: Channel, promise: Promise) -> None:
    """Write down a new promise."""
    values = {"callback_id": callback_id, "channel": channel.value, **_values(promise)}
    rows.add(tx, promises, values)


def go_on(tx: Tx, callback_id: CallbackId, before: Promise, promise: Promise) -> None:
    """Write down what became of an entry of a callback's, if it still stands as it did `before`."""
    as_it_was = (promises.c[name].is_not_distinct_from(value) for name, value in _values(before).items())
    tx.execute(
        update(promises).where(promises.c.callback_id == callback_id, *as_it_was).values(**_values(promise))
    )


def count(tx: Tx, period: Period) -> list[PromiseCount]:
    """What had become, by its end, of the promises that were made in the period. Each is counted once."""
    made = (
        select(promises.c.line, promises.c.channel, became_by(period.until).label("became"))
        .where(*made_in(period))
        .subquery()
    )
    by = (made.c.line, made.c.channel, made.c.became)
    query = select(*by, func.count().label("number")).group_by(*by).order_by(*in_order(*by))
    return [
        PromiseCount(
            as_kept(Line, found.line), as_kept(Channel, found.channel), Became(found.became), found.number
        )
        for found in rows.many(tx, query)
    ]


def faults(tx: Tx, period: Period) -> list[LateCount]:
    """Why those were late that had become so by the period's end."""
    rung = [
        pages.c.escalation_id == escalations.c.id,
        escalations.c.callback_id == promises.c.callback_id,
        escalations.c.subject == Subject.CALLBACK.value,
        pages.c.placed_at >= promises.c.made_at,
        pages.c.placed_at <= promises.c.promised_at,
    ]
    # By key or on the board; what else of theirs was taken meanwhile, an emergency say, isn't this.
    taken = exists().where(
        timeline.c.callback_id == promises.c.callback_id,
        timeline.c.what == TimelineWord.CALLBACK_TAKEN.value,
        timeline.c.at >= promises.c.made_at,
        timeline.c.at <= promises.c.promised_at,
    )
    fault = case(
        (taken, LateReason.NOT_CALLED.value),
        (exists().where(*rung), LateReason.NOBODY_TOOK.value),
        else_=LateReason.NOBODY_RUNG.value,
    )
    late = (
        select(promises.c.line, fault.label("fault"))
        .where(*made_in(period), became_by(period.until) == Became.LATE.value)
        .subquery()
    )
    by = (late.c.line, late.c.fault)
    query = select(*by, func.count().label("number")).group_by(*by).order_by(*in_order(*by))
    return [
        LateCount(as_kept(Line, found.line), as_kept(LateReason, found.fault), found.number)
        for found in rows.many(tx, query)
    ]


def by_word(tx: Tx, period: Period) -> list[WordCount]:
    """How many of those that were kept by the period's end are so by a word alone, in the moment that closed it."""
    query = (
        select(promises.c.line, func.count().label("number"))
        .join(callbacks, callbacks.c.id == promises.c.callback_id)
        .where(
            *made_in(period),
            became_by(period.until) == Became.KEPT.value,
            callbacks.c.closed_at == promises.c.tried_at,
        )
        .group_by(promises.c.line)
        .order_by(*in_order(promises.c.line))
    )
    return [WordCount(as_kept(Line, found.line), found.number) for found in rows.many(tx, query)]


def made_in(period: Period) -> Sequence[ColumnElement[bool]]:
    """The promises that were made in the period, each by the entry that tells of it at the period's end."""
    entry = promises.c
    return (
        entry.made_at >= period.since,
        entry.made_at < period.until,
        or_(entry.stands_from.is_(None), entry.stands_from <= period.until),
        or_(entry.stands_until.is_(None), entry.stands_until > period.until),
    )


def became_by(at: datetime) -> ColumnElement[str]:
    """What had become of a promise (of a row of the ledger) by then, as far as it was known then."""
    entry = promises.c
    tried_in_time = entry.tried_at <= entry.promised_at
    kept = and_(tried_in_time, entry.tried_at <= at, or_(entry.ended_at.is_(None), entry.ended_at > at))
    over = and_(or_(tried_in_time, entry.ended_at <= entry.promised_at), entry.ended_at <= at)
    return case(
        (kept, Became.KEPT.value),
        (over, entry.ended),
        (entry.promised_at < at, Became.LATE.value),
        else_=Became.WAITING.value,
    )


def _values(promise: Promise) -> dict[str, object]:
    return {
        "line": promise.line.value,
        "made_at": promise.made_at,
        "promised_at": promise.promised_at,
        "tried_at": promise.tried_at,
        "ended_at": promise.ended_at,
        "ended": promise.ended.value if promise.ended else None,
        "stands_from": promise.stands_from,
        "stands_until": promise.stands_until,
    }


def _promise(found: Any) -> Promise:
    return Promise(
        line=as_kept(Line, found.line),
        made_at=found.made_at,
        promised_at=found.promised_at,
        tried_at=found.tried_at,
        ended_at=found.ended_at,
        ended=as_kept(End, found.ended) if found.ended else None,
        stands_from=found.stands_from,
        stands_until=found.stands_until,
    )
