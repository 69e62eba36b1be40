"""Heartbeats: when the clock and each worker last showed that they are alive."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from hotline.store.database import Tx, rows
from hotline.store.database.tables import beats


def beat(tx: Tx, name: str, now: datetime) -> None:
    """`name` ("clock", "worker:urgent") is alive at `now`. An older beat never replaces a newer one."""
    dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
    new = dialect.insert(beats).values(name=name, at=now, key_id=tx.keys.newest)
    values = {"at": new.excluded.at, "key_id": new.excluded.key_id}
    tx.execute(
        new.on_conflict_do_update(index_elements=["name"], set_=values, where=beats.c.at < new.excluded.at)
    )


def last(tx: Tx) -> dict[str, datetime]:
    """The last beat of everybody who ever beat, in UTC."""
    return {found.name: found.at for found in rows.many(tx, select(beats))}


def keys(tx: Tx, since: datetime) -> dict[str, str | None]:
    """The public name of the key that everybody seals with who has beaten since then."""
    return {found.name: found.key_id for found in rows.many(tx, select(beats).where(beats.c.at >= since))}
