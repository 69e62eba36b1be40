"""Failed tries to sign in, by whatever they are counted for: a hash, and a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from hotline.store.database import Tx, rows
from hotline.store.database.tables import sign_in_tries


@dataclass(frozen=True, slots=True)
class Tries:
    """How many have failed, and when the last one did (UTC)."""

    failures: int
    last_at: datetime


def get(tx: Tx, keys: Sequence[str]) -> dict[str, Tries]:
    """What is counted under these keys."""
    query = select(sign_in_tries).where(sign_in_tries.c.key.in_(keys))
    return {found.key: Tries(found.failures, found.last_at) for found in rows.many(tx, query)}


def hold(tx: Tx, keys: Sequence[str], now: datetime) -> dict[str, Tries]:
    """What is counted under these keys, which nobody else counts under until the end; in one order for everybody."""
    for key in sorted(keys):
        rows.add_if_new(tx, sign_in_tries, {"key": key, "failures": 0, "last_at": now})
    query = select(sign_in_tries).where(sign_in_tries.c.key.in_(keys)).order_by(sign_in_tries.c.key)
    found = rows.many(tx, query.with_for_update())
    return {one.key: Tries(one.failures, one.last_at) for one in found}


def put(tx: Tx, key: str, tries: Tries) -> None:
    """Count so many under a key that is held."""
    values = {"failures": tries.failures, "last_at": tries.last_at}
    rows.change(tx, sign_in_tries, [sign_in_tries.c.key == key], values)


def drop_old(tx: Tx, before: datetime) -> None:
    """Forget what nobody has failed at since."""
    tx.execute(delete(sign_in_tries).where(sign_in_tries.c.last_at < before))
