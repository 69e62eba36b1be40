"""Cases by what is known of them: each callback is one, and so is each call or text that led to none.

A page of them costs a few statements, each into an index of its own, whatever else is asked: of those that are over in
indices that nothing which is going on moves (`closed_at`, `ended_at`), of those that are open by the few that are. The
latest come first, and the next page begins behind the last one's key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    TextClause,
    UnaryExpression,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.sql.operators import custom_op

from hotline.callbacks.callback import CallbackKind, CallbackStatus
from hotline.model import (
    ASIDE,
    CallbackId,
    Channel,
    ContactId,
    Language,
    Line,
    Outcome,
    PhoneNumber,
    StaffId,
    Subject,
    as_kept,
)
from hotline.oncall.escalation import EscalationStatus
from hotline.store.database import Tx, UtcMicros, rows
from hotline.store.database.tables import (
    CALLED_IN_DANGER,
    CAME_IN,
    NO_CALLBACK,
    OWED_IN_DANGER,
    PHONE,
    callbacks,
    contacts,
    escalations,
)


class CaseKind(StrEnum):
    """How somebody came to us."""

    CALL = "call"
    TEXT = "text"
    WEBSITE = "website"
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases are wanted; what is None is any. Times are UTC."""

    number: PhoneNumber | None = field(default=None, repr=False)
    reference: str = ""
    """How the id of the callback, or of the contact, begins."""
    since: datetime | None = None
    until: datetime | None = None
    line: Line | None = None
    language: Language | None = None
    kind: CaseKind | None = None
    outcome: Outcome | None = None
    still_open: bool = False
    by: StaffId | None = None
    """Who had it."""
    reached_at: PhoneNumber | None = None
    """The number of ours that they used last."""


@dataclass(frozen=True, slots=True)
class Sides:
    """What whoever asks may see: one side, both, or neither; and whatever was their own."""

    admissions: bool
    clinical: bool
    viewer: StaffId


@dataclass(frozen=True, slots=True)
class FoundAt:
    """A case's key: the next page begins behind the last one's."""

    at: datetime
    id: str


@dataclass(frozen=True, slots=True)
class FoundCase:
    """One case."""

    key: FoundAt
    """By it the pages are cut: of an emergency that is called back, when they were last gone from the line."""
    contact: ContactId
    """Whose page it has."""
    callback: CallbackId | None
    kind: CaseKind
    channel: Channel | None
    """By which they came; None: one that only a later version knows."""
    called_for: CallbackKind | None
    """Why somebody is called: None where nobody is."""
    line: Line | None
    language: Language
    outcome: Outcome | None
    open: bool
    by: StaffId | None
    number: PhoneNumber | None = field(repr=False)
    reached_at: str = ""
    """The number of ours that they used last, with its service where that isn't SMS or telephony."""
    began: datetime | None = None
    """When an emergency that is called back began (UTC): its callback counts from the last time they were gone."""

    @property
    def at(self) -> datetime:
        """When it was asked for, or began (UTC)."""
        return self.began or self.key.at

    @property
    def reference(self) -> str:
        """The id that people name by its beginning."""
        return self.callback or self.contact


@dataclass(frozen=True, slots=True)
class FoundPage:
    """Some of the cases, the latest first; `behind` is where the next page begins, None on the last one."""

    cases: tuple[FoundCase, ...]
    behind: FoundAt | None


def find(tx: Tx, wanted: CaseFilter, sides: Sides, at_most: int, before: FoundAt | None = None) -> FoundPage:
    """The wanted cases that these sides may see; `before`: only those behind this one.

    On a page the latest to begin are first; which cases are on it is decided by their keys.
    """
    if tx.connection.dialect.name == "postgresql":
        # It would read all by their time, hoping to meet fifty soon, where a page elsewhere counts as four.
        tx.connection.exec_driver_sql("SET LOCAL random_page_cost = 1.1")
        tx.connection.exec_driver_sql("SET LOCAL max_parallel_workers_per_gather = 0")
    asked = _Asked(tx, wanted, sides, at_most + 1, before)
    found = [*_callbacks(asked), *(_had(asked) if wanted.by is not None else _contacts(asked))]
    ordered = sorted(found, key=lambda one: (one.key.at, one.key.id), reverse=True)
    page = ordered[:at_most]
    behind = page[-1].key if len(ordered) > at_most else None
    shown = sorted(_once(page), key=lambda one: (one.at, one.key.id), reverse=True)
    return FoundPage(tuple(_named(tx, shown)), behind)


def _once(page: Iterable[FoundCase]) -> Iterator[FoundCase]:
    """Each callback, and of the others each contact that none of these callbacks is about."""
    page = list(page)
    seen = {one.contact for one in page if one.callback is not None}
    for one in page:
        if one.callback is not None or one.contact not in seen:
            seen.add(one.contact)
            yield one


@dataclass(frozen=True, slots=True)
class _Asked:
    tx: Tx
    wanted: CaseFilter
    sides: Sides
    at_most: int
    before: FoundAt | None

    def lookups(self, column: ColumnElement[Any]) -> list[ColumnElement[bool]]:
        """By the number's hash under any key on the ring."""
        number = self.wanted.number
        return [column.in_(self.tx.keys.lookups(number.e164, PHONE))] if number is not None else []

    def prefix(self, column: ColumnElement[Any]) -> list[ColumnElement[bool]]:
        """By how the id begins; ids are hexadecimal, so that every order of letters agrees."""
        begin = self.wanted.reference
        return [column >= begin, column < begin + "g"] if begin else []

    def behind(self, at: ColumnElement[Any], key: ColumnElement[Any]) -> list[ColumnElement[bool]]:
        """Within the time, and behind the last page's key."""
        found = []
        if self.wanted.since is not None:
            found.append(at >= self.wanted.since)
        if self.wanted.until is not None:
            found.append(at < self.wanted.until)
        if self.before is not None:
            found.append(
                tuple_(at, key) < tuple_(literal(self.before.at, UtcMicros), literal(self.before.id))
            )
        return found

    def page(
        self, query: rows.Query, at: ColumnElement[Any], key: ColumnElement[Any]
    ) -> Sequence[rows.Found]:
        """The latest of these, behind the last page's key."""
        ordered = query.where(*self.behind(at, key)).order_by(at.desc(), key.desc()).limit(self.at_most)
        return rows.many(self.tx, ordered)

    def number_used(self, column: ColumnElement[Any]) -> list[ColumnElement[bool]]:
        """By the number of ours, whatever service it was used by."""
        ours = self.wanted.reached_at
        return [] if ours is None else [or_(column == ours.e164, column.like(f"%:{ours.e164}"))]

    def narrow(self) -> bool:
        """A number or an id is named: that says more than all else."""
        return self.wanted.number is not None or bool(self.wanted.reference)

    def equal(self, **columns: ColumnElement[Any]) -> list[ColumnElement[bool]]:
        """Outcome, owner, line and language, as far as they are asked for. One of them is found in an index, and the
        others are looked at there: SQLite knows no sizes, so it isn't left to choose."""
        asked = {
            "by": self.wanted.by,
            "outcome": self.wanted.outcome,
            "language": self.wanted.language,
            "line": self.wanted.line,
        }
        given = {name: asked[name] for name in columns if asked[name] is not None}
        few = self.narrow() or self.wanted.kind is CaseKind.EMERGENCY
        lead = None if few else next((name for name in given if self._leads(name)), None)
        return [
            (columns[name] if name == lead else self.unled(columns[name])) == value
            for name, value in given.items()
        ]

    def _leads(self, name: str) -> bool:
        return name in ("by", "outcome") or (name == "language" and self.wanted.language is not Language.EN)

    def unled(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """The same column, and no index leads by it."""
        if self.tx.connection.dialect.name != "sqlite":
            return column
        return UnaryExpression(column, operator=custom_op("+"), type_=column.type)


# --- callbacks -----------------------------------------------------------------------------------------------------

_OPEN: Final = [one.value for one in CallbackStatus if one is not CallbackStatus.CLOSED]
_ASIDE: Final = [one.value for one in ASIDE]
_STANDS: Final = [one.value for one in EscalationStatus if one is not EscalationStatus.CLOSED]
_FOLLOW_UP: Final = CallbackKind.FOLLOW_UP.value
_EMERGENCY: Final = Line.EMERGENCY.value


def _callbacks(asked: _Asked) -> Iterable[FoundCase]:
    wanted, c = asked.wanted, callbacks.c
    asked_in = callbacks.outerjoin(contacts, contacts.c.id == c.contact_id)
    query = (
        select(
            callbacks, contacts.c.channel.label("channel"), escalations.c.opened_at.label("emergency_began")
        )
        .select_from(asked_in.outerjoin(escalations, escalations.c.id == c.escalation_id))
        .where(
            *asked.lookups(c.number_lookup),
            *asked.prefix(c.id),
            *asked.number_used(c.our_number),
            *_side_of_callbacks(asked),
            *_kind(asked, OWED_IN_DANGER, asked.unled(c.line), contacts.c.channel),
        )
    )
    of_open = query.where(c.status.in_(_OPEN), *_of_open(asked))
    found = list(asked.page(of_open, asked.unled(c.opened_at), c.id)) if wanted.outcome is None else []
    if not wanted.still_open:
        equal = asked.equal(by=c.owner, outcome=c.outcome, language=c.language, line=c.line)
        found += asked.page(query.where(c.closed_at.is_not(None), *equal), c.opened_at, c.id)
    return (_callback(asked.tx, one) for one in found)


def _of_open(asked: _Asked) -> list[ColumnElement[bool]]:
    """They are few, and found by that."""
    c, wanted = callbacks.c, asked.wanted
    equal = ((c.owner, wanted.by), (c.language, wanted.language), (c.line, wanted.line))
    return [asked.unled(column) == value for column, value in equal if value is not None]


def _side_of_callbacks(asked: _Asked) -> list[ColumnElement[bool]]:
    c, sides = callbacks.c, asked.sides
    clinical = or_(c.line == _EMERGENCY, c.called_for == _FOLLOW_UP)
    if sides.admissions and sides.clinical:
        return []
    if sides.admissions:
        return [or_(~clinical, c.owner == sides.viewer), *_no_open_emergency(c.room)]
    return [or_(clinical, c.owner == sides.viewer) if sides.clinical else c.owner == sides.viewer]


def _no_open_emergency(room: ColumnElement[Any]) -> list[ColumnElement[bool]]:
    here = escalations.c
    dangerous = select(here.room).where(here.status.in_(_STANDS), here.subject == Subject.EMERGENCY.value)
    return [room.not_in(dangerous)]


def _kind(
    asked: _Asked, danger: TextClause, line: ColumnElement[Any], channel: ColumnElement[Any]
) -> list[ColumnElement[bool] | TextClause]:
    match asked.wanted.kind:
        case CaseKind.EMERGENCY:
            return [danger]  # as in the index
        case CaseKind.CALL:
            return [channel == Channel.VOICE.value, or_(line.is_(None), line != _EMERGENCY)]
        case CaseKind.TEXT:
            return [channel == Channel.TEXT.value, or_(line.is_(None), line != _EMERGENCY)]
        case CaseKind.WEBSITE:
            return [channel == Channel.WEBSITE.value]
        case None:
            return []


def _callback(tx: Tx, one: Any) -> FoundCase:
    line = as_kept(Line, one.line)
    return FoundCase(
        key=FoundAt(one.opened_at, one.id),
        contact=ContactId(one.contact_id),
        callback=CallbackId(one.id),
        kind=_kind_of(line, one.channel),
        channel=_channel(one.channel),
        called_for=as_kept(CallbackKind, one.called_for),
        line=line,
        language=as_kept(Language, one.language),
        outcome=_said(one.outcome),
        open=one.closed_at is None,
        by=one.owner,
        number=rows.opened_number(tx, one.number, "callbacks.number", one.id),
        reached_at=one.our_number or "",
        began=one.emergency_began if line is Line.EMERGENCY else None,
    )


def _kind_of(line: Line | None, channel: str | None) -> CaseKind:
    if line is Line.EMERGENCY:
        return CaseKind.EMERGENCY
    return _OF_CHANNEL.get(channel or "", CaseKind.CALL)


def _channel(channel: str | None) -> Channel | None:
    return Channel(channel) if channel in set(Channel) else None


_OF_CHANNEL: Final = {Channel.TEXT.value: CaseKind.TEXT, Channel.WEBSITE.value: CaseKind.WEBSITE}


def _said(outcome: str | None) -> Outcome | None:
    return as_kept(Outcome, outcome) if outcome is not None else None


# --- calls and texts that led to none ------------------------------------------------------------------------------


def _contacts(asked: _Asked) -> Iterable[FoundCase]:
    wanted, c = asked.wanted, contacts.c
    query = _of_contacts(asked, select(contacts)).where(*asked.lookups(c.caller_lookup), *asked.prefix(c.id))
    if not asked.narrow():
        query = query.where(NO_CALLBACK)
    of_open = query.where(c.ended_at.is_(None), *_of_open_contacts(asked))
    found = list(asked.page(of_open, asked.unled(c.opened_at), c.id)) if wanted.outcome is None else []
    if not wanted.still_open:
        over = query.where(c.ended_at.is_not(None))
        equal = asked.equal(outcome=c.outcome, language=c.language, line=c.line)
        if wanted.outcome is not None:
            # What staff have said of a talk says more than that they were reached.
            said = asked.equal(outcome=c.said, language=c.language, line=c.line)
            found += asked.page(over.where(*said), c.opened_at, c.id)
            equal.append(c.said.is_(None))
        found += asked.page(over.where(*equal), c.opened_at, c.id)
    return (_contact(asked.tx, one, FoundAt(one.opened_at, one.id), None) for one in found)


def _of_contacts(asked: _Asked, query: rows.Query) -> rows.Query:
    c = contacts.c
    return query.where(
        CAME_IN,
        *asked.number_used(c.our_number),
        *_side_of_contacts(asked),
        *_kind(asked, CALLED_IN_DANGER, asked.unled(c.line), asked.unled(c.channel)),
    )


def _of_open_contacts(asked: _Asked) -> list[ColumnElement[bool]]:
    c, wanted = contacts.c, asked.wanted
    equal = ((c.language, wanted.language), (c.line, wanted.line))
    return [asked.unled(column) == value for column, value in equal if value is not None]


def _side_of_contacts(asked: _Asked) -> list[ColumnElement[bool]]:
    c, sides = contacts.c, asked.sides
    if sides.admissions and sides.clinical:
        return []
    if sides.admissions:
        return [or_(c.line.is_(None), c.line != _EMERGENCY), *_no_open_emergency(c.room)]
    return [c.line == _EMERGENCY] if sides.clinical else [literal(1) == 0]


def _had(asked: _Asked) -> Iterable[FoundCase]:
    """What one person had of them: by what they were asked for, with when that was."""
    wanted, c, had = asked.wanted, contacts.c, escalations.c
    columns = [*contacts.c, had.id.label("had_id"), had.opened_at.label("had_at"), had.accepted_by]
    query = select(*columns).select_from(escalations.join(contacts, c.id == had.contact_id))
    query = _of_contacts(asked, query).where(
        had.accepted_by == wanted.by,
        had.subject.not_in(_ASIDE),
        *asked.lookups(c.caller_lookup),
        *asked.prefix(c.id),
    )
    query = query if asked.narrow() else query.where(NO_CALLBACK)
    ended = func.coalesce(c.said, c.outcome)
    equal = ((ended, wanted.outcome), (c.language, wanted.language), (c.line, wanted.line))
    query = query.where(*(asked.unled(column) == value for column, value in equal if value is not None))
    if wanted.still_open:
        query = query.where(asked.unled(c.ended_at).is_(None))
    found = [
        *asked.page(query.where(had.closed_at.is_not(None)), had.opened_at, had.id),
        *asked.page(query.where(had.status.in_(_STANDS)), asked.unled(had.opened_at), had.id),
    ]
    return (_contact(asked.tx, one, FoundAt(one.had_at, one.had_id), one.accepted_by) for one in found)


def _contact(tx: Tx, one: Any, key: FoundAt, by: StaffId | None) -> FoundCase:
    line = as_kept(Line, one.line) if one.line is not None else None
    return FoundCase(
        key=key,
        contact=ContactId(one.id),
        callback=None,
        kind=_kind_of(line, one.channel),
        channel=_channel(one.channel),
        called_for=None,
        line=line,
        language=as_kept(Language, one.language),
        outcome=_said(one.said or one.outcome),
        open=one.ended_at is None,
        by=by,
        number=rows.opened_number(tx, one.caller_number, "contacts.caller_number", one.id),
        reached_at=one.our_number,
    )


def _named(tx: Tx, page: Sequence[FoundCase]) -> list[FoundCase]:
    """With who had what led to no callback, or is an emergency's: not who was asked in beside them."""
    unsaid = [one.contact for one in page if _has_nobody(one)]
    if not unsaid:
        return list(page)
    here, c = escalations.c, contacts.c
    own = select(here.contact_id, here.accepted_by, here.opened_at).where(
        here.contact_id.in_(unsaid), here.subject.not_in(_ASIDE)
    )
    # Who called in the emergency of a text of theirs is in that one.
    joined = select(c.id, here.accepted_by, here.opened_at).join_from(
        contacts, escalations, c.escalation_id == here.id
    )
    every = union_all(joined.where(c.id.in_(unsaid)), own).subquery("had")
    query = (
        select(every.c[0].label("contact_id"), every.c.accepted_by)
        .where(every.c.accepted_by.is_not(None))
        .order_by(every.c.opened_at)
    )
    had = {one.contact_id: one.accepted_by for one in rows.many(tx, query)}
    return [replace(one, by=had.get(one.contact)) if _has_nobody(one) else one for one in page]


def _has_nobody(one: FoundCase) -> bool:
    """Whether only what rang for it tells whose it was: an emergency is called back by the clock, too."""
    return one.by is None and (one.callback is None or one.kind is CaseKind.EMERGENCY)
