"""The audit trail's chain: each entry's digest covers the entry and the digest before it, so that none can be changed,
taken out or put between others without breaking it.

Whoever writes an entry knows nothing of the chain and waits for nobody: entries are sealed after their commit, in short
batches, by the clock. Until then they are the tail, which is counted and shown. A digest is SHA-256 over ids and words
of ours, so anybody with the tables can check it; the last of each batch carries a mark, made with the sealing key, so
that nobody without that key can make the chain anew. That its end was cut off is seen only by whoever has kept a head.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, func, select

from hotline.store.database import Tx, rows
from hotline.store.database.tables import audit, audit_chain
from hotline.worded import worded

BATCH: Final = 200
"""Entries that are sealed in one transaction: some 10 ms, so that no caller waits for it."""
_PAGE: Final = 1000
_LATE: Final = 1000
"""So many entries may be sealed before one that was written earlier and committed later; what came still later is
looked for once a day."""
_WHERE: Final = "audit_chain.mark"
_CHAIN: Final = "audit chain"
"""What is held while entries are sealed: by those who seal only."""
_FORM: Final = 1
BEGINNING: Final = "0" * 64
"""What stands for the digest before the first one."""


@dataclass(frozen=True, slots=True)
class Head:
    """How far the chain goes: so many entries, and the digest that covers them all."""

    place: int
    digest: str

    def __str__(self) -> str:
        return f"{self.place}:{self.digest}"


NOTHING: Final = Head(0, BEGINNING)


@dataclass(frozen=True, slots=True)
class Tail:
    """What isn't sealed yet."""

    entries: int
    oldest: datetime | None
    """When the oldest of them was written (UTC)."""


@dataclass(frozen=True, slots=True)
class BrokenSeal:
    """The first thing that isn't as it was sealed."""

    place: int
    entry_id: int | None
    at: datetime | None
    """When the entry says that it was written (UTC)."""
    why: str
    """A few words of ours."""


@dataclass(frozen=True, slots=True)
class Marks:
    """Marks made with the sealing key: how many were right, how many nobody here could check; the last right one."""

    right: int
    unknown: int
    last: int


def head(tx: Tx) -> Head:
    """The chain's end now."""
    found = rows.one(tx, select(audit_chain).order_by(audit_chain.c.place.desc()).limit(1))
    return NOTHING if found is None else Head(found.place, found.digest)


def tail(tx: Tx) -> Tail:
    """What waits to be sealed, as far as it was written lately; see `strays`."""
    waiting = _waiting(_floor(tx)).subquery()
    counts = select(func.count().label("entries"), func.min(waiting.c.at).label("oldest"))
    found = tx.execute(counts).one()
    return Tail(found.entries, found.oldest)


def strays(tx: Tx) -> int | None:
    """The lowest number of an entry that isn't sealed, wherever it is; None: all are. Reads the whole trail."""
    found: int | None = tx.execute(select(func.min(_waiting(0).subquery().c.id))).scalar()
    return found


def seal(tx: Tx, now: datetime, *, since: int | None = None) -> int:
    """Seal the next entries; how many they were. `since`: look from this entry on, and not from the last ones.

    Raises Duplicate if another process has sealed them meanwhile.
    """
    rows.hold(tx, _CHAIN)
    before = head(tx)
    floor = _floor(tx) if since is None else since - 1
    found = rows.many(tx, _waiting(floor).order_by(audit.c.id).limit(BATCH))
    place, digest = before.place, before.digest
    for number, one in enumerate(found, 1):
        place, digest = place + 1, _digest(place + 1, digest, one, now)
        mark = tx.keys.signed(digest, _WHERE) if number == len(found) else None
        values = {"place": place, "entry_id": one.id, "sealed_at": now, "digest": digest, "mark": mark}
        rows.add(tx, audit_chain, values)
    return len(found)


def _floor(tx: Tx) -> int:
    """Up to this one everything is sealed, but for what was committed long after it was written."""
    lately = select(audit_chain.c.entry_id).order_by(audit_chain.c.place.desc()).limit(_LATE).subquery()
    counts = select(func.count().label("entries"), func.min(lately.c.entry_id).label("low"))
    found = tx.execute(counts.select_from(lately)).one()
    return int(found.low) - 1 if found.entries == _LATE else 0


def _waiting(floor: int) -> rows.Query:
    sealed = select(audit_chain.c.entry_id).where(audit_chain.c.entry_id == audit.c.id).exists()
    return select(audit).where(audit.c.id > floor, ~sealed)


def _digest(place: int, before: str, entry: Any, sealed_at: datetime) -> str:
    said = [
        _FORM,
        place,
        before,
        entry.id,
        rows.stamp(entry.at),
        entry.staff_id,
        entry.action,
        entry.subject_kind,
        entry.subject_id,
        rows.stamp(sealed_at),
    ]
    return hashlib.sha256(json.dumps(said, separators=(",", ":")).encode()).hexdigest()


# --- checking ----------------------------------------------------------------------------------------------------


class Verifying:
    """Goes along the chain, page by page, until its end or the first thing that isn't as it was sealed."""

    def __init__(self, after: Head = NOTHING, anchors: Sequence[Head] = ()) -> None:
        """`after`: where to begin; what lies before is believed. `anchors`: heads that somebody has kept."""
        self.head = after
        self.broken: BrokenSeal | None = None
        self.marks = Marks(0, 0, 0)
        self._ends_marked = True
        self._anchors = {one.place: one.digest for one in anchors}
        self._anchors_left = {one.place for one in anchors if one.place > after.place}

    def page(self, tx: Tx) -> bool:
        """Check the next entries; whether there may be more. Each page may be a transaction of its own."""
        found = tx.execute(_AFTER, {"after": self.head.place}).all()
        for one in found:
            self._one(tx, one)
            if self.broken is not None:
                return False
        if len(found) == _PAGE:
            return True
        if self._anchors_left:
            self._cut_off(worded("a head was kept that lies behind it"))
        elif not self._ends_marked:
            self._cut_off(worded("each batch ends with a mark, and this one doesn't"))
        return False

    def _cut_off(self, seen: str) -> None:
        self.broken = BrokenSeal(
            self.head.place, None, None, worded("the end was cut off: %(seen)s", seen=seen)
        )

    def _one(self, tx: Tx, one: Any) -> None:
        place = self.head.place + 1
        why = self._wrong(tx, one, place)
        if why is not None:
            self.broken = BrokenSeal(place, one.entry_id, one.at, why)
            return
        self.head = Head(place, one.digest)
        self._ends_marked = one.mark is not None
        self._anchors_left.discard(place)

    def _wrong(self, tx: Tx, one: Any, place: int) -> str | None:
        if one.place != place:
            return worded("a seal is missing")
        if one.id is None:
            return worded("the entry is gone")
        if _digest(place, self.head.digest, one, one.sealed_at) != one.digest:
            return worded("the entry, or its seal, was changed")
        if self._anchors.get(place, one.digest) != one.digest:
            return worded("it is not what it was when its head was kept: the chain was made anew")
        return self._mark(tx, one, place)

    def _mark(self, tx: Tx, one: Any, place: int) -> str | None:
        right = None if one.mark is None else tx.keys.is_signed(one.mark, one.digest, _WHERE)
        if right is False:
            return worded("its mark was made without the key: the chain was made anew")
        was = self.marks
        if right:
            self.marks = Marks(was.right + 1, was.unknown, place)
        elif one.mark is not None:
            self.marks = Marks(was.right, was.unknown + 1, was.last)
        return None


_AFTER = (
    select(
        audit_chain.c.place,
        audit_chain.c.entry_id,
        audit_chain.c.sealed_at,
        audit_chain.c.digest,
        audit_chain.c.mark,
        *audit.c,
    )
    .select_from(audit_chain.outerjoin(audit, audit.c.id == audit_chain.c.entry_id))
    .where(audit_chain.c.place > bindparam("after"))
    .order_by(audit_chain.c.place)
    .limit(_PAGE)
)


def marked_before(tx: Tx, entries: int) -> Head:
    """The last marked place that has at least so many entries behind it; the beginning, if there is none such."""
    now = head(tx)
    query = (
        select(audit_chain)
        .where(audit_chain.c.place <= now.place - entries, audit_chain.c.mark.is_not(None))
        .order_by(audit_chain.c.place.desc())
        .limit(1)
    )
    found = rows.one(tx, query)
    if found is None or not tx.keys.is_signed(found.mark, found.digest, _WHERE):
        return NOTHING
    return Head(found.place, found.digest)


def sealed_since(tx: Tx, entry_ids: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Of these entries those that are sealed, each with its place."""
    query = select(audit_chain.c.entry_id, audit_chain.c.place).where(audit_chain.c.entry_id.in_(entry_ids))
    for one in rows.many(tx, query):
        yield one.entry_id, one.place
