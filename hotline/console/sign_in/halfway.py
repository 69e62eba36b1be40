"""Halfway through the door: the password was right, and a second proof comes next.

The browser keeps who it was and since when, signed; that opens nothing without the second proof. A password that is
set meanwhile, or ten minutes, end it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from flask import g, session

from hotline.model import StaffId
from hotline.operations.transaction import Transaction
from hotline.store.people import staff
from hotline.store.people.staff import StaffRow

LASTS: Final = timedelta(minutes=10)
_HELD: Final = "halfway"


@dataclass(frozen=True, slots=True)
class Halfway:
    """Whose password was right, and which of their sessions' epochs it was right in."""

    staff_id: StaffId
    epoch: int
    offered: bool = False
    """A second step is offered to them, and may be left for now."""


def keep(half: Halfway, now: datetime) -> None:
    """Let this browser keep it, and nothing of an earlier session."""
    session.clear()
    session[_HELD] = [half.staff_id, half.epoch, int(now.timestamp()), half.offered]
    g.pop("ticket", None)


def is_offered() -> bool:
    """Whether whoever is halfway in this browser may leave the second step for now."""
    match session.get(_HELD):
        case [_, _, _, bool(offered)]:
            return offered
        case _:
            return False


def whose(transaction: Transaction) -> StaffRow | None:
    """Who is halfway in this browser, or None if nobody is any more."""
    match session.get(_HELD):
        case [str(staff_id), int(epoch), int(since), bool()]:
            row = staff.get(transaction.tx, StaffId(staff_id))
            over = transaction.now >= datetime.fromtimestamp(since, UTC) + LASTS
            return None if row is None or not row.active or row.session_epoch != epoch or over else row
        case _:
            return None
