"""Heartbeats: when the clock and each worker last showed that they are alive."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from hotline.store import rows
from hotline.store.database import Tx
from hotline.store.tables import beats


def beat(tx: Tx, name: str, now: datetime) -> None:
    """`name` ("clock", "worker:urgent") is alive at `now`. An older beat never replaces a newer one."""
    values = {"at": now, "key_id": tx.keys.newest}
    if not rows.add_if_new(tx, beats, {"name": name, **values}):
        rows.change(tx, beats, [beats.c.name == name, beats.c.at < now], values)


def last(tx: Tx) -> dict[str, datetime]:
    """The last beat of everybody who ever beat, in UTC."""
    return {found.name: found.at for found in rows.many(tx, select(beats))}


def keys(tx: Tx, since: datetime) -> dict[str, str | None]:
    """The public name of the key that everybody seals with who has beaten since then."""
    return {found.name: found.key_id for found in rows.many(tx, select(beats).where(beats.c.at >= since))}
