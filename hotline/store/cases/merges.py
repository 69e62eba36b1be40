"""Cases of one person that staff have merged, and how each was undone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from pydantic import TypeAdapter
from sqlalchemy import exists, or_, select

from hotline.model import CallbackId, ContactId, PhoneNumber, StaffId
from hotline.store.database import Tx, rows
from hotline.store.database.tables import contacts, merges

_MOVED: Final = TypeAdapter(list[str])


@dataclass(frozen=True, slots=True)
class MergeRow:
    """Two cases, by the contacts with which they began. Times are UTC."""

    id: str
    contact_id: ContactId
    other_id: ContactId
    callback_id: CallbackId | None
    """The callback that stays open, if both waited for one."""
    other_callback_id: CallbackId | None
    moved: tuple[ContactId, ...]
    """Who waits for the callback that stays since, and waited for the other."""
    before: str
    """What giving both back needs, as the caller of this module wrote it: no words of anybody's, and no numbers."""
    merged_at: datetime
    merged_by: StaffId
    undone_at: datetime | None = None
    undone_by: StaffId | None = None
    version: int = 0

    @property
    def cases(self) -> tuple[ContactId, ContactId]:
        """Both."""
        return self.contact_id, self.other_id


def add(tx: Tx, row: MergeRow) -> MergeRow:
    """Keep a new one."""
    rows.add(tx, merges, {"id": row.id, "version": 1, **_values(row)})
    tx.board_changed = True
    return replace(row, version=1)


def save(tx: Tx, row: MergeRow) -> MergeRow:
    """Keep a change. Raises Stale."""
    version = rows.save(tx, merges, {"id": row.id}, row.version, _values(row))
    tx.board_changed = True
    return replace(row, version=version)


def get(tx: Tx, merge_id: str) -> MergeRow | None:
    """The one with this id, or None."""
    found = rows.by_id(tx, merges, merge_id)
    return _row(found) if found is not None else None


def moved_from(tx: Tx, contact_id: ContactId, callback_id: CallbackId) -> ContactId | None:
    """With which contact the case of this one began before it was merged and waited for this callback; None: it was
    not."""
    began = None
    while True:
        stands = merges.c.callback_id == callback_id, merges.c.undone_at.is_(None)
        found = [_row(one) for one in rows.many(tx, select(merges).where(*stands))]
        merge = next((one for one in found if contact_id in one.moved), None)
        if merge is None or merge.other_callback_id is None:
            return began
        began, callback_id = merge.other_id, merge.other_callback_id


def cases_from(tx: Tx, number: PhoneNumber) -> list[ContactId]:
    """The merged cases that began with a call or a text from this number."""
    merged = or_(merges.c.contact_id == contacts.c.id, merges.c.other_id == contacts.c.id)
    query = select(contacts.c.id).where(
        rows.has_number(tx, contacts.c.caller_lookup, number),
        exists().where(merged, merges.c.undone_at.is_(None)),
    )
    return [found.id for found in rows.many(tx, query)]


def of_cases(tx: Tx, cases: Collection[ContactId]) -> list[MergeRow]:
    """What holds now about any of these cases, and about those that they are merged with; the oldest first."""
    known: dict[str, MergeRow] = {}
    sought = set(cases)
    while sought:
        found = _standing(tx, sought)
        met = {contact for one in found for contact in one.cases}
        seen = set(cases) | {contact for one in known.values() for contact in one.cases}
        known |= {one.id: one for one in found}
        sought = met - seen
    return sorted(known.values(), key=lambda one: (one.merged_at, one.id))


def _standing(tx: Tx, cases: Collection[ContactId]) -> list[MergeRow]:
    ids = sorted(cases)
    theirs = or_(merges.c.contact_id.in_(ids), merges.c.other_id.in_(ids))
    return [
        _row(found) for found in rows.many(tx, select(merges).where(theirs, merges.c.undone_at.is_(None)))
    ]


def _values(row: MergeRow) -> dict[str, object]:
    return {
        "contact_id": row.contact_id,
        "other_id": row.other_id,
        "callback_id": row.callback_id,
        "other_callback_id": row.other_callback_id,
        "moved": _MOVED.dump_json(list(row.moved)).decode(),
        "before": row.before,
        "merged_at": row.merged_at,
        "merged_by": row.merged_by,
        "undone_at": row.undone_at,
        "undone_by": row.undone_by,
    }


def _row(found: rows.Found) -> MergeRow:
    return MergeRow(
        id=found.id,
        contact_id=found.contact_id,
        other_id=found.other_id,
        callback_id=found.callback_id,
        other_callback_id=found.other_callback_id,
        moved=tuple(ContactId(one) for one in rows.read_as(_MOVED, found.moved)),
        before=found.before,
        merged_at=found.merged_at,
        merged_by=found.merged_by,
        undone_at=found.undone_at,
        undone_by=found.undone_by,
        version=found.version,
    )
