"""Trainees who are called into a talk to hear it: asked, there, gone. They are in no list of who is at work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from hotline.model import ContactId, RoomName, StaffId
from hotline.store.database import Tx, rows
from hotline.store.database.tables import LISTENS, listeners


@dataclass(frozen=True, slots=True)
class ListenerRow:
    """One trainee, called into one talk. Times are UTC."""

    id: str
    room: RoomName
    contact_id: ContactId
    staff_id: StaffId
    let_in_by: StaffId
    """Who had the talk, and has said that the caller agrees."""
    asked_at: datetime
    call_sid: str | None = None
    joined_at: datetime | None = None
    """When they pressed 1: they hear the talk from then on."""
    ended_at: datetime | None = None
    version: int = 0
    """0 until it is added."""


def add(tx: Tx, row: ListenerRow) -> ListenerRow:
    """Keep a new one."""
    rows.add(tx, listeners, {"id": row.id, "version": 1, **_values(row)})
    tx.board_changed = True
    return replace(row, version=1)


def save(tx: Tx, row: ListenerRow) -> ListenerRow:
    """Keep a change. Raises Stale."""
    version = rows.save(tx, listeners, {"id": row.id}, row.version, _values(row))
    tx.board_changed = True
    return replace(row, version=version)


def get(tx: Tx, listener_id: str) -> ListenerRow | None:
    """The one with this id, or None. Its room is held."""
    found = rows.settled(tx, lambda: rows.by_id(tx, listeners, listener_id))
    return None if found is None else _row(found)


def there(tx: Tx, room: RoomName) -> list[ListenerRow]:
    """Who is called into this room, or in it, the first one first."""
    return [one for one in all_there(tx) if one.room == room]


def all_there(tx: Tx) -> list[ListenerRow]:
    """Every trainee who is called into a talk, or hears one, the first one first: a handful at most."""

    def read() -> Sequence[rows.Found]:
        query = select(listeners).where(LISTENS)
        return rows.many(tx, query.order_by(listeners.c.asked_at, listeners.c.id))

    return [_row(found) for found in rows.once(tx, (listeners,), "there", read)]


def _values(row: ListenerRow) -> dict[str, object]:
    return {
        "room": row.room,
        "contact_id": row.contact_id,
        "staff_id": row.staff_id,
        "let_in_by": row.let_in_by,
        "call_sid": row.call_sid,
        "asked_at": row.asked_at,
        "joined_at": row.joined_at,
        "ended_at": row.ended_at,
    }


def _row(found: rows.Found) -> ListenerRow:
    return ListenerRow(
        id=found.id,
        room=found.room,
        contact_id=found.contact_id,
        staff_id=found.staff_id,
        let_in_by=found.let_in_by,
        asked_at=found.asked_at,
        call_sid=found.call_sid,
        joined_at=found.joined_at,
        ended_at=found.ended_at,
        version=found.version,
    )
