"""Warm hand-offs: which caller is put through to whom, by whom, and how far that has come."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from sqlalchemy import select

from hotline.model import ContactId, PageId, RoomName, StaffId, as_kept
from hotline.referral.hand_off import HandOffStatus
from hotline.store.database import Tx, rows
from hotline.store.database.tables import hand_offs

_ENTRY: Final = "hand_offs.entry"
_TO_WHOM: Final = "hand_offs.to_whom"


@dataclass(frozen=True, slots=True)
class HandOffRow:
    """One hand-off. Times are UTC."""

    id: str
    contact_id: ContactId
    room: RoomName
    """The caller's; the two who speak aside have one that is named after this."""
    page_id: PageId
    """The leg of whoever hands over."""
    entry: str = field(repr=False)
    """Whose it is in the directory; sealed, for it says what the caller needs."""
    to_whom: str = field(repr=False)
    """Its name, as it was then."""
    asked_by: StaffId
    asked_at: datetime
    status: HandOffStatus = HandOffStatus.RINGING
    provider_sid: str | None = None
    answered_at: datetime | None = None
    aside_at: datetime | None = None
    joined_at: datetime | None = None
    ended_at: datetime | None = None
    version: int = 0

    @property
    def aside(self) -> RoomName:
        """Where the two speak before the caller is put through."""
        return RoomName(self.id)


def add(tx: Tx, row: HandOffRow) -> HandOffRow:
    """Keep a new one."""
    rows.add(tx, hand_offs, {"id": row.id, "version": 1, **_values(tx, row)})
    tx.board_changed = True
    return replace(row, version=1)


def save(tx: Tx, row: HandOffRow) -> HandOffRow:
    """Keep a change. Raises Stale."""
    version = rows.save(tx, hand_offs, {"id": row.id}, row.version, _values(tx, row))
    tx.board_changed = True
    return replace(row, version=version)


def get(tx: Tx, hand_off_id: str) -> HandOffRow | None:
    """The hand-off, with its room held if we are writing; or None."""
    found = rows.settled(tx, lambda: rows.by_id(tx, hand_offs, hand_off_id))
    return _row(tx, found) if found is not None else None


def running_in(tx: Tx, room: RoomName) -> HandOffRow | None:
    """The one that goes on in this room, or None: there is never a second."""

    def read() -> HandOffRow | None:
        query = select(hand_offs).where(hand_offs.c.room == room, hand_offs.c.ended_at.is_(None))
        found = rows.one(tx, query)
        return _row(tx, found) if found is not None else None

    return rows.once(tx, (hand_offs,), ("running", room), read)


def of_room(tx: Tx, room: RoomName) -> list[HandOffRow]:
    """All in this room, the newest last."""
    query = select(hand_offs).where(hand_offs.c.room == room)
    return [_row(tx, one) for one in rows.many(tx, query.order_by(hand_offs.c.asked_at, hand_offs.c.id))]


def of_case(tx: Tx, contact_id: ContactId) -> list[HandOffRow]:
    """All of this contact, the newest last."""
    query = select(hand_offs).where(hand_offs.c.contact_id == contact_id)
    found = rows.many(tx, query.order_by(hand_offs.c.asked_at, hand_offs.c.id))
    return [_row(tx, one) for one in found]


def joined(tx: Tx, contacts: Collection[ContactId]) -> dict[ContactId, str]:
    """To whom each of these callers was put through last; who was to nobody is left out."""
    if not contacts:
        return {}
    query = select(hand_offs).where(
        hand_offs.c.contact_id.in_(sorted(contacts)), hand_offs.c.joined_at.is_not(None)
    )
    found = rows.many(tx, query.order_by(hand_offs.c.joined_at, hand_offs.c.id))
    return {ContactId(one.contact_id): _row(tx, one).to_whom for one in found}


def _values(tx: Tx, row: HandOffRow) -> Mapping[str, object]:
    return {
        "contact_id": row.contact_id,
        "room": row.room,
        "page_id": row.page_id,
        "entry": tx.keys.seal(row.entry, _ENTRY, row.id),
        "to_whom": tx.keys.seal(row.to_whom, _TO_WHOM, row.id),
        "status": row.status.value,
        "provider_sid": row.provider_sid,
        "asked_by": row.asked_by,
        "asked_at": row.asked_at,
        "answered_at": row.answered_at,
        "aside_at": row.aside_at,
        "joined_at": row.joined_at,
        "ended_at": row.ended_at,
    }


def _row(tx: Tx, found: rows.Found) -> HandOffRow:
    return HandOffRow(
        id=found.id,
        contact_id=ContactId(found.contact_id),
        room=RoomName(found.room),
        page_id=PageId(found.page_id),
        entry=tx.keys.open(found.entry, _ENTRY, found.id),
        to_whom=tx.keys.open(found.to_whom, _TO_WHOM, found.id),
        asked_by=StaffId(found.asked_by),
        asked_at=found.asked_at,
        status=as_kept(HandOffStatus, found.status),
        provider_sid=found.provider_sid,
        answered_at=found.answered_at,
        aside_at=found.aside_at,
        joined_at=found.joined_at,
        ended_at=found.ended_at,
        version=found.version,
    )
