"""When the machine's clock is set, everything that is still open moves with it: what was due in a minute still is.

Durations are promises; the time on the wall is not. What somebody has asked for by the clock (a callback at six) stays
where it is, and so does all that is over.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import BigInteger, ColumnElement, and_, not_, or_, select, text, true, type_coerce

from hotline.store.database import Tx, rows, tables

_JUST_NOW: Final = timedelta(seconds=5)
"""What was written so lately may have been written by the new time already."""
_MICROSECOND: Final = timedelta(microseconds=1)
_CLOCK: Final = "clock"

_Open = tuple[ColumnElement[bool], tuple[ColumnElement[datetime], ...]]


def _open() -> tuple[_Open, ...]:
    contacts, callbacks, escalations, pages = (
        tables.contacts,
        tables.callbacks,
        tables.escalations,
        tables.pages,
    )
    outbox, seen, promises = tables.outbox, tables.calls_seen, tables.promises
    waits = callbacks.c.closed_at.is_(None)
    return (
        (
            contacts.c.ended_at.is_(None),
            (
                contacts.c.opened_at,
                contacts.c.last_turn_at,
                contacts.c.joined_at,
                contacts.c.fetching_at,
                contacts.c.left_alone_at,
                contacts.c.dialled_at,
            ),
        ),
        (waits, (callbacks.c.opened_at, callbacks.c.lease_until)),
        (and_(waits, not_(callbacks.c.asked_later)), (callbacks.c.due_at, callbacks.c.promised_at)),
        (promises.c.ended_at.is_(None), (promises.c.promised_at,)),
        (
            escalations.c.closed_at.is_(None),
            (
                escalations.c.opened_at,
                escalations.c.next_at,
                escalations.c.accepted_at,
                escalations.c.touched_at,
                escalations.c.not_taken_at,
            ),
        ),
        (pages.c.ended_at.is_(None), (pages.c.placed_at, pages.c.sent_at, pages.c.answered_at)),
        (
            outbox.c.settled_at.is_(None),
            (
                outbox.c.due_at,
                outbox.c.lease_until,
                outbox.c.created_at,
                outbox.c.claimed_at,
                outbox.c.first_claimed_at,
            ),
        ),
        (seen.c.final_status.is_(None), (seen.c.at, seen.c.asked_at)),
        (true(), (tables.callers.c.replies_since,)),
        (true(), (tables.sessions.c.begun_at, tables.sessions.c.touched_at)),
        (true(), (tables.sign_in_tries.c.last_at,)),
        (tables.one_time_links.c.used_at.is_(None), (tables.one_time_links.c.until_at,)),
        (true(), (tables.beats.c.at,)),
    )


def noticed(tx: Tx, now: datetime, by: timedelta) -> bool:
    """Whether this clock is the one that has to move what is open: of several on one machine, exactly one is."""
    beats = tables.beats
    found = rows.many(tx, select(beats.c.at).where(beats.c.name == _CLOCK))
    if not found or abs(now - found[0].at) < abs(by) / 2:
        return False
    return rows.change(tx, beats, [beats.c.name == _CLOCK, beats.c.at == found[0].at], {"at": now}) == 1


def ahead(tx: Tx, now: datetime) -> timedelta:
    """How far in the future a clock has last shown itself: the leap that nobody saw, while all clocks were down."""
    beats = tables.beats
    found = rows.many(tx, select(beats.c.at).where(beats.c.name == _CLOCK))
    return max(timedelta(0), found[0].at - now) if found else timedelta(0)


def move(tx: Tx, now: datetime, by: timedelta) -> None:
    """Move what is open by a leap: `by` is the new time minus what it would have been. `now` is the new time."""
    for is_open, columns in _open():
        for column in columns:
            old = column < now - _JUST_NOW
            if by < timedelta(0):
                old = or_(old, column > now)
            rows.change(
                tx,
                column.table,
                [is_open, old],
                {column.name: type_coerce(column, BigInteger) + by // _MICROSECOND},
            )


def database_time(tx: Tx) -> datetime | None:
    """What time it is for the database server; None if it has no clock of its own."""
    if tx.connection.dialect.name != "postgresql":
        return None
    micros = tx.execute(text("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"))
    return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=int(micros.scalar_one()))
