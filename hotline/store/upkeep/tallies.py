"""How often something happened that nobody else keeps a row of: a name of ours and a number, for monitoring."""

from __future__ import annotations

from sqlalchemy import select

from hotline.store.database import Tx, rows
from hotline.store.database.tables import tallies


def count(tx: Tx, name: str, times: int = 1) -> None:
    """It happened again."""
    if not rows.add_if_new(tx, tallies, {"name": name, "n": times}):
        rows.change(tx, tallies, [tallies.c.name == name], {"n": tallies.c.n + times})


def every(tx: Tx) -> dict[str, int]:
    """How often everything has happened."""
    return {found.name: found.n for found in rows.many(tx, select(tallies))}
