"""One-time links with which staff get in: to choose a password, or, where nothing else is left, once as they are.

Of a code only a hash is kept. A link is used once; whoever gets another has the one before revoked.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select

from hotline.model import KeptWord, StaffId, as_kept
from hotline.store.database import Tx, rows
from hotline.store.database.tables import one_time_links


class LinkKind(KeptWord):
    """What a link is for."""

    INVITATION = "invitation"
    """To choose one's first password, and a second step."""
    RESET = "reset"
    """To choose another password: the one before has ended."""
    BREAK_GLASS = "break_glass"
    """To be in once, whatever else signing in asks for; by command only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OneTimeLink:
    """One of somebody's. Times are UTC."""

    id: str
    staff_id: StaffId
    kind: LinkKind
    code: str = field(repr=False)
    """A hash."""
    by: StaffId | None
    """Who made it; None: a command."""
    issued_at: datetime
    until: datetime
    used_at: datetime | None = None
    revoked_at: datetime | None = None
    version: int = 0

    def counts(self, now: datetime) -> bool:
        """Whether it still opens anything."""
        return self.used_at is None and self.revoked_at is None and now < self.until


def add(tx: Tx, one: OneTimeLink) -> None:
    """Keep a new one."""
    rows.add(tx, one_time_links, {"id": one.id, "version": 1, **_values(one)})
    tx.board_changed = True


def save(tx: Tx, one: OneTimeLink) -> OneTimeLink:
    """Save a change. Raises Stale."""
    version = rows.save(tx, one_time_links, {"id": one.id}, one.version, _values(one))
    tx.board_changed = True
    return replace(one, version=version)


def get(tx: Tx, link_id: str) -> OneTimeLink | None:
    """The one with this id, or None."""
    found = rows.by_id(tx, one_time_links, link_id)
    return None if found is None else _link(found)


def by_code(tx: Tx, hashed: str) -> OneTimeLink | None:
    """The one with this code, whether or not it still counts; or None."""
    found = rows.one(tx, select(one_time_links).where(one_time_links.c.code == hashed))
    return None if found is None else _link(found)


def unused(tx: Tx, staff_id: StaffId | None = None) -> list[OneTimeLink]:
    """Those that nobody has used or revoked, some of them too old: one person's or everybody's, the newest first."""
    query = select(one_time_links).where(
        one_time_links.c.used_at.is_(None), one_time_links.c.revoked_at.is_(None)
    )
    if staff_id is not None:
        query = query.where(one_time_links.c.staff_id == staff_id)
    return [_link(found) for found in rows.many(tx, query.order_by(one_time_links.c.issued_at.desc()))]


def _values(one: OneTimeLink) -> dict[str, object]:
    return {
        "staff_id": one.staff_id,
        "kind": one.kind.value,
        "code": one.code,
        "by_staff": one.by,
        "issued_at": one.issued_at,
        "until_at": one.until,
        "used_at": one.used_at,
        "revoked_at": one.revoked_at,
    }


def _link(found: rows.Found) -> OneTimeLink:
    return OneTimeLink(
        id=found.id,
        staff_id=found.staff_id,
        kind=as_kept(LinkKind, found.kind),
        code=found.code,
        by=found.by_staff,
        issued_at=found.issued_at,
        until=found.until_at,
        used_at=found.used_at,
        revoked_at=found.revoked_at,
        version=found.version,
    )
