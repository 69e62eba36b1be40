"""A cap on what a day of calls and texts to callers may cost, by their number: a bill that nobody meant is fraud.

What is above it doesn't leave by itself. Emergencies, whatever goes to staff, and what a member of staff decides to
do are never held back; who asked for a call stays in line, is told so, and the supervisors are told once.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from hotline.oncall.policy import late_policy
from hotline.operations import duty, reaching
from hotline.operations.house import Desk
from hotline.store import audit, contacts, messages

DAY: Final = timedelta(hours=24)
"""Until now: no midnight gives an attacker a second day."""
_ALARM: Final = "spending cap"


def calls_left(desk: Desk) -> bool:
    """Whether a call to a caller may still be placed because the clock says so."""
    most = desk.settings.centre.spending.calls_per_day
    return contacts.outbound_since(desk.tx, desk.now - DAY, at_most=most) < most


def texts_left(desk: Desk) -> bool:
    """Whether a text to a caller may still be sent that nobody on the staff wrote."""
    most = desk.settings.centre.spending.texts_per_day
    return messages.replies_since(desk.tx, desk.now - DAY, at_most=most) < most


def call_placed(desk: Desk) -> None:
    """One more call to a caller: if it was the last of the day, the supervisors are told."""
    if not calls_left(desk):
        _tell(desk, "calls")


def text_sent(desk: Desk) -> None:
    """As for a call."""
    if not texts_left(desk):
        _tell(desk, "texts")


def _tell(desk: Desk, what: str) -> None:
    """Once a day: the audit trail keeps when."""
    told = audit.about(desk.tx, "spending", what)
    if any(entry.at > desk.now - DAY for entry in told):
        return
    audit.add(desk.tx, audit.Entry(desk.now, None, _ALARM, "spending", what))
    words = desk.text(f"supervisor_{what}_cap")
    for person in duty.people(desk, late_policy()).on.get("schedule:supervisors", ()):
        reaching.text_staff(desk, person, words)
