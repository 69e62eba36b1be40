"""The referral directory: programmes, helplines and dispatch centres. Nothing in it is about a caller."""

from __future__ import annotations

import json
from dataclasses import replace

from sqlalchemy import select

from hotline.lettering import folded_name
from hotline.model import StaffId, as_kept
from hotline.referral.directory_entry import DirectoryEntry, ReferralKind
from hotline.store.database import Tx, rows
from hotline.store.database.tables import directory_entries


def every(tx: Tx) -> list[DirectoryEntry]:
    """All that there ever were, the retired ones too, by name."""

    def read() -> list[DirectoryEntry]:
        query = select(directory_entries).order_by(directory_entries.c.folded)
        return [_entry(found) for found in rows.many(tx, query)]

    return rows.once(tx, (directory_entries,), "every", read)


def get(tx: Tx, entry_id: str) -> DirectoryEntry | None:
    """The entry, retired or not; or None."""
    found = rows.by_id(tx, directory_entries, entry_id)
    return _entry(found) if found is not None else None


def add(tx: Tx, entry: DirectoryEntry) -> DirectoryEntry:
    """Keep a new one. Raises Duplicate, at the end, if its name is another's."""
    tx.board_changed = True
    rows.add(tx, directory_entries, {"id": entry.id, "version": 1, **_values(entry)})
    return replace(entry, version=1)


def save(tx: Tx, entry: DirectoryEntry) -> DirectoryEntry:
    """Keep a change. Raises Stale."""
    tx.board_changed = True
    version = rows.save(tx, directory_entries, {"id": entry.id}, entry.version, _values(entry))
    return replace(entry, version=version)


def _values(entry: DirectoryEntry) -> dict[str, object]:
    lists = {
        key: json.dumps(list(getattr(entry, key)), ensure_ascii=False)
        for key in ("kinds", "numbers", "hours", "languages", "towns")
    }
    return {
        "name": entry.name,
        "folded": folded_name(entry.name),
        **lists,
        "timezone": entry.timezone,
        "hand_offs": entry.hand_offs,
        "phone_menu": entry.phone_menu,
        "notes": entry.notes,
        "source": entry.source,
        "active": entry.active,
        "changed_at": entry.changed_at,
        "changed_by": entry.changed_by,
    }


def _entry(found: rows.Found) -> DirectoryEntry:
    return DirectoryEntry(
        id=found.id,
        name=found.name,
        kinds=tuple(as_kept(ReferralKind, one) for one in json.loads(found.kinds)),
        numbers=tuple(json.loads(found.numbers)),
        hours=tuple(json.loads(found.hours)),
        timezone=found.timezone,
        languages=tuple(json.loads(found.languages)),
        towns=tuple(json.loads(found.towns)),
        hand_offs=found.hand_offs,
        phone_menu=found.phone_menu,
        notes=found.notes,
        source=found.source,
        active=found.active,
        changed_at=found.changed_at,
        changed_by=StaffId(found.changed_by) if found.changed_by else None,
        version=found.version,
    )
