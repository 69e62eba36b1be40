"""Heartbeats: when the clock and each worker last showed that they are alive, anywhere and on each machine."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from hotline.store.database import Tx, rows
from hotline.store.database.tables import beats

_ON = "@"


def _upsert(new: postgresql.Insert | sqlite.Insert) -> Any:
    values = {"at": new.excluded.at, "key_id": new.excluded.key_id}
    return new.on_conflict_do_update(index_elements=["name"], set_=values, where=beats.c.at < new.excluded.at)


_BEAT: Final = {"postgresql": _upsert(postgresql.insert(beats)), "sqlite": _upsert(sqlite.insert(beats))}
"""Put together once: every process beats every few seconds."""


def on(name: str, machine: str) -> str:
    """As what `name` is kept that runs on this machine; nothing: it isn't known which."""
    return f"{name}{_ON}{machine}" if machine else name


def beat(tx: Tx, name: str, now: datetime, machine: str = "") -> None:
    """`name` ("clock", "worker:urgent") is alive at `now`, on this machine.

    An older beat never replaces a newer one.
    """
    kept = [
        {"name": each, "at": now, "key_id": tx.keys.newest}
        for each in dict.fromkeys((name, on(name, machine)))
    ]
    tx.execute(_BEAT[tx.connection.dialect.name], kept)


def last(tx: Tx) -> dict[str, datetime]:
    """The last beat of each kind of process that ever beat, wherever it ran, in UTC."""
    return {found.name: found.at for found in rows.many(tx, select(beats)) if _ON not in found.name}


def last_on_each(tx: Tx) -> dict[tuple[str, str], datetime]:
    """The last beat (UTC) by process and machine, of those that have beaten within the last day or so."""
    each = {found.name: found.at for found in rows.many(tx, select(beats)) if _ON in found.name}
    return {(name.partition(_ON)[0], name.partition(_ON)[2]): at for name, at in each.items()}


def forget_machines(tx: Tx, before: datetime) -> int:
    """Those on which nothing has beaten since then are gone; how many rows that were."""
    return rows.drop(tx, beats, beats.c.name.contains(_ON, autoescape=True), beats.c.at < before)


def keys(tx: Tx, since: datetime) -> dict[str, str | None]:
    """The public name of the key that everybody seals with who has beaten since then, on each machine."""
    return {found.name: found.key_id for found in rows.many(tx, select(beats).where(beats.c.at >= since))}
