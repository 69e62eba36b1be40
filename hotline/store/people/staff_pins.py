"""The PINs with which staff open the staff line, and how often a wrong one was tried."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, select

from hotline.model import StaffId
from hotline.store.database import Tx, rows
from hotline.store.database.tables import staff_pins

_WHERE = "staff_pins.pin"


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffPin:
    """Somebody's. All times are UTC."""

    staff_id: StaffId
    pin: str = field(repr=False)
    tries: int = 0
    """Wrong ones since `tries_since`."""
    tries_since: datetime | None = None


def put(tx: Tx, one: StaffPin) -> None:
    """Keep it in place of any other of theirs."""
    forget(tx, one.staff_id)
    values = {
        "staff_id": one.staff_id,
        "pin": tx.keys.seal(one.pin, _WHERE, one.staff_id),
        "tries": one.tries,
        "tries_since": one.tries_since,
    }
    rows.add(tx, staff_pins, values)
    tx.board_changed = True


def hold(tx: Tx, person: StaffId) -> None:
    """Let nobody else try theirs until the end: each wrong one is counted, however many are tried in one moment."""
    rows.hold(tx, f"the PIN of {person}")


def get(tx: Tx, person: StaffId) -> StaffPin | None:
    """Theirs, or None."""
    found = rows.one(tx, select(staff_pins).where(staff_pins.c.staff_id == person))
    if found is None:
        return None
    pin = tx.keys.open(found.pin, _WHERE, person)
    return StaffPin(staff_id=person, pin=pin, tries=found.tries, tries_since=found.tries_since)


def forget(tx: Tx, person: StaffId) -> None:
    """They have none any more."""
    tx.execute(delete(staff_pins).where(staff_pins.c.staff_id == person))
