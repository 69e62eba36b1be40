"""Callbacks: the rule's own object, with whom to ring and what it hangs together with."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, func, select

from hotline.callbacks.callback import Callback, CallbackKind, CallbackStatus
from hotline.model import (
    CallbackId,
    ContactId,
    EscalationId,
    Language,
    Line,
    Outcome,
    PhoneNumber,
    RoomName,
    as_kept,
)
from hotline.store.database import Tx, rows
from hotline.store.database.tables import PHONE, callbacks

OPEN = callbacks.c.status.in_(
    [status.value for status in CallbackStatus if status is not CallbackStatus.CLOSED]
)
CLOSED = callbacks.c.status == CallbackStatus.CLOSED.value
_NUMBER = "callbacks.number"


@dataclass(frozen=True, slots=True)
class CallbackRow:
    """A callback as it is kept. All times are UTC."""

    callback: Callback
    contact_id: ContactId
    """The contact that first asked for it."""
    room: RoomName
    number: PhoneNumber | None
    our_number: str
    """Which of our numbers the caller used last, as the carrier wrote it: they are rung back from that one."""
    call_contact_id: ContactId | None = None
    """The outgoing contact of the present attempt."""
    escalation_id: EscalationId | None = None
    told_supervisor: bool = False
    closed_at: datetime | None = None
    version: int = 0
    """0 until it is added."""


def add(tx: Tx, row: CallbackRow) -> CallbackRow:
    """Add a callback. Raises Duplicate if its id is known."""
    rows.add(tx, callbacks, {"id": row.callback.id, "version": 1, **_values(tx, row)})
    tx.board_changed = True
    return replace(row, version=1)


def save(tx: Tx, row: CallbackRow) -> CallbackRow:
    """Save a changed callback, with its next version. Raises Stale."""
    version = rows.save(tx, callbacks, {"id": row.callback.id}, row.version, _values(tx, row))
    tx.board_changed = True
    return replace(row, version=version)


def get(tx: Tx, callback_id: CallbackId) -> CallbackRow | None:
    """The callback, or None. Its room is held."""
    found = rows.settled(tx, lambda: rows.by_id(tx, callbacks, callback_id))
    return None if found is None else of_row(tx, found)


def open_for(tx: Tx, number: PhoneNumber) -> list[CallbackRow]:
    """Every open callback to this number, the oldest first: several people may have one telephone. It is held."""
    rows.hold_number(tx, number)

    def read() -> list[CallbackRow]:
        lookups = tx.keys.lookups(number.e164, PHONE)
        found = tx.execute(_OPEN_FOR, {"lookups": lookups}).all()
        for one in found:
            rows.keep(tx, callbacks, one)
        return [of_row(tx, one) for one in found]

    return rows.once(tx, (callbacks,), ("open", number), read)


def remember_open_for(tx: Tx, number: PhoneNumber, found: Sequence[CallbackRow]) -> None:
    """What is open for this number, the oldest first, as another question has found it."""
    rows.remember(tx, (callbacks,), ("open", number), list(found))


def remember_open(tx: Tx, numbers: Collection[PhoneNumber]) -> None:
    """Read what `open_for` finds for each of these at once; nothing is held."""
    whose = [lookup for number in numbers for lookup in tx.keys.lookups(number.e164, PHONE)]
    found = _many(tx, callbacks.c.number_lookup.in_(whose), OPEN) if whose else []
    for number in numbers:
        theirs = (row for row in found if row.number == number)
        remember_open_for(
            tx, number, sorted(theirs, key=lambda row: (row.callback.opened_at, row.callback.id))
        )


def remember_found_for(tx: Tx, number: PhoneNumber, found: Sequence[rows.Found], prefix: str) -> None:
    """The same, among what a statement has found about this number: their columns have this before their names."""
    theirs = rows.parts(found, callbacks, prefix)
    for one in theirs:
        rows.keep(tx, callbacks, one)
    in_order = sorted(theirs, key=lambda one: (one.opened_at, one.id))
    remember_open_for(tx, number, [of_row(tx, one) for one in in_order])


_OPEN_FOR = (
    select(callbacks)
    .where(callbacks.c.number_lookup.in_(bindparam("lookups", expanding=True)), OPEN)
    .order_by(callbacks.c.opened_at, callbacks.c.id)
)


def due(tx: Tx, now: datetime) -> list[CallbackRow]:
    """Waiting callbacks for which staff are to be rung by now, the earliest promise first."""
    return _many(tx, callbacks.c.status == CallbackStatus.WAITING.value, callbacks.c.due_at <= now)


def all_open(tx: Tx) -> list[CallbackRow]:
    """Every open callback, the earliest promise first."""
    return _many(tx, OPEN)


def closed_lately(tx: Tx, limit: int) -> list[CallbackRow]:
    """The callbacks closed last, the latest first."""
    query = (
        select(callbacks).where(CLOSED).order_by(callbacks.c.closed_at.desc(), callbacks.c.id).limit(limit)
    )
    return [of_row(tx, found) for found in rows.many(tx, query)]


def closed_at(tx: Tx, number: PhoneNumber, at: datetime) -> list[CallbackRow]:
    """The callbacks to this number that were closed at this moment, the oldest first. It is held."""
    rows.hold_number(tx, number)
    theirs = callbacks.c.number_lookup.in_(tx.keys.lookups(number.e164, PHONE))
    return sorted(
        _many(tx, theirs, CLOSED, callbacks.c.closed_at == at), key=lambda row: row.callback.opened_at
    )


def closed_as(tx: Tx, number: PhoneNumber, outcome: Outcome, since: datetime) -> list[CallbackRow]:
    """The callbacks to this number that were closed so, since then, and after which none was opened for the same line:
    the oldest first. It is held."""
    rows.hold_number(tx, number)

    def read() -> list[CallbackRow]:
        return _closed_as(tx, [number], outcome, since)[number]

    return rows.once(tx, (callbacks,), (outcome, since, number), read)


def remember_closed_as(tx: Tx, numbers: Collection[PhoneNumber], outcome: Outcome, since: datetime) -> None:
    """Read what `closed_as` finds for each of these at once; nothing is held."""
    for number, found in _closed_as(tx, numbers, outcome, since).items() if numbers else ():
        rows.remember(tx, (callbacks,), (outcome, since, number), found)


def _closed_as(
    tx: Tx, numbers: Collection[PhoneNumber], outcome: Outcome, since: datetime
) -> dict[PhoneNumber, list[CallbackRow]]:
    whose = {lookup: number for number in numbers for lookup in tx.keys.lookups(number.e164, PHONE)}
    c = callbacks.c
    theirs = c.number_lookup.in_(list(whose))
    by = (c.number_lookup, c.line)
    last: dict[tuple[PhoneNumber, str], datetime] = {}
    for one in rows.many(tx, select(*by, func.max(c.opened_at).label("at")).where(theirs).group_by(*by)):
        asked = whose[one.number_lookup], one.line
        last[asked] = max(one.at, last.get(asked, one.at))
    found: dict[PhoneNumber, list[CallbackRow]] = {number: [] for number in numbers}
    for row in _many(tx, theirs, c.outcome == outcome.value, CLOSED, c.closed_at >= since):
        number = row.number
        if number in found and row.closed_at and last[number, row.callback.line.value] <= row.closed_at:
            found[number].append(row)
    return {number: sorted(of, key=lambda row: row.callback.opened_at) for number, of in found.items()}


def to_numbers(tx: Tx, numbers: Collection[PhoneNumber]) -> list[CallbackRow]:
    """Every callback to one of these, open or not. Nothing is held."""
    lookups = [lookup for number in numbers for lookup in tx.keys.lookups(number.e164, PHONE)]
    return _many(tx, callbacks.c.number_lookup.in_(lookups)) if lookups else []


def several(tx: Tx, ids: Collection[CallbackId]) -> dict[CallbackId, CallbackRow]:
    """Those of these that there are. Nothing is held."""
    found = _many(tx, callbacks.c.id.in_(sorted(ids))) if ids else []
    return {row.callback.id: row for row in found}


def of_contact(tx: Tx, contact_id: ContactId) -> list[CallbackRow]:
    """Every callback that began with this contact, the earliest promise first."""
    return _many(tx, callbacks.c.contact_id == contact_id)


def _many(tx: Tx, *where: rows.Condition) -> list[CallbackRow]:
    query = select(callbacks).where(*where).order_by(callbacks.c.promised_at, callbacks.c.id)
    return [of_row(tx, found) for found in rows.many(tx, query)]


def _values(tx: Tx, row: CallbackRow) -> dict[str, object]:
    rule = row.callback
    return {
        "contact_id": row.contact_id,
        "room": row.room,
        "number": rows.sealed_number(tx, row.number, _NUMBER, rule.id),
        "number_lookup": rows.lookup(tx, row.number),
        "our_number": row.our_number,
        "line": rule.line.value,
        "language": rule.language.value,
        "status": rule.status.value,
        "opened_at": rule.opened_at,
        "due_at": rule.due_at,
        "promised_at": rule.promised_at,
        "attempts": rule.attempts,
        "owner": rule.owner,
        "lease_until": rule.lease_until,
        "outcome": rule.outcome.value if rule.outcome else None,
        "repeats": rule.repeats,
        "message_safe": rule.message_safe,
        "text_safe": rule.text_safe,
        "wanted_now": rule.wanted_now,
        "asked_later": rule.asked_later,
        "raised": rule.raised,
        "called_for": (CallbackKind.ASKED if rule.kind is CallbackKind.UNHEARD else rule.kind).value,
        "unheard": rule.kind is CallbackKind.UNHEARD or None,
        "call_contact_id": row.call_contact_id,
        "escalation_id": row.escalation_id,
        "told_supervisor": row.told_supervisor,
        "closed_at": row.closed_at,
    }


def of_row(tx: Tx, found: rows.Found) -> CallbackRow:
    """A callback as it was found: for the other modules of this floor."""
    return CallbackRow(
        callback=_rule(found),
        contact_id=found.contact_id,
        room=found.room,
        number=rows.opened_number(tx, found.number, _NUMBER, found.id),
        our_number=found.our_number or "",
        call_contact_id=found.call_contact_id,
        escalation_id=found.escalation_id,
        told_supervisor=found.told_supervisor,
        closed_at=found.closed_at,
        version=found.version,
    )


def _rule(found: rows.Found) -> Callback:
    return Callback(
        id=found.id,
        line=as_kept(Line, found.line),
        language=as_kept(Language, found.language),
        status=as_kept(CallbackStatus, found.status),
        opened_at=found.opened_at,
        due_at=found.due_at,
        promised_at=found.promised_at,
        attempts=found.attempts,
        owner=found.owner,
        lease_until=found.lease_until,
        outcome=as_kept(Outcome, found.outcome) if found.outcome else None,
        repeats=found.repeats,
        message_safe=found.message_safe,
        text_safe=found.text_safe,
        wanted_now=found.wanted_now,
        asked_later=found.asked_later,
        raised=found.raised,
        kind=CallbackKind.UNHEARD if found.unheard else as_kept(CallbackKind, found.called_for),
    )
