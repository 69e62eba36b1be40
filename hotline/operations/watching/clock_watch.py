"""A clock that stands still: told to supervisors once, and shown on the board, until one runs again."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from hotline.effects import Urgency
from hotline.operations import staff_member
from hotline.operations.paging import duty
from hotline.operations.transaction import Application, Transaction
from hotline.store.upkeep import heartbeats, tallies, warned

CLOCK: Final = "clock"
TALLY: Final = "clock stood still"


def last_beat(application: Application) -> datetime | None:
    """When a clock last showed itself (UTC). Raises StoreError."""
    found: datetime | None = application.look(lambda transaction: heartbeats.last(transaction.tx).get(CLOCK))
    return found


def tell(application: Application, last: datetime | None) -> bool:
    """The clock was seen last then, and is dead: whether that was news. Raises StoreError."""
    return application.change(lambda transaction: _tell(transaction, last))


def _tell(transaction: Transaction, last: datetime | None) -> bool:
    # Every process of the web sees it: whoever notes it first tells it.
    seen = last.isoformat() if last is not None else "never"
    if not warned.add_if_new(transaction.tx, f"clock {seen}", transaction.now):
        return False
    transaction.tx.board_changed = True
    tallies.count(transaction.tx, TALLY)
    # One that is started again and again, and dies each time, is told once an hour.
    if not warned.add_if_new(transaction.tx, f"clock told {transaction.now:%Y-%m-%d %H}", transaction.now):
        return True
    words = transaction.text("supervisor_clock")
    for person in duty.supervisors(transaction):
        staff_member.text(transaction, person, words, urgency=Urgency.URGENT)
    return True
