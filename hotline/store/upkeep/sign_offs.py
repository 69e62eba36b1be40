"""Who has looked at what no program can see, and signed it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from hotline.model import StaffId
from hotline.store.database import Tx, rows
from hotline.store.database.tables import sign_offs

_WHO = "sign_offs.who"


@dataclass(frozen=True, slots=True)
class SignOff:
    """The last time that one thing was signed."""

    key: str
    of: str
    """What it was then: another value now, and it counts no more; "" for what does not change by itself."""
    who: str = field(repr=False)
    """Who they are, as they wrote it."""
    at: datetime
    by: StaffId | None = None
    """Who wrote it down; None for a command."""


def keep(tx: Tx, signed: SignOff) -> None:
    """In place of the one before."""
    rows.drop(tx, sign_offs, sign_offs.c.key == signed.key)
    rows.add(
        tx,
        sign_offs,
        {
            "key": signed.key,
            "of": signed.of,
            "who": rows.sealed(tx, signed.who, _WHO, signed.key),
            "at": signed.at,
            "staff_id": signed.by,
        },
    )
    tx.board_changed = True


def every(tx: Tx) -> dict[str, SignOff]:
    """The last of each."""
    return {
        found.key: SignOff(
            found.key, found.of, rows.opened(tx, found.who, _WHO, found.key) or "", found.at, found.staff_id
        )
        for found in rows.many(tx, select(sign_offs))
    }
