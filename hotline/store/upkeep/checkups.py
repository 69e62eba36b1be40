"""The last check-up: what was found, when it was asked for, and who is at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from hotline.store.database import Tx, rows
from hotline.store.database.tables import checkups

_ID = 1
_FOUND = "checkups.found"


@dataclass(frozen=True, slots=True)
class CheckupRow:
    """All times are UTC."""

    asked_at: datetime | None = None
    begun_at: datetime | None = None
    ended_at: datetime | None = None
    found: str | None = None
    """What was found then, as it was written down."""

    @property
    def is_under_way(self) -> bool:
        """Asked for, and not yet told."""
        return self.asked_at is not None and (self.ended_at is None or self.ended_at < self.asked_at)


def get(tx: Tx) -> CheckupRow:
    """As it stands."""
    found = rows.one(tx, select(checkups).where(checkups.c.id == _ID))
    if found is None:
        return CheckupRow()
    told = rows.opened(tx, found.found, _FOUND, str(_ID))
    return CheckupRow(found.asked_at, found.begun_at, found.ended_at, told)


def ask(tx: Tx, now: datetime) -> None:
    """Somebody wants to know now."""
    _set(tx, {"asked_at": now})


def begin(tx: Tx, now: datetime, anew: datetime) -> bool:
    """Whether it is ours to do: nobody has begun since `anew`, or since it was asked for."""
    rows.add_if_new(tx, checkups, {"id": _ID})
    mine = or_(
        checkups.c.begun_at.is_(None), checkups.c.begun_at < anew, checkups.c.begun_at < checkups.c.asked_at
    )
    return rows.change(tx, checkups, [checkups.c.id == _ID, mine], {"begun_at": now}) == 1


def end(tx: Tx, now: datetime, found: str) -> None:
    """That is what was found."""
    _set(tx, {"ended_at": now, "found": rows.sealed(tx, found, _FOUND, str(_ID))})


def _set(tx: Tx, values: dict[str, object]) -> None:
    rows.add_if_new(tx, checkups, {"id": _ID})
    rows.change(tx, checkups, [checkups.c.id == _ID], values)
    tx.board_changed = True
