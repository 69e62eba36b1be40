"""Heartbeats: when the clock and each worker last showed that they are alive."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from hotline.store import rows
from hotline.store.database import Tx
from hotline.store.tables import beats


def beat(tx: Tx, name: str, now: datetime) -> None:
    """`name` ("clock", "worker:urgent") is alive at `now`. An older beat never replaces a newer one."""
    if not rows.add_if_new(tx, beats, {"name": name, "at": now}):
        rows.change(tx, beats, [beats.c.name == name, beats.c.at < now], {"at": now})


def last(tx: Tx) -> dict[str, datetime]:
    """The last beat of everybody who ever beat, in UTC."""
    return {found.name: found.at for found in rows.many(tx, select(beats))}
