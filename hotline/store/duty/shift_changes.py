"""What people have changed about the plan of duty: who is on as well, off, or on instead of whom, and who said so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from hotline.model import StaffId, as_kept
from hotline.oncall.schedule import Change, ChangeKind
from hotline.store.database import Tx, rows
from hotline.store.database.tables import shift_changes

LONG_OVER: Final = timedelta(days=1)
"""How long after its end a change is still asked for: nobody's clock is further behind."""
_OVERRULED: Final = "shift_changes.overruled"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftChange:
    """A change, and its history. Every datetime is UTC."""

    id: str
    schedule: str | None
    """None: of every schedule, as for somebody who is away."""
    change: Change
    made_by: StaffId | None
    """None: from the command line or a file."""
    made_at: datetime
    undone_by: StaffId | None = None
    undone_at: datetime | None = None
    ask: str | None = None
    """What was asked, of which it has come."""
    overruled: str | None = None
    """Why it may break a limit of rest or hours, in the words of whoever said so."""


def hold(tx: Tx) -> None:
    """Let nobody else change the plan of duty until the end: two who leave in the same moment must each see the other.

    Held after rooms and numbers. What was read of the plan before is forgotten.
    """
    rows.hold(tx, "the plan of duty")
    rows.forget(tx, shift_changes)


def add(tx: Tx, one: ShiftChange) -> None:
    """Write it down; it counts from now on. Those that are long over are put aside."""
    over = [shift_changes.c.counts.is_(True), shift_changes.c.ends_at < one.made_at - LONG_OVER]
    rows.change(tx, shift_changes, over, {"counts": False})
    values = {
        "id": one.id,
        "schedule": one.schedule,
        "kind": one.change.kind.value,
        "person": one.change.person,
        "instead_of": one.change.instead_of,
        "starts_at": one.change.starts,
        "ends_at": one.change.ends,
        "made_by": one.made_by,
        "made_at": one.made_at,
        "undone_by": None,
        "undone_at": None,
        "counts": True,
        "ask": one.ask,
        "overruled": rows.sealed(tx, one.overruled, _OVERRULED, one.id),
    }
    rows.add(tx, shift_changes, values)
    tx.board_changed = True


def moment_after_all(tx: Tx, now: datetime) -> datetime:
    """`now`, or just after the newest that counts: each changes what the earlier ones left, so no two are at once."""
    newest = max((one.made_at for one in counting(tx)), default=None)
    return now if newest is None else max(now, newest + timedelta(microseconds=1))


def undo(tx: Tx, change_id: str, by: StaffId | None, now: datetime) -> bool:
    """It counts no more, and is kept; False if there is none that counts."""
    here = [shift_changes.c.id == change_id, shift_changes.c.counts.is_(True)]
    tx.board_changed = True
    return rows.change(tx, shift_changes, here, {"counts": False, "undone_by": by, "undone_at": now}) == 1


def counting(tx: Tx) -> list[ShiftChange]:
    """Those that are neither undone nor long over, in the order in which they were made."""
    query = select(shift_changes).where(shift_changes.c.counts.is_(True))
    return [
        _of_row(tx, found)
        for found in rows.many(tx, query.order_by(shift_changes.c.made_at, shift_changes.c.id))
    ]


def get(tx: Tx, change_id: str) -> ShiftChange | None:
    """The one with this id, whatever became of it, or None."""
    found = rows.one(tx, select(shift_changes).where(shift_changes.c.id == change_id))
    return _of_row(tx, found) if found is not None else None


def of_ask(tx: Tx, ask_id: str) -> list[ShiftChange]:
    """What has come of something that was asked, and isn't undone."""
    here = shift_changes.c.ask == ask_id, shift_changes.c.undone_at.is_(None)
    query = select(shift_changes).where(*here).order_by(shift_changes.c.made_at, shift_changes.c.id)
    return [_of_row(tx, found) for found in rows.many(tx, query)]


def _of_row(tx: Tx, found: rows.Found) -> ShiftChange:
    return ShiftChange(
        id=found.id,
        schedule=found.schedule,
        change=Change(
            kind=as_kept(ChangeKind, found.kind),
            person=StaffId(found.person),
            starts=found.starts_at,
            ends=found.ends_at,
            instead_of=StaffId(found.instead_of) if found.instead_of is not None else None,
        ),
        made_by=StaffId(found.made_by) if found.made_by is not None else None,
        made_at=found.made_at,
        undone_by=StaffId(found.undone_by) if found.undone_by is not None else None,
        undone_at=found.undone_at,
        ask=found.ask,
        overruled=rows.opened(tx, found.overruled, _OVERRULED, found.id),
    )
