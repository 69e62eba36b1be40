"""A cap on what a day of calls and texts to callers may cost, by their number: a bill that nobody meant is fraud.

What is above it doesn't leave by itself. Emergencies, whatever goes to staff, and what a member of staff decides to
do are never held back; who asked for a call stays in line, is told so, and the supervisors are told once.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from hotline.model import AuditAction, AuditKind
from hotline.oncall.policy import late_policy
from hotline.operations import staff_member
from hotline.operations.paging import duty
from hotline.operations.transaction import Transaction
from hotline.store.database import rows
from hotline.store.overviews import letters
from hotline.store.overviews.letters import Caps, Spent
from hotline.store.people import audit

DAY: Final = timedelta(hours=24)
"""Until now: no midnight gives an attacker a second day."""
HOUR: Final = timedelta(hours=1)
_SPENT: Final = "spent"


def caps(transaction: Transaction) -> Caps:
    """What is counted, and how far."""
    centre = transaction.settings.centre
    return Caps(
        day=transaction.now - DAY,
        hour=transaction.now - HOUR,
        calls=centre.spending.calls_per_day,
        texts=centre.spending.texts_per_day,
        texts_lately=centre.texts.replies_per_hour_overall,
    )


def spent(transaction: Transaction) -> Spent:
    """What has left by itself within the day and the hour, before this transaction; counted up to the caps."""
    return rows.once(transaction.tx, (), _SPENT, lambda: letters.spent(transaction.tx, caps(transaction)))


def counted(transaction: Transaction, found: Spent) -> None:
    """It was counted with another question, before this transaction has promised anything."""
    rows.remember(transaction.tx, (), _SPENT, found)


def calls_left(transaction: Transaction) -> bool:
    """Whether a call to a caller may still be placed because the clock says so."""
    return spent(transaction).calls < transaction.settings.centre.spending.calls_per_day


def texts_left(transaction: Transaction) -> bool:
    """Whether a text to a caller may still be sent that nobody on the staff wrote."""
    return spent(transaction).texts < transaction.settings.centre.spending.texts_per_day


def call_placed(transaction: Transaction) -> None:
    """One more call to a caller: if it was the last of the day, the supervisors are told."""
    if _with_this_one(transaction).calls >= transaction.settings.centre.spending.calls_per_day:
        _tell(transaction, "calls")


def text_sent(transaction: Transaction) -> None:
    """As for a call."""
    if _with_this_one(transaction).texts >= transaction.settings.centre.spending.texts_per_day:
        _tell(transaction, "texts")


def _with_this_one(transaction: Transaction) -> Spent:
    """What has left, with what this transaction has just promised: if nobody has counted before, it is counted now."""
    before: Spent | None = rows.known(transaction.tx, (), _SPENT)
    if before is None:
        return spent(transaction)
    return replace(before, calls=before.calls + 1, texts=before.texts + 1)


def _tell(transaction: Transaction, what: str) -> None:
    """Once a day: the audit trail keeps when."""
    told = audit.about(transaction.tx, AuditKind.SPENDING, what)
    if any(entry.at > transaction.now - DAY for entry in told):
        return
    transaction.audit(AuditAction.SPENDING_CAP, AuditKind.SPENDING, what)
    words = transaction.text(f"supervisor_{what}_cap")
    for person in duty.people(transaction, late_policy()).on.get("schedule:supervisors", ()):
        staff_member.text(transaction, person, words)
