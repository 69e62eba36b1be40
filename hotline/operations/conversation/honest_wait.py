"""The wait that a caller is told of, from what callers of that line have lately waited."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from hotline.model import Line
from hotline.operations.transaction import Transaction
from hotline.store.reports import waits
from hotline.triage.honest_minutes import honest_minutes

LATELY: Final = timedelta(hours=2)
"""What was longer ago says nothing about now; ours."""
_AT_MOST: Final = 20
"""The last so many answers: a shift that has just filled up shows in them soon."""


def honest_wait(transaction: Transaction, line: Line) -> int | None:
    """Whole minutes until somebody answers on this line, or None if too few were answered lately to say so.

    Counted from the call's beginning, and of those only who were answered: an estimate, told as "about".
    """
    return honest_minutes(waits.last(transaction.tx, line, transaction.now - LATELY, _AT_MOST))
