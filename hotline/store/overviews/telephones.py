"""Every telephone of the staff that is in use, and for what: read with one statement, and once. Nothing is held.

However many emergencies wait until somebody's phone is free, at most two of them are read, unless all of them are to be
shown: any two keep it from everything less, and from one another, as all of them do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    TextClause,
    bindparam,
    cast,
    literal,
    null,
    or_,
    select,
    text,
    true,
    union_all,
)

from hotline.model import How, RoomName, StaffId, Subject, as_kept
from hotline.store.cases import escalations as escalation_rows
from hotline.store.cases import pages as page_rows
from hotline.store.cases.pages import PageRow, PageState, Purpose
from hotline.store.database import Tx, UtcMicros, rows
from hotline.store.database.tables import (
    COVERED,
    COVERED_LESS,
    LINE_OPEN,
    PICKED_UP,
    PRESSING_TEXT,
    callbacks,
    calls_seen,
    escalations,
    pages,
    staff,
)

_OPEN, _COVERED, _OVER, _TEXT, _TOLD, _CODE = "open", "covered", "over", "text", "told", "code"
_AT_MOST = 2
LATELY: Final = timedelta(seconds=90)
"""Longer than the outcome menu takes; for whoever's hang-up we were never told of."""


@dataclass(frozen=True, slots=True)
class PhoneInUse:
    """A call to somebody that is not over, waits, or was over a moment ago; or a text that isn't over. UTC."""

    kind: str
    page: PageRow
    subject: Subject
    room: RoomName
    heard_at: datetime | None
    """When the carrier was last heard of it."""
    promised_at: datetime | None
    """Of the callback that it is about, if it is about one..."""
    owner: StaffId | None
    """...and who has that."""

    @property
    def last_sign(self) -> datetime:
        """When anything was last heard of it: from the carrier, or from them."""
        page = self.page
        signs = (page.placed_at, page.sent_at, page.answered_at, self.heard_at)
        return max(sign for sign in signs if sign is not None)


@dataclass(frozen=True, slots=True)
class Telephones:
    """All of these lines, the oldest first."""

    since: datetime | None
    """From when on what is over was read, too (UTC)."""
    lines: tuple[PhoneInUse, ...]
    last_text: Mapping[StaffId, datetime]
    """When the last text about something pressing was made for whoever had one lately (UTC). Of the hundreds that a few
    busy minutes bring, only this is read."""
    every: bool = False
    """All that waits was read, and every text about what is open that isn't over."""

    def running(self) -> list[PhoneInUse]:
        """Calls that are not over as far as we know, called off or not."""
        return [one for one in self.lines if one.kind == _OPEN]

    def waiting(self) -> list[PhoneInUse]:
        """Calls that wait until somebody's phone is free; if not every one was read, two of the emergencies of each."""
        return [one for one in self.lines if one.kind == _COVERED]

    def ending(self, since: datetime) -> list[PhoneInUse]:
        """Calls that were picked up, settled since then, and of whose end nothing was heard."""
        over = [one for one in self.lines if one.kind == _OVER]
        return [one for one in over if one.page.ended_at is not None and one.page.ended_at >= since]

    def talking(self) -> list[PhoneInUse]:
        """Calls on which somebody has pressed 1, and that are not over: they are in the room, or a moment from it."""
        return [one for one in self.running() if one.page.state is PageState.ACCEPTED]


_COLUMNS = (
    *pages.c,
    escalations.c.subject,
    escalations.c.room,
    calls_seen.c.at,
    callbacks.c.promised_at,
    callbacks.c.owner,
)
_ABOUT = (
    pages.join(escalations, escalations.c.id == pages.c.escalation_id)
    .outerjoin(calls_seen, calls_seen.c.call_sid == pages.c.provider_sid)
    .outerjoin(callbacks, callbacks.c.id == escalations.c.callback_id)
)
_SINCE = bindparam("since", type_=UtcMicros)


def _lines(kind: str, *where: rows.Condition | TextClause) -> rows.Query:
    return select(literal(kind).label("kind"), *_COLUMNS).select_from(_ABOUT).where(*where)


def _nth_emergency(nth: int) -> rows.Query:
    """One of the emergencies that wait for somebody's phone."""
    theirs = pages.alias("theirs")
    which = (
        select(theirs.c.id)
        .where(
            text("theirs.ended_at IS NULL AND theirs.state = 'covered'"),
            theirs.c.staff_id == staff.c.id,
            theirs.c.how == How.CALL.value,
            theirs.c.pressing.is_(True),
            theirs.c.purpose == Purpose.JOIN.value,
        )
        .order_by(theirs.c.sent_at)
        .limit(1)
        .offset(nth)
        .correlate(staff)
        .scalar_subquery()
    )
    about = staff.join(_ABOUT, pages.c.id == which)
    return select(literal(_COVERED).label("kind"), *_COLUMNS).select_from(about)


def _few_emergencies() -> rows.Query:
    """All of these at once, as PostgreSQL needs it said: asked by their ids it would go through every page there ever
    was, and SQLite has no lateral joins."""
    waits = (
        select(*pages.c)
        .where(
            text("pages.ended_at IS NULL AND pages.state = 'covered'"),
            pages.c.staff_id == staff.c.id,
            pages.c.how == How.CALL.value,
            pages.c.pressing.is_(True),
            pages.c.purpose == Purpose.JOIN.value,
        )
        .order_by(pages.c.sent_at)
        .limit(_AT_MOST)
        .correlate(staff)
        .lateral("waits")
    )
    about = (
        staff.join(waits, true())
        .join(escalations, escalations.c.id == waits.c.escalation_id)
        .outerjoin(calls_seen, calls_seen.c.call_sid == waits.c.provider_sid)
        .outerjoin(callbacks, callbacks.c.id == escalations.c.callback_id)
    )
    theirs = (waits.c[column.name] if column.table is pages else column for column in _COLUMNS)
    return select(literal(_COVERED).label("kind"), *theirs).select_from(about)


def _last_text() -> rows.Query:
    """The last text of each: one that waits to be merged with others, or was called off before it left, is none."""
    texts = pages.alias("texts")
    last = (
        select(texts.c.placed_at)
        .where(
            PRESSING_TEXT,
            texts.c.staff_id == staff.c.id,
            texts.c.placed_at > _SINCE,
            or_(texts.c.state == PageState.PLACED.value, texts.c.provider_sid.is_not(None)),
        )
        .order_by(texts.c.placed_at.desc())
        .limit(1)
        .correlate(staff)
        .scalar_subquery()
    )

    def shown(column: ColumnElement[Any]) -> ColumnElement[Any]:
        if column is pages.c.placed_at:
            return last
        return staff.c.id if column is pages.c.staff_id else cast(null(), column.type)

    return select(literal(_TEXT).label("kind"), *map(shown, _COLUMNS)).select_from(staff)


_RUNNING = _lines(_OPEN, LINE_OPEN)
_LESS_WAITS = _lines(_COVERED, COVERED_LESS, pages.c.how == How.CALL.value)
_SOME_WAIT = (_LESS_WAITS, *(_nth_emergency(nth) for nth in range(_AT_MOST)))
_SOME_WAIT_LATERAL = (_LESS_WAITS, _few_emergencies())
_ALL_WAIT = (
    _lines(_COVERED, COVERED, pages.c.how == How.CALL.value),
    _lines(_TOLD, escalation_rows.OPEN, pages.c.ended_at.is_(None), pages.c.how == How.TEXT.value),
)
_RECENT = (
    _lines(
        _OVER,
        PICKED_UP,
        pages.c.ended_at >= _SINCE,
        pages.c.provider_sid.is_not(None),
        calls_seen.c.final_status.is_(None),
    ),
    _last_text(),
)
_HAS_CODE = _lines(_CODE, pages.c.reference.in_(bindparam("codes", expanding=True)))


@cache
def _query(*, every: bool, lately: bool, codes: bool, lateral: bool) -> CompoundSelect[Any]:
    some, over = _SOME_WAIT_LATERAL if lateral else _SOME_WAIT, _RECENT if lately else ()
    waiting = _ALL_WAIT if every else some
    return union_all(_RUNNING, *waiting, *over, *((_HAS_CODE,) if codes else ()))


def look(tx: Tx, since: datetime | None = None, *, every: bool = False) -> Telephones:
    """The telephones as this transaction sees them, with what was over since then (UTC; by default lately), and with
    every page that isn't over, if that is asked for."""
    if since is None and tx.at is not None:
        since = tx.at - LATELY
    where = (pages, calls_seen, callbacks)  # what an escalation is about, and its room, never change
    known: Telephones | None = rows.known(tx, where, "telephones")
    enough = known is not None and (since is None or (known.since is not None and known.since <= since))
    if known is None or not enough or (every and not known.every):
        known = _read(tx, since, every=every)
        rows.remember(tx, where, "telephones", known)
    return known


def _read(tx: Tx, since: datetime | None, *, every: bool) -> Telephones:
    codes = page_rows.drawn(tx)
    lateral = tx.connection.dialect.name == "postgresql"
    query = _query(every=every, lately=since is not None, codes=bool(codes), lateral=lateral)
    given = {"since": since, "codes": codes}
    found = tx.execute(query, {name: value for name, value in given.items() if value}).all()
    taken = [(StaffId(one.staff_id), str(one.reference)) for one in found if one.kind == _CODE]
    page_rows.remember_references(tx, codes, taken)
    texts = {StaffId(one.staff_id): one.placed_at for one in found if one.kind == _TEXT and one.placed_at}
    lines = (
        PhoneInUse(
            kind=one.kind,
            page=page_rows.of_row(one),
            subject=as_kept(Subject, one.subject),
            room=one.room,
            heard_at=one.at,
            promised_at=one.promised_at,
            owner=one.owner,
        )
        for one in found
        if one.kind not in (_CODE, _TEXT)
    )
    in_order = sorted(lines, key=lambda one: (one.page.placed_at, one.page.id))
    return Telephones(since, tuple(in_order), texts, every)
