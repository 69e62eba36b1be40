"""What somebody is told by text when their shift begins and ends: what is open, whose it is, and when their next is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from hotline.model import StaffId, Subject
from hotline.oncall.at_work.shifts import Spell, next_of, shifts
from hotline.oncall.wall_clock import said, zone
from hotline.operations import staff_member
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks, escalations
from hotline.store.overviews.crew import crew

_AHEAD: Final = timedelta(days=14)
_NO_MORE: Final = "not planned yet"


def begins(transaction: Transaction, shift: Spell) -> None:
    """Their shift begins."""
    words = transaction.text(
        "shift_begins",
        SCHEDULE=" and ".join(shift.schedules),
        UNTIL=said(shift.ends, zone(transaction.settings.centre.line.timezone)),
        WHAT=_open(transaction),
        FROM=_next(transaction, shift.person),
    )
    staff_member.text(transaction, shift.person, words)


def ends(transaction: Transaction, person: StaffId) -> None:
    """Their shift is over."""
    words = transaction.text("shift_ends", WHAT=_open(transaction, person), FROM=_next(transaction, person))
    staff_member.text(transaction, person, words)


def _next(transaction: Transaction, person: StaffId) -> str:
    """When their next shift begins, by the centre's own clock."""
    now = transaction.now
    coming = next_of(shifts(crew(transaction.tx).schedules, now, now + _AHEAD), person, now)
    if coming is None:
        return _NO_MORE
    return said(coming.starts, zone(transaction.settings.centre.line.timezone))


# --- what is open ----------------------------------------------------------------------------------------------

_NAMES: Final = {
    Subject.EMERGENCY: ("emergency", "emergencies"),
    Subject.CALLBACK: ("call back", "call backs"),
    Subject.THREAD: ("text", "texts"),
}


def _open(transaction: Transaction, of: StaffId | None = None) -> str:
    """What is open, and whose it is; `of`: only what this person has. Nothing of a caller's is in it."""
    said_of = [
        _counted(
            transaction, names, [owner for owner in owners if of is None or owner == of], one_s=of is not None
        )
        for names, owners in _owners(transaction)
    ]
    return ", ".join(filter(None, said_of)) or "nothing"


def _owners(transaction: Transaction) -> Iterator[tuple[tuple[str, str], list[StaffId | None]]]:
    rows = [row.escalation for row in escalations.all_open(transaction.tx)]
    owed = [row.callback.owner for row in callbacks.all_open(transaction.tx)]
    for subject, names in _NAMES.items():
        if subject is Subject.CALLBACK:
            yield names, owed
        else:
            yield names, [rule.accepted_by for rule in rows if rule.subject is subject]


def _counted(
    transaction: Transaction, names: tuple[str, str], owners: list[StaffId | None], *, one_s: bool
) -> str:
    if not owners:
        return ""
    many = f"{len(owners)} {names[0] if len(owners) == 1 else names[1]}"
    who = list(dict.fromkeys(owner for owner in owners if owner is not None))
    if one_s or not who:
        return many
    return f"{many} ({', '.join(staff_member.first_name(transaction, one) for one in who)})"
