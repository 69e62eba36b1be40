"""What members of staff prove themselves with beside a password: a secret that their phone's app shares with us.

The secret is sealed; of the recovery codes, which open the door when the phone is lost, only hashes are kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from hotline.model import StaffId
from hotline.store.database import Tx, rows
from hotline.store.database.tables import recovery_codes, second_factors

_SECRET: Final = "second_factors.secret"  # noqa: S105


@dataclass(frozen=True, slots=True)
class SecondFactorRow:
    """A secret that somebody's app has, or is about to have. Times are UTC."""

    staff_id: StaffId
    secret: str = field(repr=False)
    """Base32, as apps take it."""
    begun_at: datetime
    confirmed_at: datetime | None = None
    """When they first gave a right code; before that it is asked for nowhere."""
    last_step: int = 0
    """The time step (30 s since 1970) of the last code that was taken: no code is taken twice."""
    version: int = 0


def get(tx: Tx, staff_id: StaffId) -> SecondFactorRow | None:
    """Theirs, confirmed or not, or None."""
    found = rows.by_id(tx, second_factors, staff_id)
    if found is None:
        return None
    return SecondFactorRow(
        staff_id=found.id,
        secret=tx.keys.open(found.secret, _SECRET, staff_id),
        begun_at=found.begun_at,
        confirmed_at=found.confirmed_at,
        last_step=found.last_step,
        version=found.version,
    )


def confirmed(tx: Tx) -> frozenset[StaffId]:
    """Everybody who is asked for a code at sign-in."""
    query = select(second_factors.c.id).where(second_factors.c.confirmed_at.is_not(None))
    return frozenset(found.id for found in rows.many(tx, query))


def begin(tx: Tx, row: SecondFactorRow) -> None:
    """Keep a new secret, in place of any that they had."""
    end(tx, row.staff_id)
    rows.add(tx, second_factors, {"id": row.staff_id, "version": 1, **_values(tx, row)})


def save(tx: Tx, row: SecondFactorRow) -> SecondFactorRow:
    """Save a change. Raises Stale."""
    version = rows.save(tx, second_factors, {"id": row.staff_id}, row.version, _values(tx, row))
    return replace(row, version=version)


def end(tx: Tx, staff_id: StaffId) -> bool:
    """They have none any more; whether they had one."""
    return rows.drop(tx, second_factors, second_factors.c.id == staff_id) == 1


def put_codes(tx: Tx, staff_id: StaffId, hashes: Iterable[str]) -> None:
    """These are their recovery codes from now on, and no others."""
    rows.drop(tx, recovery_codes, recovery_codes.c.staff_id == staff_id)
    rows.add_all(tx, recovery_codes, [{"staff_id": staff_id, "code": one, "used_at": None} for one in hashes])


def use_code(tx: Tx, staff_id: StaffId, hashed: str, now: datetime) -> bool:
    """Whether this is a recovery code of theirs that nobody has used; it is used now."""
    theirs = [
        recovery_codes.c.staff_id == staff_id,
        recovery_codes.c.code == hashed,
        recovery_codes.c.used_at.is_(None),
    ]
    return rows.change(tx, recovery_codes, theirs, {"used_at": now}) == 1


def codes_left(tx: Tx, staff_id: StaffId) -> int:
    """How many recovery codes of theirs nobody has used."""
    left = (recovery_codes.c.staff_id == staff_id, recovery_codes.c.used_at.is_(None))
    return int(tx.execute(select(func.count()).select_from(recovery_codes).where(*left)).scalar_one())


def _values(tx: Tx, row: SecondFactorRow) -> dict[str, object]:
    return {
        "secret": tx.keys.seal(row.secret, _SECRET, row.staff_id),
        "begun_at": row.begun_at,
        "confirmed_at": row.confirmed_at,
        "last_step": row.last_step,
    }
