"""A cap on what a day of calls and texts to callers may cost, by their number: a bill that nobody meant is fraud.

What is above it doesn't leave by itself. Emergencies, whatever goes to staff, and what a member of staff decides to
do are never held back; who asked for a call stays in line, is told so, and the supervisors are told once.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from hotline.oncall.policy import late_policy
from hotline.operations.paging import duty, reaching
from hotline.operations.transaction import Transaction
from hotline.store import audit, contacts, messages

DAY: Final = timedelta(hours=24)
"""Until now: no midnight gives an attacker a second day."""
_ALARM: Final = "spending cap"


def calls_left(transaction: Transaction) -> bool:
    """Whether a call to a caller may still be placed because the clock says so."""
    most = transaction.settings.centre.spending.calls_per_day
    return contacts.outbound_since(transaction.tx, transaction.now - DAY, at_most=most) < most


def texts_left(transaction: Transaction) -> bool:
    """Whether a text to a caller may still be sent that nobody on the staff wrote."""
    most = transaction.settings.centre.spending.texts_per_day
    return messages.replies_since(transaction.tx, transaction.now - DAY, at_most=most) < most


def call_placed(transaction: Transaction) -> None:
    """One more call to a caller: if it was the last of the day, the supervisors are told."""
    if not calls_left(transaction):
        _tell(transaction, "calls")


def text_sent(transaction: Transaction) -> None:
    """As for a call."""
    if not texts_left(transaction):
        _tell(transaction, "texts")


def _tell(transaction: Transaction, what: str) -> None:
    """Once a day: the audit trail keeps when."""
    told = audit.about(transaction.tx, "spending", what)
    if any(entry.at > transaction.now - DAY for entry in told):
        return
    audit.add(transaction.tx, audit.Entry(transaction.now, None, _ALARM, "spending", what))
    words = transaction.text(f"supervisor_{what}_cap")
    for person in duty.people(transaction, late_policy()).on.get("schedule:supervisors", ()):
        reaching.text_staff(transaction, person, words)
