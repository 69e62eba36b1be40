"""The same measures, split: by line, by hour of the day where the centre is, by weekday, by language. Times are UTC."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, case, func, literal, select

from hotline.callbacks.ledger import Became
from hotline.model import Channel, Line, as_kept
from hotline.store.cases.promises import became_by, made_in
from hotline.store.database import Tx, rows
from hotline.store.database.periods import Period, in_order
from hotline.store.database.tables import callbacks, contacts, promises
from hotline.store.reports.dispositions import WAITED_IN, line_asked_for
from hotline.store.reports.measures import MICROSECOND, NOT_STAFF, began_in, calls_in, microseconds
from hotline.store.reports.waits import Percentiles, live_talks, rung_back_talks

_HOUR: Final = timedelta(hours=1) // MICROSECOND
_BEFORE: Final = timedelta(days=60)
"""Who is rung back in a period may have asked before it."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_WEEKDAY: Final = 3
"""1 January 1970 was a Thursday; Monday is 0."""


class By(StrEnum):
    """By what a measure is split."""

    ALL = "all"
    LINE = "line"
    HOUR = "hour"
    """Of the day, where the centre is: in which they asked."""
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is counted: a period by the clock of the centre."""

    period: Period
    zone: ZoneInfo
    lines: tuple[Line, ...] = ()
    """Only these; empty: all, and those who chose none."""


@dataclass(frozen=True, slots=True)
class Volume:
    """Calls, or threads of texts, that callers began at this hour of this weekday."""

    weekday: int
    """Monday is 0."""
    hour: int
    channel: Channel
    contacts: int


class TimedTalk(NamedTuple):
    """One talk, and how long it took until then."""

    line: str | None
    language: str
    hour: int
    wait: int
    """In microseconds."""

    def by(self, by: By) -> str | None:
        """Its line, its hour or its language."""
        match by:
            case By.ALL:
                return By.ALL.value
            case By.LINE:
                return self.line
            case By.LANGUAGE:
                return self.language
            case By.HOUR:
                return str(self.hour)


@dataclass(frozen=True, slots=True)
class PromisesBy:
    """How many promises of this line, hour or language became what."""

    by: str
    became: Became
    promises: int


@dataclass(frozen=True, slots=True)
class WaitedFor:
    """What callers have waited for a human, to reckon how patient they are."""

    answered: int
    waited: timedelta
    """Altogether, until somebody answered."""
    talked: timedelta
    """Altogether, from then until the call was over."""
    gave_up: int
    in_vain: timedelta
    """What those waited who hung up while they waited."""


def volume(tx: Tx, place: Place) -> list[Volume]:
    """When they began, the period's calls and threads each once; no calls of ours, and none of the staff."""
    at = _local(microseconds(contacts.c.opened_at), place)
    began = (
        select(
            ((at // (24 * _HOUR) + _EPOCH_WEEKDAY) % 7).label("weekday"),
            ((at // _HOUR) % 24).label("hour"),
            contacts.c.channel,
        )
        .where(*began_in(place.period), contacts.c.outbound.is_(False), NOT_STAFF, *_of_lines(place.lines))
        .subquery()
    )
    by = (began.c.weekday, began.c.hour, began.c.channel)
    query = select(*by, func.count().label("number")).group_by(*by).order_by(*by)
    return [
        Volume(one.weekday, one.hour, as_kept(Channel, one.channel), one.number)
        for one in rows.many(tx, query)
    ]


def live(tx: Tx, place: Place) -> list[TimedTalk]:
    """Each talk that `waits.live` counts."""
    return _talks(tx, live_talks(place.period), place)


def rung_back(tx: Tx, place: Place) -> list[TimedTalk]:
    """Each talk that `waits.rung_back` counts."""
    return _talks(tx, rung_back_talks(place.period), place)


def split(talks: Iterable[TimedTalk], by: By) -> list[Percentiles]:
    """How long it took, by line, hour or language: nearest rank, as `waits.percentiles` finds it in the database; here
    it is found for all splits of the same talks."""
    waits: defaultdict[str | None, list[int]] = defaultdict(list)
    for one in talks:
        waits[one.by(by)].append(one.wait)
    return [_percentiles(by, sorted(each)) for by, each in waits.items()]


def _percentiles(by: str | None, waits: Sequence[int]) -> Percentiles:
    times = len(waits)
    p50, p90, p99 = (waits[(times * percent + 99) // 100 - 1] * MICROSECOND for percent in (50, 90, 99))
    return Percentiles(by, times, p50, p90, p99)


def promised(tx: Tx, place: Place, by: By) -> list[PromisesBy]:
    """`promises.count`, split; each promise once."""
    found = select(_of_promise(place, by).label("by"), became_by(place.period.until).label("became"))
    found = found.where(*made_in(place.period))
    if place.lines:
        found = found.where(promises.c.line.in_([one.value for one in place.lines]))
    if by is By.LANGUAGE:
        found = found.join(callbacks, callbacks.c.id == promises.c.callback_id)
    made = found.subquery()
    columns = (made.c.by, made.c.became)
    query = select(*columns, func.count().label("number")).group_by(*columns).order_by(*in_order(*columns))
    return [PromisesBy(str(one.by), Became(one.became), one.number) for one in rows.many(tx, query)]


def waited_for(tx: Tx, place: Place) -> WaitedFor:
    """Of the calls that began in the period and were over by its end."""
    call = contacts.c
    over = and_(call.ended_at.is_not(None), call.ended_at <= place.period.until)
    answered = and_(call.reached_at.is_not(None), call.reached_at <= call.ended_at)
    vain = and_(call.reached_at.is_(None), call.ended_in.in_([state.value for state in WAITED_IN]))
    opened, ended, reached = (microseconds(one) for one in (call.opened_at, call.ended_at, call.reached_at))

    def added(which: ColumnElement[bool], what: ColumnElement[int]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((which, what), else_=0)), 0)

    query = select(
        added(answered, literal(1)),
        added(answered, reached - opened),
        added(answered, ended - reached),
        added(vain, literal(1)),
        added(vain, ended - opened),
    ).where(*calls_in(place.period), over, *_of_lines(place.lines))
    n, waited, talked, gave_up, in_vain = (int(one) for one in tx.execute(query).one())
    return WaitedFor(n, waited * MICROSECOND, talked * MICROSECOND, gave_up, in_vain * MICROSECOND)


# --- the parts that questions are made of ----------------------------------------------------------------------


def _talks(tx: Tx, talks: Select[Any] | CompoundSelect[Any], place: Place) -> list[TimedTalk]:
    found = talks.subquery()
    hour = (_local(found.c.asked_at, place) // _HOUR) % 24
    query = select(found.c.by, found.c.language, hour, found.c.wait)
    if place.lines:
        query = query.where(found.c.by.in_([one.value for one in place.lines]))
    return [TimedTalk._make(one) for one in rows.many(tx, query)]


def _of_promise(place: Place, by: By) -> ColumnElement[Any]:
    match by:
        case By.ALL:
            return literal("all")
        case By.LINE:
            return promises.c.line
        case By.LANGUAGE:
            return callbacks.c.language
        case By.HOUR:
            return (_local(microseconds(promises.c.made_at), place) // _HOUR) % 24


def _of_lines(lines: Collection[Line]) -> tuple[ColumnElement[bool], ...]:
    """Whether a contact asked for one of these; nothing is asked if none is named."""
    return (line_asked_for().in_([one.value for one in lines]),) if lines else ()


def _local(at: ColumnElement[Any], place: Place) -> ColumnElement[int]:
    """Microseconds as a clock on the centre's wall would count them."""
    first, *changes = _offsets(place)
    shift: ColumnElement[int] = literal(first[1])
    if changes:
        shift = case(*((at >= since, ahead) for since, ahead in reversed(changes)), else_=first[1])
    moved: ColumnElement[int] = at + shift
    return moved


def _offsets(place: Place) -> list[tuple[int, int]]:
    """From when on (microseconds since 1970, UTC) the clock of the place is ahead of UTC by how much; the earliest
    first."""
    first = (place.period.since - _BEFORE).replace(minute=0, second=0, microsecond=0)

    def ahead(hours: int) -> timedelta:
        return (first + timedelta(hours=hours)).astimezone(place.zone).utcoffset() or timedelta(0)

    found = [((first - _EPOCH) // MICROSECOND, ahead(0) // MICROSECOND)]
    end = (place.period.until - first) // timedelta(hours=1) + 24
    for day in range(0, end, 24):
        before = ahead(day)
        if ahead(day + 24) != before:
            at = next(hour for hour in range(day, day + 25) if ahead(hour) != before)
            found.append(((first + timedelta(hours=at) - _EPOCH) // MICROSECOND, ahead(at) // MICROSECOND))
    return found
