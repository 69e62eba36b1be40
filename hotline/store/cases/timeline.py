"""The timeline: what happened to a contact, a callback or an escalation, in order, for people to read."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import or_, select

from hotline.model import CallbackId, ContactId, EscalationId, StaffId
from hotline.store.database import Tx, rows
from hotline.store.database.tables import timeline

_DETAIL = "timeline.detail"


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One line. `at` is UTC; `what` is a word of ours, `detail` may hold a person's (and is sealed)."""

    at: datetime
    what: str
    contact_id: ContactId | None = None
    callback_id: CallbackId | None = None
    escalation_id: EscalationId | None = None
    detail: str | None = field(default=None, repr=False)
    by_staff: StaffId | None = None
    id: int | None = field(default=None, compare=False)
    """None until it was written, and of what isn't kept here."""


def add(tx: Tx, line: TimelineRow) -> None:
    """Write one line; none is ever changed."""
    rows.add(tx, timeline, _values(tx, line))
    tx.board_changed = True


def add_all(tx: Tx, lines: Iterable[TimelineRow]) -> None:
    """Write many lines at once, in this order."""
    values = [_values(tx, line) for line in lines]
    rows.add_all(tx, timeline, values)
    tx.board_changed = tx.board_changed or bool(values)


def _values(tx: Tx, line: TimelineRow) -> dict[str, object]:
    return {
        "contact_id": line.contact_id,
        "callback_id": line.callback_id,
        "escalation_id": line.escalation_id,
        "at": line.at,
        "what": line.what,
        "detail": rows.sealed(tx, line.detail, _DETAIL, key_of_line(line)),
        "by_staff": line.by_staff,
    }


def of(
    tx: Tx,
    *,
    contact_id: ContactId | None = None,
    callback_id: CallbackId | None = None,
    escalation_id: EscalationId | None = None,
) -> list[TimelineRow]:
    """Every line about any of these, in the order in which they were written."""
    given = {"contact_id": contact_id, "callback_id": callback_id, "escalation_id": escalation_id}
    about = [timeline.c[name] == value for name, value in given.items() if value is not None]
    if not about:
        return []
    query = select(timeline).where(or_(*about)).order_by(timeline.c.id)
    return [_line(tx, found) for found in rows.many(tx, query)]


def of_case(
    tx: Tx,
    contacts: Collection[ContactId],
    callbacks: Collection[CallbackId],
    escalations: Collection[EscalationId],
) -> list[TimelineRow]:
    """Every line about any of all these, in the order in which they were written."""
    about = or_(
        timeline.c.contact_id.in_(sorted(contacts)),
        timeline.c.callback_id.in_(sorted(callbacks)),
        timeline.c.escalation_id.in_(sorted(escalations)),
    )
    return [
        _line(tx, found) for found in rows.many(tx, select(timeline).where(about).order_by(timeline.c.id))
    ]


def of_kinds(tx: Tx, contacts: Collection[ContactId], what: Collection[str]) -> list[TimelineRow]:
    """The lines of these kinds about any of these contacts, in the order in which they were written."""
    known: _ReadAhead | None = rows.known(tx, (timeline,), _AHEAD)
    if known is not None and known.contacts.issuperset(contacts) and known.what.issuperset(what):
        return [one for one in known.lines if one.contact_id in contacts and one.what in what]
    return _of_kinds(tx, contacts, what)


@dataclass(frozen=True, slots=True)
class _ReadAhead:
    contacts: frozenset[ContactId]
    what: frozenset[str]
    lines: tuple[TimelineRow, ...]


_AHEAD: Final = "ahead"


def read_ahead(tx: Tx, contacts: Collection[ContactId], what: Collection[str]) -> None:
    """Read these lines in one statement, and keep them for this transaction, for `of_kinds` to find some of them."""
    lines = tuple(_of_kinds(tx, contacts, what))
    rows.remember(tx, (timeline,), _AHEAD, _ReadAhead(frozenset(contacts), frozenset(what), lines))


def _of_kinds(tx: Tx, contacts: Collection[ContactId], what: Collection[str]) -> list[TimelineRow]:
    if not contacts:
        return []
    about = (timeline.c.contact_id.in_(sorted(contacts)), timeline.c.what.in_(sorted(what)))
    query = select(timeline).where(*about).order_by(timeline.c.id)
    return [_line(tx, found) for found in rows.many(tx, query)]


def key_of_line(line: TimelineRow | rows.Found) -> str:
    """What a line's words are bound to: its number isn't known before it is written."""
    return rows.row_key(line.contact_id, line.callback_id, line.escalation_id, rows.stamp(line.at), line.what)


def _line(tx: Tx, found: rows.Found) -> TimelineRow:
    return TimelineRow(
        at=found.at,
        what=found.what,
        contact_id=found.contact_id,
        callback_id=found.callback_id,
        escalation_id=found.escalation_id,
        detail=rows.opened(tx, found.detail, _DETAIL, key_of_line(found)),
        by_staff=found.by_staff,
        id=found.id,
    )
