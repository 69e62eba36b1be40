"""Codes that came by text from another phone than they were given to, or that were given to nobody: how often, when.

One row for whose code it was and whose phone it came from; it is counted up until somebody has seen to it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, or_, select

from hotline.model import StaffId
from hotline.store.database import Tx, rows
from hotline.store.database.tables import stray_codes

GUESSES: Final = 5
"""Codes of nobody from one phone, from which on they are taken for tries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StrayCode:
    """What came, of one kind. All times are UTC."""

    id: str
    given_to: StaffId | None
    """Whose code it was; None: nobody's."""
    sent_by: StaffId | None
    """Whose phone it came from; None: nobody's on the staff."""
    times: int
    last_at: datetime
    told_at: datetime | None = None
    """When supervisors were told of it last."""
    seen_by: StaffId | None = None
    seen_at: datetime | None = None
    version: int = 0


def counted(
    tx: Tx, given_to: StaffId | None, sent_by: StaffId | None, new_id: str, now: datetime
) -> StrayCode:
    """One more; with all of the same kind that nobody has seen to. Raises Stale if another comes at once."""
    tx.board_changed = True
    query = select(stray_codes).where(
        stray_codes.c.given_to.is_(None) if given_to is None else stray_codes.c.given_to == given_to,
        stray_codes.c.sent_by.is_(None) if sent_by is None else stray_codes.c.sent_by == sent_by,
        stray_codes.c.seen_at.is_(None),
    )
    found = rows.one(tx, query)
    if found is not None:
        before = _of_row(found)
        return save(tx, replace(before, times=before.times + 1, last_at=now))
    made = StrayCode(id=new_id, given_to=given_to, sent_by=sent_by, times=1, last_at=now)
    rows.add(tx, stray_codes, {"id": made.id, "version": 1, **_values(made)})
    return replace(made, version=1)


def save(tx: Tx, one: StrayCode) -> StrayCode:
    """Save what has come of it. Raises Stale if somebody else did meanwhile."""
    version = rows.save(tx, stray_codes, {"id": one.id}, one.version, _values(one))
    tx.board_changed = True
    return replace(one, version=version)


def get(tx: Tx, stray_id: str) -> StrayCode | None:
    """The one with this id, or None."""
    found = rows.by_id(tx, stray_codes, stray_id)
    return _of_row(found) if found is not None else None


def to_be_seen_to() -> ColumnElement[bool]:
    """What nobody has seen to, and is no single slip of the finger."""
    tries = or_(stray_codes.c.given_to.is_not(None), stray_codes.c.times >= GUESSES)
    return stray_codes.c.seen_at.is_(None) & tries


def unseen(tx: Tx) -> list[StrayCode]:
    """Those that somebody is to see to, the latest first."""
    query = select(stray_codes).where(to_be_seen_to())
    return [_of_row(one) for one in rows.many(tx, query.order_by(stray_codes.c.last_at.desc()))]


def _values(one: StrayCode) -> dict[str, object]:
    return {
        "given_to": one.given_to,
        "sent_by": one.sent_by,
        "times": one.times,
        "last_at": one.last_at,
        "told_at": one.told_at,
        "seen_by": one.seen_by,
        "seen_at": one.seen_at,
    }


def _of_row(found: rows.Found) -> StrayCode:
    return StrayCode(
        id=found.id,
        given_to=_staff(found.given_to),
        sent_by=_staff(found.sent_by),
        times=found.times,
        last_at=found.last_at,
        told_at=found.told_at,
        seen_by=_staff(found.seen_by),
        seen_at=found.seen_at,
        version=found.version,
    )


def _staff(found: str | None) -> StaffId | None:
    return StaffId(found) if found is not None else None
