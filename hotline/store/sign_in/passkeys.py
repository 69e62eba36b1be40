"""Passkeys: of each the public half, which opens nothing; the other half never leaves its owner's device."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from hotline.model import StaffId
from hotline.store.database import Tx, rows
from hotline.store.database.tables import passkeys, spent_challenges

_NAME = "passkeys.name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """One of somebody's. Times are UTC."""

    id: str
    staff_id: StaffId
    credential: str
    """What its device calls it, in base64url."""
    public_key: str = field(repr=False)
    """COSE, in base64url."""
    name: str = field(repr=False)
    """What its owner calls it."""
    sign_count: int
    """How often it had signed when it was used last, by its own count; 0: it doesn't count."""
    created_at: datetime
    used_at: datetime | None = None
    stopped_at: datetime | None = None
    """Since when it opens nothing: its count went backwards, so there may be a copy of it."""
    version: int = 0


def add(tx: Tx, one: Passkey) -> None:
    """Keep a new one. Raises Duplicate for a credential that is known."""
    rows.add(tx, passkeys, {"id": one.id, "version": 1, **_values(tx, one)})


def save(tx: Tx, one: Passkey) -> Passkey:
    """Save a change. Raises Stale."""
    version = rows.save(tx, passkeys, {"id": one.id}, one.version, _values(tx, one))
    return replace(one, version=version)


def by_credential(tx: Tx, credential: str) -> Passkey | None:
    """The one that its device calls so, or None."""
    found = rows.one(tx, select(passkeys).where(passkeys.c.credential == credential))
    return None if found is None else _passkey(tx, found)


def of(tx: Tx, staff_id: StaffId) -> list[Passkey]:
    """All of somebody's, the oldest first."""
    query = select(passkeys).where(passkeys.c.staff_id == staff_id)
    return [_passkey(tx, one) for one in rows.many(tx, query.order_by(passkeys.c.created_at, passkeys.c.id))]


def owners(tx: Tx) -> frozenset[StaffId]:
    """Everybody who has one that opens something."""
    query = select(passkeys.c.staff_id).where(passkeys.c.stopped_at.is_(None)).distinct()
    return frozenset(found.staff_id for found in rows.many(tx, query))


def remove(tx: Tx, staff_id: StaffId, passkey_id: str) -> bool:
    """It opens nothing any more; whether it was theirs."""
    return rows.drop(tx, passkeys, passkeys.c.id == passkey_id, passkeys.c.staff_id == staff_id) == 1


def end_all(tx: Tx, staff_id: StaffId) -> int:
    """None of theirs opens anything any more; how many they had."""
    return rows.drop(tx, passkeys, passkeys.c.staff_id == staff_id)


def spend(tx: Tx, hashed: str, now: datetime, kept: timedelta) -> bool:
    """Use a challenge up, known by a hash; False if that was done before. `kept`: no challenge lasts longer."""
    tx.execute(delete(spent_challenges).where(spent_challenges.c.at < now - kept))
    return rows.add_if_new(tx, spent_challenges, {"id": hashed, "at": now})


def _values(tx: Tx, one: Passkey) -> dict[str, object]:
    return {
        "staff_id": one.staff_id,
        "credential": one.credential,
        "public_key": one.public_key,
        "name": tx.keys.seal(one.name, _NAME, one.id),
        "sign_count": one.sign_count,
        "created_at": one.created_at,
        "used_at": one.used_at,
        "stopped_at": one.stopped_at,
    }


def _passkey(tx: Tx, found: rows.Found) -> Passkey:
    return Passkey(
        id=found.id,
        staff_id=found.staff_id,
        credential=found.credential,
        public_key=found.public_key,
        name=tx.keys.open(found.name, _NAME, found.id),
        sign_count=found.sign_count,
        created_at=found.created_at,
        used_at=found.used_at,
        stopped_at=found.stopped_at,
        version=found.version,
    )
