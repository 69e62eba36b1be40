"""Supervisors are told what was taken up, and how far the carrier's lists have been read is kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from hotline.oncall.wall_clock import said
from hotline.operations import staff_member
from hotline.operations.paging import duty
from hotline.operations.transaction import Transaction
from hotline.store.upkeep import carrier_lists, tallies, warned

TALLIES: Final = {
    "calls": "unheard calls",
    "texts": "unheard texts",
    "hidden": "unheard calls, number withheld",
}
"""Under which names they are counted, ever."""
_NOT_OFTENER: Final = timedelta(minutes=10)
"""Between two texts about it: what has come meanwhile is told with the next one."""


def read_to(transaction: Transaction, until: datetime) -> None:
    """Everything of before `until` (UTC) has been seen to; tell supervisors of what was taken up."""
    carrier_lists.read_to(transaction.tx, until, transaction.now)
    found = carrier_lists.untold(transaction.tx)
    stretch = int(transaction.now.timestamp() // _NOT_OFTENER.total_seconds())
    if found.since is None or not warned.add_if_new(transaction.tx, f"unheard {stretch}", transaction.now):
        return
    for name, tally in TALLIES.items():
        if count := getattr(found, name):
            tallies.count(transaction.tx, tally, count)
    carrier_lists.tell(transaction.tx, transaction.now)
    transaction.tx.board_changed = True
    words = transaction.text(
        "supervisor_unheard_hidden" if found.hidden else "supervisor_unheard",
        CALLS=str(found.calls),
        TEXTS=str(found.texts),
        COUNT=str(found.hidden),
        FROM=said(found.since, duty.clock_of(transaction)),
    )
    for person in duty.supervisors(transaction):
        staff_member.text(transaction, person, words)
